import { afterAll, beforeAll } from '@jest/globals';
import fc from 'fast-check';
import { startPostgres, type RunningPostgres } from '../../testing/postgres.ts';
import type { IndexReader, SearchRequest } from '../port.ts';
import { change, request, type Change } from '../testing/generated.ts';
import { TestStore, projection } from '../testing/store.ts';

let server: RunningPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

async function apply(store: TestStore, changes: readonly Change[]): Promise<void> {
  const versions = new Map<string, number>();
  for (const one of changes) {
    await store.block(async (tx, block) => {
      const next = (name: string): number => {
        const version = (versions.get(name) ?? 0) + 1;
        versions.set(name, version);
        return version;
      };
      switch (one.kind) {
        case 'put':
          for (const resource of one.resources) {
            const version = next(`${resource.resourceType}/${String(resource['id'])}`);
            await tx.putEntry(projection(resource, { block, version }));
          }
          return;
        case 'delete': {
          const version = next(`${one.type}/${one.id}`);
          const tombstone = projection({ resourceType: one.type, id: one.id }, { block, version });
          return tx.putEntry({ ...tombstone, deleted: true, indexed: [], content: new Uint8Array() });
        }
        case 'purge':
          return tx.purgeEntries([one]);
        case 'grant': {
          const rule = { type: 'permit', ...(one.grantee !== '*' && { actors: [one.grantee] }) } as const;
          const narrowed = { ...rule, rules: [{ type: 'deny', labels: ['urn:s|R'] }] } as const;
          return tx.putGrants(one.patient, one.grantee, { c: one.deny ? narrowed : rule });
        }
        case 'open':
          return tx.putPrivacy(one.patient, { c: { type: 'permit', sections: ['other', 'vitals'] } });
      }
    });
  }
}

/** Everything that an index says to a search, page by page; and of each match its history. */
async function answers(reader: IndexReader, asked: SearchRequest): Promise<unknown[]> {
  const said: unknown[] = [];
  let after: string | undefined;
  do {
    const {
      matches,
      included,
      total,
      after: next,
      ...rest
    } = await reader.search({ ...asked, ...(after && { after }) });
    const named = matches.map(({ type, id, version, rid }) => `${type}/${id}/${version} ${rid}`);
    const history = await Promise.all(matches.map(({ type, id }) => reader.history({ type, id, count: 2 })));
    said.push({
      named,
      included: included.map(({ type, id }) => `${type}/${id}`),
      total,
      ...rest,
      history: history.map((one) => [
        one.total,
        one.versions.map(({ content }) => Buffer.from(content).toString()),
      ]),
    });
    after = next;
  } while (after !== undefined);
  return said;
}

const RUNS = 20;

test('both engines give the same answers in the same order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 4, maxLength: 16 }),
      fc.array(request, { minLength: 8, maxLength: 8 }),
      async (changes, requests) => {
        const stores = [await TestStore.open(), await TestStore.open(await server.database())];
        try {
          for (const store of stores) await apply(store, changes);
          for (const asked of requests) {
            const [sqlite, postgres] = await Promise.all(stores.map(({ reader }) => answers(reader, asked)));
            expect(postgres).toEqual(sqlite);
          }
        } finally {
          for (const store of stores) await store.close();
        }
      },
    ),
    // What a smaller case would tell is not worth the hours.
    { numRuns: RUNS, endOnFailure: true },
  );
});
