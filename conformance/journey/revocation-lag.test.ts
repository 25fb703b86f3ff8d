import { performance } from 'node:perf_hooks';
import { ConsentDesk } from '../clients/consent-desk.ts';
import { grantTo } from '../clients/consents.ts';
import { eventually, statusOf } from '../clients/eventually.ts';
import { patientSession, staffSession } from '../clients/login.ts';
import type { Session } from '../clients/session.ts';
import { TWO_GATEWAYS } from '../clients/target.ts';

const ROUNDS = 10;

/** How long after the hospital's gateway has answered a revocation the lab's still answers the lab. */
let clyde: Session & { patient: string };
let lab: Session;
let desk: ConsentDesk;
let condition: string;

beforeAll(async () => {
  [clyde, lab] = await Promise.all([patientSession('clyde'), staffSession('lab')]);
  desk = new ConsentDesk(clyde);
  const [first] = await clyde.find('Condition?_count=1');
  condition = `Condition/${first?.id}`;
});

afterAll(async () => {
  await desk.restore();
});

test('a revocation at the hospital’s gateway is in force at the lab’s, and how long that takes is measured', async () => {
  const lags: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { id } = await desk.give(grantTo(clyde.patient, lab.fhirUser));
    const opened = await eventually(
      () => lab.get(condition),
      ({ status }) => status === 200,
    );
    expect(opened.status).toBe(200);
    await desk.revoke(id);
    const answered = performance.now();
    const closed = await eventually(
      () => lab.get(condition),
      ({ status }) => status !== 200,
    );
    lags.push(performance.now() - answered);
    // A gateway that is far behind says so, and shows nothing meanwhile.
    if (closed.status !== 503) expect(closed.status).toBe(404);
    expect(await statusOf(() => lab.get(condition), 404)).toBe(404);
  }
  const sorted = lags.sort((a, b) => a - b).map((lag) => Math.round(lag));
  const middle = sorted[Math.floor(ROUNDS / 2)];
  const where = TWO_GATEWAYS ? 'at the other gateway' : 'at the same gateway';
  process.stderr.write(
    `a revocation is seen ${where}, the request included, after ${middle} ms (median of ${ROUNDS}; ${sorted[0]} to ${sorted.at(-1)} ms)\n`,
  );
});
