import { createHmac, hash } from 'node:crypto';

/** What somebody outside may know, and would look for on the ledger. */
export interface KnownOutside {
  /** `Patient/5`, `Observation/7`, ... */
  resources: readonly string[];
  /** People and organisations: whom a grant may be to. */
  grantees: readonly string[];
  /** What the ledger's organisations are called. */
  organisations: readonly string[];
  /** `system|value` and whatever else a conditional create may ask for. */
  criteria: readonly string[];
  /** The common names in certificates, which stand in every block. */
  pseudonyms: readonly string[];
}

const VERSIONS = ['1', '2', '3'];

/** Names that keys might have on the ledger if they were made of what is known outside, by the design's table of keys. */
export function* keyNames(known: KnownOutside): Generator<string> {
  const patients = known.resources.filter((name) => name.startsWith('Patient/'));
  const idOf = (name: string) => name.slice(name.indexOf('/') + 1);
  for (const name of known.resources) {
    yield `entry/${name}`;
    yield `entry/${idOf(name)}`;
    for (const version of VERSIONS) yield `version/${name}/${version}`;
  }
  for (const patient of patients) {
    for (const name of [patient, idOf(patient)]) {
      yield `record/${name}`;
      yield `privacy/${name}`;
      for (const organisation of known.organisations) yield `key/${name}/${organisation}`;
      for (const grantee of [...known.grantees, ...known.grantees.map(idOf), ...known.organisations, '*'])
        yield `grant/${name}/${grantee}`;
    }
  }
  for (const organisation of known.organisations) {
    yield `organisation/${organisation}`;
    for (const criterion of [...known.criteria, ...known.organisations])
      for (const owner of [organisation, '*']) yield `unique/${owner}/${criterion}`;
    for (const pseudonym of known.pseudonyms) yield `identity/${organisation}/${pseudonym}`;
  }
}

/** Secrets that are none. */
const GUESSED_SECRETS = ['', 'secret', 'ehr', 'mychannel', 'hospital', 'lab', 'HospitalMSP', 'LabMSP'];

const hmac = (secret: string, text: string): Buffer => createHmac('sha256', secret).update(text).digest();
const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer');

/** The same name with what comes after its kind left as it is, or hidden in a way that needs no secret. */
function* hiddenWithoutSecret(name: string): Generator<string> {
  const slash = name.indexOf('/') + 1;
  const [kind, rest] = [name.slice(0, slash), name.slice(slash)];
  yield name;
  yield rest;
  yield `\0${name.split('/').join('\0')}\0`;
  const digests = [sha256(rest), sha256(name)];
  for (const secret of GUESSED_SECRETS) digests.push(hmac(secret, rest));
  for (const digest of digests) {
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      yield kind + digest.toString(encoding);
      yield digest.toString(encoding);
    }
  }
}

/** Those of the hashes (hexadecimal) that somebody who knows that much would have found, by the name of the key. */
export function guessedKeys(hashes: ReadonlySet<string>, known: KnownOutside): string[] {
  const guessed: string[] = [];
  for (const name of keyNames(known)) {
    for (const hidden of hiddenWithoutSecret(name))
      if (hashes.has(hash('sha256', hidden, 'hex'))) guessed.push(name);
  }
  return guessed;
}

/** Bytes of a pseudonym. */
const PSEUDONYM_BYTES = 16;

/** Those of the pseudonyms that are made of what is known outside, by the name they are made of. */
export function guessedPseudonyms(pseudonyms: ReadonlySet<string>, names: Iterable<string>): string[] {
  const guessed: string[] = [];
  for (const name of names) {
    const digests = [sha256(name), ...GUESSED_SECRETS.map((secret) => hmac(secret, name))];
    for (const digest of digests)
      if (pseudonyms.has(digest.subarray(0, PSEUDONYM_BYTES).toString('base64url'))) guessed.push(name);
  }
  return guessed;
}
