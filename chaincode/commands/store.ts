import { REQUEST_KEY, type EntryValue, type EntryWrite } from '../api/index.ts';
import { Refusal } from '../refusal.ts';
import type { Caller } from '../rules/caller.ts';
import { entryKey, uniqueKey, versionKey } from '../state/keys.ts';
import type { Draft } from '../state/overlay.ts';
import type { Work } from '../work.ts';

/** What the rules of a Consent leave in its entry. */
export interface InForce {
  grantees?: readonly string[];
  privacy?: true;
}

/** Takes criteria for `holder` and gives up those it no longer has; NOT_UNIQUE when another holds one. */
async function replaceUnique(
  draft: Draft,
  organisation: string,
  holder: string,
  before: readonly string[],
  after: readonly string[],
): Promise<void> {
  for (const criteria of before) {
    if (!after.includes(criteria)) draft.delete(uniqueKey(organisation, criteria));
  }
  for (const criteria of after) {
    const key = uniqueKey(organisation, criteria);
    const held = await draft.get(key);
    if (held && held.holder !== holder) throw new Refusal('NOT_UNIQUE');
    if (!held) draft.put(key, { kind: 'unique', organisation, criteria, holder });
  }
}

/**
 * Writes an entry's next version and keeps the one before. Who may is decided by now. The entry's criteria are those of
 * the organisation that created it: when another one writes, or `unique` is absent, it keeps what it holds, so that
 * nobody takes or gives up criteria in another organisation's name.
 */
export async function storeEntry(
  work: Work,
  caller: Caller,
  write: EntryWrite,
  old: EntryValue | undefined,
  inForce: InForce = {},
): Promise<void> {
  const { type, id } = write;
  const organisation = old?.organisation ?? caller.mspId;
  const held = old?.unique ?? [];
  const given = (caller.mspId === organisation ? write.unique : undefined) ?? held;
  const unique = [...new Set([...given, ...requestKeys(held)])];
  if (held.length > 0 || unique.length > 0) {
    await replaceUnique(work.draft, organisation, `${type}/${id}`, held, unique);
  }
  if (old) work.draft.put(versionKey(type, id, old.version), old);
  work.draft.put(entryKey(type, id), {
    kind: 'entry',
    type,
    id,
    home: write.home,
    ...(write.patient !== undefined && { patient: write.patient }),
    organisation,
    version: (old?.version ?? 0) + 1,
    ...(write.section !== undefined && { section: write.section }),
    ...(write.labels !== undefined && { labels: write.labels }),
    author: { mspId: caller.mspId, pseudonym: caller.pseudonym },
    time: work.now,
    command: work.index,
    ...(unique.length > 0 && { unique }),
    ...inForce,
    content: { enc: write.enc, kid: write.kid, data: write.content },
  });
}

const requestKeys = (criteria: readonly string[]) => criteria.filter((each) => each.startsWith(REQUEST_KEY));

/** Replaces an entry by a tombstone: the next version, without content or criteria, but for the keys of requests. */
export async function buryEntry(work: Work, caller: Caller, old: EntryValue): Promise<void> {
  const { type, id } = old;
  const kept = requestKeys(old.unique ?? []);
  await replaceUnique(work.draft, old.organisation, `${type}/${id}`, old.unique ?? [], kept);
  const { content: _content, unique: _unique, grantees: _grantees, privacy: _privacy, ...rest } = old;
  work.draft.put(versionKey(type, id, old.version), old);
  work.draft.put(entryKey(type, id), {
    ...rest,
    ...(kept.length > 0 && { unique: kept }),
    version: old.version + 1,
    author: { mspId: caller.mspId, pseudonym: caller.pseudonym },
    time: work.now,
    command: work.index,
  });
}
