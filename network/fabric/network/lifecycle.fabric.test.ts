import { X509Certificate } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describeFabric, fabricNetwork, reopened, type TestNetwork } from '../testing/fabric-network.ts';
import { foundLedger, holds, location, submit, writeUntil, type Person } from '../testing/people.ts';
import { until } from '../testing/until.ts';
import { addOrganisation } from './add-organisation.ts';
import { whenAnswering } from './lifecycle/answers.ts';
import { upgrade } from './lifecycle/deploy.ts';
import { readRecord } from './native/process-record.ts';
import { processesOf } from './native/specs.ts';
import { foldersOfOrganisation } from './network.ts';
import { stopNode } from './node.ts';
import { renewCertificates } from './renew.ts';
import { startNetwork } from './start.ts';
import { statusOf } from './status.ts';

const silent = () => undefined;

describeFabric('a network through its life', () => {
  let test: TestNetwork;
  let hr: Person;
  beforeAll(async () => {
    test = await fabricNetwork({ own: true });
    hr = await foundLedger(test.network);
    await submit(test.network, hr, [location('before')]);
  });

  it('goes on writing over a new version of the chaincode, loses nothing, and its old servers end', async () => {
    const before = await statusOf(test.network);
    const writing = new AbortController();
    const written = writeUntil(test.network, hr, writing.signal);
    const upgraded = await upgrade(test.network, silent);
    writing.abort();
    expect(upgraded.deployment).toMatchObject({ sequence: 2, version: 2 });
    await whenAnswering(upgraded);
    const after = await statusOf(reopened(test));
    expect(after.map(({ condition }) => condition)).toEqual(after.map(() => 'healthy'));
    const replaced = after.filter(({ pid }) => !before.some((node) => node.pid === pid));
    expect(replaced.map(({ kind }) => kind)).toEqual(['chaincode', 'chaincode']);
    for (const id of ['before', ...(await written)]) expect(await holds(upgraded, hr, 'lab', id)).toBe(true);
  });

  it('tells how to go on when an organisation’s only peer lost its disk, and gives it its private data again', async () => {
    const network = reopened(test);
    await stopNode(network, 'peer0.lab.example', 'SIGKILL');
    rmSync(join(foldersOfOrganisation(network, { name: 'lab' }).node('peer0.lab.example'), 'data'), {
      recursive: true,
    });
    const resumed = startNetwork({ root: test.root, tell: silent });
    await expect(resumed).rejects.toThrow('Deploy the next version');
    const upgraded = await upgrade(reopened(test), silent);
    await whenAnswering(upgraded);
    for (const id of ['before', 'meanwhile-0']) await until(() => holds(upgraded, hr, 'lab', id));
    await submit(upgraded, hr, [location('after-loss')]);
  });

  it('lets a third organisation in, whose peer gets the private data from before it joined', async () => {
    const joined = await addOrganisation(reopened(test), { name: 'clinic', peers: 1 }, silent);
    await whenAnswering(joined);
    await until(() => holds(joined, hr, 'clinic', 'before'));
    await submit(joined, hr, [location('with-clinic')]);
    await until(() => holds(joined, hr, 'clinic', 'with-clinic'));
  });

  it('gives every node a certificate with new dates while it works', async () => {
    const network = reopened(test);
    const nodes = [
      foldersOfOrganisation(network, { name: 'lab' }).node('peer0.lab.example'),
      foldersOfOrganisation(network, network.definition.ordering).node('orderer1.orderer.example'),
    ];
    const read = () =>
      nodes.flatMap((node) =>
        ['msp/signcerts/certificate.pem', 'tls/server.crt'].map(
          (file) => new X509Certificate(readFileSync(join(node, file))),
        ),
      );
    const before = read();
    await renewCertificates(network, silent);
    read().forEach((certificate, at) => {
      expect(certificate.serialNumber).not.toBe(before[at]?.serialNumber);
      expect(certificate.subject).toBe(before[at]?.subject);
      expect(certificate.subjectAltName).toBe(before[at]?.subjectAltName);
    });
    await submit(network, hr, [location('after-renewal')]);
  });

  it('comes back with all of it after every process was killed', async () => {
    const killed = reopened(test);
    for (const { record } of processesOf(killed)) {
      const running = readRecord(killed.folders.run, record);
      if (running) process.kill(running.pid, 'SIGKILL');
    }
    await until(async () => (await statusOf(killed)).every(({ condition }) => condition === 'ended'));
    const { network, was } = await startNetwork({ root: test.root, tell: silent });
    expect(was).toBe('down');
    for (const id of ['before', 'after-loss', 'with-clinic', 'after-renewal'])
      expect(await holds(network, hr, 'hospital', id)).toBe(true);
    await submit(network, hr, [location('after-all')]);
  });
});
