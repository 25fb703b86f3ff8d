import { randomUUID } from 'node:crypto';
import {
  typeRow,
  type Asset,
  type Command,
  type EntryWrite,
  type Rule,
} from '@fhir-fabric-gateway/chaincode/api';

export type Of<N extends Command['fn']> = Extract<Command, { fn: N }>;

/** Ids are not shared between tests, which all run on one ledger. */
export const newId = (): string => randomUUID();

/** An entry of a patient's record, in the first section of its type unless told otherwise. */
export function entry(patient: string, type: string, id: string, more: Partial<EntryWrite> = {}): EntryWrite {
  const section = typeRow(type)?.sections[0];
  const content = Buffer.from(`the content of ${type}/${id}`);
  const where = { home: 'patient', patient, ...(section && { section }) } as const;
  return { type, id, ...where, enc: 'none', kid: '', content, ...more };
}

/** An entry of the directory. */
export const listed = (type: string, id: string): EntryWrite => ({
  type,
  id,
  home: 'directory',
  enc: 'none',
  kid: '',
  content: Buffer.from(`the content of ${type}/${id}`),
});

export const assets = (...list: Asset[]): Of<'CreateAssets'> => ({ fn: 'CreateAssets', assets: list });

export const create = (...entries: EntryWrite[]): Of<'CreateAssets'> =>
  assets(...entries.map((each): Asset => ({ kind: 'entry', entry: each })));

export const update = (written: EntryWrite): Of<'UpdateAsset'> => ({
  fn: 'UpdateAsset',
  asset: { kind: 'entry', entry: written },
});

export const remove = (type: string, id: string): Of<'DeleteAsset'> => ({
  fn: 'DeleteAsset',
  remove: { type, id },
});

export const permit = (actor: string, more: Partial<Rule> = {}): Rule => ({
  type: 'permit',
  actors: [actor],
  ...more,
});

/** A Consent whose rules hold for each grantee. */
export const grant = (
  patient: string,
  id: string,
  grants: Record<string, Rule>,
  more: Partial<EntryWrite> = {},
): Of<'GrantAccess'> => ({
  fn: 'GrantAccess',
  consent: { entry: entry(patient, 'Consent', id, more), grants },
});

/** Opens a record, with a first grant to an organisation's systems. */
export const openRecord = (patient: string, organization: string): Of<'CreateMedicalRecord'> => ({
  fn: 'CreateMedicalRecord',
  entry: entry(patient, 'Patient', patient),
  consent: {
    entry: entry(patient, 'Consent', `first-${patient}`.slice(0, 64)),
    grants: { [organization]: permit(`${organization}|CST`) },
  },
});
