import { startTestGateway, type TestGateway } from './test-gateway.ts';
import { call, eventually } from './testing/requests.ts';
import { openSharedLedger, type SharedLedger } from './testing/shared-ledger.ts';

let network: SharedLedger;
let gateways: TestGateway[];

beforeEach(async () => {
  network = await openSharedLedger(['HospitalMSP', 'LabMSP']);
  gateways = [];
});
afterEach(async () => {
  for (const gateway of gateways) await gateway.close();
  await network.close();
});

async function start(mspId: string): Promise<TestGateway> {
  const gateway = await startTestGateway({ on: { network, mspId } });
  gateways.push(gateway);
  return gateway;
}

/** Both organisations are in the directory of each gateway, each of its own organisation. */
async function expectBothKnown(): Promise<void> {
  for (const gateway of gateways) {
    const token = await gateway.enter({ role: 'hr' });
    for (const [id, name] of [
      ['hospital', 'Hospital'],
      ['lab', 'Lab'],
    ] as const) {
      const { body } = await eventually(
        () => call(gateway, token, 'GET', `Organization/${id}`),
        ({ status }) => status === 200,
      );
      expect(body).toMatchObject({ id, name, meta: { versionId: '1' } });
    }
  }
}

test('the lab’s gateway, started first, waits until the hospital’s has founded the ledger', async () => {
  const said: string[] = [];
  const lab = startTestGateway({ on: { network, mspId: 'LabMSP' }, waiting: (why) => void said.push(why) });
  await eventually(
    async () => said,
    ([why]) => why !== undefined,
  );
  expect(said[0]).toBe(
    'the ledger does not know LabMSP yet: the gateway of HospitalMSP founds it and brings LabMSP in',
  );
  await start('HospitalMSP');
  gateways.push(await lab);
  await expectBothKnown();
});

test('the hospital’s gateway does not wait for the lab’s', async () => {
  await start('HospitalMSP');
  await start('LabMSP');
  await expectBothKnown();
});

test('two replicas of each organisation that start at once do each thing once', async () => {
  await Promise.all([start('HospitalMSP'), start('LabMSP'), start('LabMSP'), start('HospitalMSP')]);
  await expectBothKnown();
});

test('a gateway that starts again writes nothing to the ledger', async () => {
  const first = await start('HospitalMSP');
  await first.close();
  gateways.pop();
  const before = await network.peer('HospitalMSP').height();
  await start('LabMSP');
  const withLab = await network.peer('HospitalMSP').height();
  expect(withLab).toBeGreaterThan(before);
  await start('HospitalMSP');
  expect(await network.peer('HospitalMSP').height()).toBe(withLab);
});

test('an organisation that is added to the list is brought in by the founder when that starts again', async () => {
  const alone = [{ mspId: 'HospitalMSP', organization: 'hospital', name: 'Hospital' }];
  const first = await startTestGateway({ on: { network, mspId: 'HospitalMSP' }, organisations: alone });
  await first.close();
  const lab = start('LabMSP');
  await start('HospitalMSP');
  await lab;
  await expectBothKnown();
});
