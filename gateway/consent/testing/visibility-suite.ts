import fc from 'fast-check';
import {
  CONFIDENTIALITY,
  NORMAL,
  type Role,
  type Rule,
  type Section,
  type Span,
} from '@fhir-fabric-gateway/chaincode/api';
import type { EntryProjection, Facet } from '../../index-store/port.ts';
import { NOW, visibilityOf, type OpenStore } from '../../index-store/testing/store.ts';
import { mayRead } from '../read-access.ts';

/** That the gate in SQL says what the rules' evaluator says, on any engine. */
export function visibilitySuite(open: OpenStore, runs: number): void {
  const PATIENTS = ['p1', 'p2'];
  const PEOPLE = ['Practitioner/doctor', 'Practitioner/other'];
  const ORGANISATIONS = ['Organization/hospital', 'Organization/lab'];
  const MSPS = ['HospitalMSP', 'LabMSP'];
  const TYPES = ['Observation', 'Condition', 'Patient', 'RelatedPerson', 'Consent', 'DocumentReference'];
  const USED_SECTIONS: Section[] = ['personal', 'consent', 'vitals', 'diagnosis', 'notes', 'other'];
  const LABELS = ['urn:l|R', 'urn:l|V', 'urn:l|R_x', NORMAL, `${CONFIDENTIALITY}R`];
  const DAY = 86_400_000;

  const times = fc.constantFrom<number | null>(null, NOW - 2 * DAY, NOW - DAY, NOW, NOW + DAY, NOW + 2 * DAY);
  const span = fc
    .tuple(times, times)
    .map(([a, b]): Span => (a !== null && b !== null && a > b ? [b, a] : [a, b]));
  const some = <T>(...values: T[]) => fc.subarray(values, { minLength: 1 });
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
  const actor = fc.constantFrom(
    ...PEOPLE,
    ...ORGANISATIONS,
    ...ORGANISATIONS.flatMap((o) => [`${o}|CST`, `${o}|IRCP`]),
  );

  /** Without the keys that are undefined. */
  const tidy = <T extends object>(value: T): T =>
    Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;

  const { rule } = fc.letrec<{ rule: Rule }>((tie) => ({
    rule: fc
      .record({
        type: fc.constantFrom('permit' as const, 'permit' as const, 'deny' as const),
        actors: fc.option(fc.array(actor, { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 2 }),
        actions: fc.option(some('access' as const, 'correct' as const), { nil: undefined, freq: 4 }),
        classes: maybe(some(...TYPES)),
        sections: maybe(some(...USED_SECTIONS)),
        labels: fc.option(some(...LABELS), { nil: undefined, freq: 3 }),
        purposes: fc.option(some('TREAT', 'ETREAT', 'HRESCH'), { nil: undefined, freq: 4 }),
        period: fc.option(span, { nil: undefined, freq: 3 }),
        dataPeriod: fc.option(span, { nil: undefined, freq: 3 }),
        rules: fc.option(fc.array(tie('rule'), { maxLength: 2, depthIdentifier: 'rule' }), {
          nil: undefined,
          freq: 2,
        }),
      })
      .map((parts) => tidy(parts)),
  }));

  /** A root rule as it is kept for a grantee: it names the grantee, or it is for everyone. */
  const kept = (grantee: string) =>
    fc.tuple(rule, fc.boolean()).map(([root, onlySystems]): Rule => {
      const { actors, ...rest } = root;
      if (grantee === '*') return { ...rest, ...(actors && { actors }) };
      return {
        ...rest,
        actors: [onlySystems && grantee.startsWith('Org') ? `${grantee}|CST` : grantee, ...(actors ?? [])],
      };
    });

  const facet: fc.Arbitrary<Facet> = fc.record({
    type: fc.constantFrom(...TYPES),
    section: fc.constantFrom(...USED_SECTIONS),
    labels: fc.subarray(LABELS),
    date: fc.option(span, { freq: 2 }),
  });

  const resource = fc.record({
    own: facet,
    contained: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(facet, { maxLength: 2 }) },
    ),
    patient: fc.constantFrom(...PATIENTS),
    home: fc.constantFrom<EntryProjection['home']>(
      'patient',
      'patient',
      'patient',
      'directory',
      'administrative',
      'attached',
    ),
    organisation: fc.constantFrom(...MSPS),
    pseudonym: fc.constantFrom('doctor', 'lab', 'writer'),
    parties: fc.subarray([...PEOPLE, ...ORGANISATIONS]),
  });

  const grantees = ['*', ...PEOPLE, ...ORGANISATIONS];
  const grants = fc.array(
    fc.constantFrom(...grantees).chain((grantee) =>
      fc.record({
        patient: fc.constantFrom(...PATIENTS),
        grantee: fc.constant(grantee),
        rules: fc.array(kept(grantee), { maxLength: 3 }),
      }),
    ),
    { maxLength: 6 },
  );
  const privacy = fc.array(
    fc.record({ patient: fc.constantFrom(...PATIENTS), rules: fc.array(kept('*'), { maxLength: 2 }) }),
    {
      maxLength: 2,
    },
  );
  const requester = fc.record({
    role: fc.constantFrom<Role>('doctor', 'lab', 'system', 'doctor', 'patient', 'hr', 'researcher'),
    person: fc.option(fc.constantFrom(...PEOPLE), { nil: undefined }),
    organization: fc.option(fc.constantFrom(...ORGANISATIONS), { nil: undefined }),
    mspId: fc.constantFrom(...MSPS),
    purpose: fc.constantFrom('TREAT', 'BTG', 'HRESCH'),
  });

  const TYPE_OF_HOME = { directory: 'Location', administrative: 'Group', attached: 'Medication' } as const;

  const named = (rules: readonly Rule[]) => Object.fromEntries(rules.map((each, at) => [`c${at}`, each]));

  test('search and single reads give the same answer as the evaluator, whatever the rules', async () => {
    await fc.assert(
      fc.asyncProperty(
        grants,
        privacy,
        fc.array(resource, { minLength: 4, maxLength: 12 }),
        fc.array(requester, { minLength: 3, maxLength: 3 }),
        async (grantSets, privacySets, resources, requesters) => {
          const store = await open();
          try {
            // What is put later under the same key replaces what was there.
            const inForce = new Map(grantSets.map((set) => [`${set.patient} ${set.grantee}`, set.rules]));
            const notPrivate = new Map(privacySets.map((set) => [set.patient, set.rules]));
            const entries = resources.map((each, at): EntryProjection => {
              const inRecord = each.home === 'patient';
              const type = each.home === 'patient' ? each.own.type : TYPE_OF_HOME[each.home];
              return {
                type,
                id: `r${at}`,
                version: 1,
                deleted: false,
                home: each.home,
                ...(inRecord && { patient: each.patient }),
                organisation: each.organisation,
                author: { mspId: each.organisation, pseudonym: each.pseudonym },
                facets: inRecord ? [each.own, ...each.contained] : [],
                lastUpdated: NOW,
                txId: 't',
                block: 0,
                transaction: 0,
                command: at,
                content: new Uint8Array([123, 125]),
                indexed: [],
                ...(type === 'Consent' && { parties: each.parties }),
              };
            });
            await store.block(async (tx) => {
              await tx.putRecord({ patient: 'p1', home: 'HospitalMSP', status: 'open' });
              await tx.putRecord({ patient: 'p2', home: 'LabMSP', status: 'open' });
              for (const set of grantSets) await tx.putGrants(set.patient, set.grantee, named(set.rules));
              for (const set of privacySets) await tx.putPrivacy(set.patient, named(set.rules));
              for (const entry of entries) await tx.putEntry(entry);
            });
            for (const { role, person, organization, mspId, purpose } of requesters) {
              const visibility = visibilityOf(role, {
                identity: { mspId, pseudonym: role },
                requester: { role, ...(person && { person }), ...(organization && { organization }) },
                purpose,
                ...(role === 'patient' && { patient: 'p1' }),
              });
              const expected: string[] = [];
              for (const entry of entries) {
                const patient = entry.patient ?? '';
                const keys = ['*', person, organization].filter((key) => key !== undefined);
                const rules = {
                  grants: keys.flatMap((key) => inForce.get(`${patient} ${key}`) ?? []),
                  privacy: notPrivate.get(patient) ?? [],
                };
                const home = { p1: 'HospitalMSP', p2: 'LabMSP' }[patient];
                if (mayRead(visibility.principal, NOW, { ...entry, rid: 0 }, rules, home))
                  expected.push(`${entry.type}/${entry.id}`);
              }
              const found = await store.search('', { visibility, count: 1000 });
              expect(found.matches.map(({ type, id }) => `${type}/${id}`).sort()).toEqual(expected.sort());
              expect(found.total).toBe(expected.length);
              for (const { type, id } of entries) {
                const stored = await store.reader.get(type, id);
                const seen = stored !== undefined && (await store.reader.sees(visibility, stored));
                expect([type, id, seen]).toEqual([type, id, expected.includes(`${type}/${id}`)]);
              }
            }
          } finally {
            await store.close();
          }
        },
      ),
      { numRuns: runs },
    );
  });
}
