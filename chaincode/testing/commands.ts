import { typeRow } from '../api/index.ts';
import type { Asset, Command, EntryWrite, Rule } from '../api/index.ts';

type Of<N extends Command['fn']> = Extract<Command, { fn: N }>;

/** An entry of a patient's record, in the first section of its type unless told otherwise. */
export function entry(type: string, id: string, patient: string, more: Partial<EntryWrite> = {}): EntryWrite {
  const section = typeRow(type)?.sections[0];
  const content = Buffer.from(`${type}/${id}`);
  return {
    type,
    id,
    home: 'patient',
    patient,
    ...(section && { section }),
    enc: 'none',
    kid: '',
    content,
    ...more,
  };
}

/** An entry of another home. */
export const shared = (
  home: 'attached' | 'directory' | 'administrative',
  type: string,
  id: string,
  more: Partial<EntryWrite> = {},
): EntryWrite => ({ type, id, home, enc: 'none', kid: '', content: Buffer.from(`${type}/${id}`), ...more });

export const create = (...entries: EntryWrite[]): Of<'CreateAssets'> => ({
  fn: 'CreateAssets',
  assets: entries.map((each) => ({ kind: 'entry', entry: each })),
});

export const assets = (...list: Asset[]): Of<'CreateAssets'> => ({ fn: 'CreateAssets', assets: list });

export const update = (written: EntryWrite): Of<'UpdateAsset'> => ({
  fn: 'UpdateAsset',
  asset: { kind: 'entry', entry: written },
});

export const remove = (type: string, id: string, version?: number): Of<'DeleteAsset'> => ({
  fn: 'DeleteAsset',
  remove: { type, id, ...(version !== undefined && { version }) },
});

/** A rule that lets `actor` do everything. */
export const permit = (actor: string, more: Partial<Rule> = {}): Rule => ({
  type: 'permit',
  actors: [actor],
  ...more,
});

/** A Consent whose rules hold for each grantee. */
export const grant = (
  id: string,
  patient: string,
  grants: Record<string, Rule>,
  more: Partial<EntryWrite> = {},
): Of<'GrantAccess'> => ({
  fn: 'GrantAccess',
  consent: { entry: entry('Consent', id, patient, more), grants },
});

export const open = (patient: string, organization?: string): Of<'CreateMedicalRecord'> => ({
  fn: 'CreateMedicalRecord',
  entry: entry('Patient', patient, patient),
  ...(organization !== undefined && {
    consent: {
      entry: entry('Consent', `first-${patient}`, patient),
      grants: { [organization]: permit(`${organization}|CST`) },
    },
  }),
});
