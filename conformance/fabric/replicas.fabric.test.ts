import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { send } from '../clients/answer.ts';
import { heartRate } from '../clients/clinical.ts';
import { actor, consent } from '../clients/consents.ts';
import { reportFaults } from './faults/report.ts';
import { fateOf, HUNG, type Attempt } from './load/attempt.ts';
import { whatIsWrong } from './load/outcome.ts';
import { countOf, keyedTransactions, post } from './load/keyed-transactions.ts';
import { summaryOf, tally, type Summary } from './load/summary.ts';
import { isWell } from './load/well.ts';
import { WriteLoad } from './load/write-load.ts';
import { startPostgres, type Postgres } from '../bench/servers/postgres.ts';
import type { Target } from '../clients/target.ts';
import type { Caller } from './people/caller.ts';
import { targetAt } from './people/target-at.ts';
import { patient, staff, system } from './people/log-in.ts';
import { startBalancer, type Balancer } from './testing/balancer.ts';
import { GatewayProcess } from './testing/gateway.ts';
import { describeFabric, startNetwork, type FabricNetwork } from './testing/network.ts';
import { until } from './testing/until.ts';

/** Writes a second, at both replicas together. */
const RATE = Number(process.env['REPLICA_RATE'] ?? 30);

/** Two processes of the hospital's gateway on one database, behind one address. */
describeFabric('two replicas of a gateway', () => {
  let network: FabricNetwork;
  let postgres: Postgres;
  let balancer: Balancer;
  let folder: string;
  /** Where clients go: now to the one, now to the other. */
  let place: Target;
  let first: GatewayProcess;
  let second: GatewayProcess;
  let maragret: Caller;
  let doctor: Caller;
  const summaries = new Map<string, Summary>();

  const replica = (name: string) =>
    GatewayProcess.prepare({
      connection: network.connection('hospital'),
      dataDir: join(folder, name),
      log: join(process.env['GATEWAY_LOG_DIR'] ?? folder, `${name}.log`),
      baseUrl: balancer.baseUrl,
      env: { INDEX_URL: postgres.url },
    });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'conformance-replicas-'));
    [network, postgres, balancer] = await Promise.all([
      startNetwork({ peers: 1 }),
      startPostgres(),
      startBalancer(),
    ]);
    [first, second] = await Promise.all([replica('first'), replica('second')]);
    // While it fills the demo it calls itself by the address that clients see.
    balancer.serve([first.origin]);
    await first.start();
    await second.start();
    balancer.serve([first.origin, second.origin]);
    place = targetAt(balancer.baseUrl, first.dataDir);
    [maragret, doctor] = await Promise.all([patient(place, 'maragret'), staff(place, 'doctor')]);
    await maragret.create(consent(maragret.patient, { actor: [actor(doctor.fhirUser)] }));
  });

  afterAll(async () => {
    await Promise.all([first.stop(), second.stop()]);
    await Promise.all([network.down(), postgres.stop(), balancer.close()]);
    rmSync(folder, { recursive: true, force: true });
    reportFaults(`Replicas under ${RATE} writes a second`, summaries);
  });

  test('what is written at either is read at the other on the next request', async () => {
    const ways = [
      [first, second],
      [second, first],
    ] as const;
    for (const [here, there] of ways) {
      const { id } = await doctor.at(here.origin).create(heartRate(maragret.patient, 71));
      expect((await maragret.at(there.origin).get(`Observation/${id}`)).status).toBe(200);
    }
  });

  test('a Consent that is revoked at one is revoked at the other on the next request', async () => {
    const doctor2 = await staff(place, 'doctor2');
    const path = `Patient/${maragret.patient}`;
    const there = maragret.at(first.origin);
    const given = await there.create(consent(maragret.patient, { actor: [actor(doctor2.fhirUser)] }));
    expect((await doctor2.at(second.origin).get(path)).status).toBe(200);
    const revoked = await there.request('PUT', `Consent/${given.id}`, { ...given, status: 'inactive' });
    expect([revoked.status, (await doctor2.at(second.origin).get(path)).status]).toEqual([200, 403]);
  });

  test('a token is good at both and, once it is revoked at one, at neither', async () => {
    const caller = await staff(place, 'doctor2');
    const statuses = async () => [
      (await caller.at(first.origin).get(caller.fhirUser)).status,
      (await caller.at(second.origin).get(caller.fhirUser)).status,
    ];
    expect(await statuses()).toEqual([200, 200]);
    const revoked = await send(`${first.origin}/oauth/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: caller.token, client_id: 'demo-app' }),
    });
    expect(revoked.status).toBe(200);
    expect(await statuses()).toEqual([401, 401]);
  });

  /** The second time, the one that is killed was alone before: it is the one that projects. */
  describe.each([
    ['the first', () => ({ killed: first, left: second })],
    ['the second, which took over from it,', () => ({ killed: second, left: first })],
  ])('while writes go on, %s is killed', (name, which) => {
    let attempts: readonly Attempt[];
    let wrong: readonly string[];
    let readsAfter: number[];
    let keyed: { first: number | undefined; again: number | undefined; there: number }[];

    beforeAll(async () => {
      const { killed, left } = which();
      const hospital = await system(place, 'hospital-system');
      const identifiers = `urn:replicas:${name.replaceAll(/\W+/g, '-')}`;
      const writes = new WriteLoad({
        rate: RATE,
        authors: [killed, left].flatMap(({ origin }) =>
          [hospital, doctor].map((caller) => ({ at: origin, caller: caller.at(origin) })),
        ),
        patients: [maragret.patient],
        system: identifiers,
      });
      try {
        await until('both write', () => isWell(writes, [killed.origin, left.origin], 0));
        const transactions = keyedTransactions(maragret.patient, 20);
        const posted = Promise.all(transactions.map((each) => post(hospital.at(killed.origin), each)));
        // Some have been handed to the ledger by then, some not, and some may be answered.
        await delay(50);
        await killed.kill();
        balancer.serve([left.origin]);
        const struck = performance.now();
        await until('the other writes', () => isWell(writes, [left.origin], struck));
        readsAfter = [
          (await maragret.at(left.origin).get(`Patient/${maragret.patient}`)).status,
          (await doctor.at(left.origin).get(`Patient/${maragret.patient}`)).status,
        ];
        const firsts = await posted;
        const atLeftNow = hospital.at(left.origin);
        keyed = await Promise.all(
          transactions.map(async (each, index) => {
            const again = await post(atLeftNow, each);
            return { first: firsts[index], again, there: await countOf(atLeftNow, each) };
          }),
        );
        const started = performance.now();
        await killed.start();
        balancer.serve([killed.origin, left.origin]);
        await until('both write again', () => isWell(writes, [killed.origin, left.origin], started));
        await writes.stop();
        ({ attempts } = writes);
        const atLeft = attempts.filter(({ at, due }) => at === left.origin && due >= struck);
        summaries.set(`${name} is killed: writes at the other`, summaryOf(atLeft, struck, struck));
        wrong = await whatIsWrong(hospital, identifiers, [maragret.patient], attempts);
      } finally {
        await writes.stop();
      }
    });

    test('the other goes on writing, and reading with the same tokens', () => {
      expect(readsAfter).toEqual([200, 200]);
    });

    test('every write that was answered with success is there once, as it was written', () => {
      expect(attempts.some((attempt) => fateOf(attempt) === 'created')).toBe(true);
      expect(wrong).toEqual([]);
    });

    test('a transaction that is posted again with its key is not done twice', () => {
      expect(keyed.filter(({ there }) => there > 1)).toEqual([]);
      const done = keyed.filter(({ first, again }) => first === 200 || again === 200);
      expect(done.filter(({ there }) => there !== 1)).toEqual([]);
      // Done at first, it gets that answer again; refused, it may still be under way or was done unanswered.
      expect(keyed.filter(({ again }) => again !== 200 && again !== 409)).toEqual([]);
      expect(keyed.filter(({ first, again }) => first === 200 && again !== 200)).toEqual([]);
    });

    test('nothing but success and “try again” is answered, and nobody waits in vain', () => {
      const { killed } = which();
      const say = ({ status, said }: Attempt) => `${status} ${said}`;
      expect(
        tally(
          attempts.filter((attempt) => fateOf(attempt) === 'other'),
          say,
        ),
      ).toEqual({});
      const unanswered = attempts.filter((attempt) => fateOf(attempt) === 'unanswered');
      const unexpected = unanswered.filter(({ at, said }) => at !== killed.origin || said === HUNG);
      expect(tally(unexpected, say)).toEqual({});
    });
  });
});
