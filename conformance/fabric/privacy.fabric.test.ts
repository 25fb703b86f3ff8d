import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { exportOf } from '../clients/synthea.ts';
import { chainsOf, isWhole } from './blocks/chain.ts';
import { holderOf } from './blocks/certificate.ts';
import { fieldsOfEnvelope } from './blocks/envelope.ts';
import type { Field } from './blocks/fields.ts';
import { privateHashes } from './blocks/ledger-hashes.ts';
import { mayNotStand, whatMayStand } from './blocks/may-stand.ts';
import { disguisesOf } from './needles/disguises.ts';
import { guessedKeys, guessedPseudonyms } from './needles/key-guesses.ts';
import { leaksIn } from './needles/leaks.ts';
import type { Needle } from './needles/needle-search.ts';
import { publicFiles, type PublicFile } from './needles/public-files.ts';
import { tellingTexts } from './needles/telling.ts';
import { guessedValues } from './needles/value-guesses.ts';
import { system } from './people/log-in.ts';
import { knownFrom, type Known } from './story/known.ts';
import { Secrets } from './story/secrets.ts';
import { tell } from './story/tell.ts';
import { recordTraffic, type Traffic } from './story/traffic.ts';
import { describeFabric } from './testing/network.ts';
import { openPrivacySite, type PrivacySite } from './testing/privacy-site.ts';

/** The demo's patients: parts of their usernames. */
const PATIENTS = ['maragret', 'shannon', 'clyde', 'dionne', 'lashawnda'] as const;

/** The contract's transactions, field by field. */
const ofContract = (fields: readonly Field[]) =>
  fields.some(({ path, value }) => path.endsWith('.extension.chaincode.name') && value.toString() === 'ehr');

describeFabric('what is not private of a ledger', () => {
  const since = new Date();
  const secrets = new Secrets();
  let site: PrivacySite;
  let traffic: Traffic;
  let known: Known;
  let needles: Needle[];
  /** Of the contract's transactions, in the order of the chain. */
  let transactions: Field[][];
  let keyHashes: ReadonlySet<string>;
  let valueHashes: readonly string[];
  let pseudonyms: ReadonlySet<string>;

  const files = function* (): Generator<PublicFile> {
    yield* publicFiles(site.folder);
    for (const log of site.logs) yield { name: basename(log), bytes: readFileSync(log) };
  };

  beforeAll(async () => {
    site = await openPrivacySite();
    traffic = recordTraffic();
    await tell(site, secrets);
    // What others wrote is read once, so that it is known.
    const records = await system(site.hospital, 'hospital-system');
    for (const { id } of await records.find('Patient?_count=100'))
      await records.find(`Patient/${id}/$everything`);
    for (const type of ['Practitioner', 'PractitionerRole', 'Organization', 'Location'])
      await records.find(`${type}?_count=500`);
    traffic.stop();
    await site.quiet();

    known = knownFrom(traffic, since);
    for (const name of PATIENTS)
      for (const text of tellingTexts(exportOf(name), since)) known.texts.add(text);
    needles = [...known.texts, ...known.keys, ...secrets.words, ...PATIENTS].flatMap(disguisesOf);

    const [chain = []] = chainsOf(site.folder).values();
    transactions = chain.flatMap(({ envelopes }) => envelopes.map(fieldsOfEnvelope)).filter(ofContract);
    const hashes = transactions.map(privateHashes);
    keyHashes = new Set(hashes.flatMap(({ keys }) => [...keys]));
    valueHashes = hashes.flatMap(({ values }) => values);
    pseudonyms = new Set(
      transactions
        .flat()
        .filter(({ path }) => path.endsWith('.creator.certificate'))
        .map(({ value }) => holderOf(Buffer.from(String(value))).name),
    );
  });

  afterAll(async () => {
    traffic.stop();
    await site.close();
  });

  test('every node’s blocks are read to their last byte', () => {
    const chains = [...chainsOf(site.folder)];
    expect(chains.length).toBeGreaterThanOrEqual(5);
    for (const [node, blocks] of chains) {
      expect([node, blocks.map(({ number }) => number)]).toEqual([node, blocks.map((_, index) => index)]);
      expect([node, blocks.filter((block) => !isWhole(block)).map(({ number }) => number)]).toEqual([
        node,
        [],
      ]);
    }
    expect(transactions.length).toBeGreaterThan(50);
    expect(keyHashes.size).toBeGreaterThan(500);
  });

  test('no name, number, content, id or token is in any block, log or other file, plain or in disguise', () => {
    expect(secrets.words.length).toBeGreaterThan(50);
    expect(known.outside.resources.length).toBeGreaterThan(500);
    expect(leaksIn(files(), needles)).toEqual([]);
  });

  test('every field of every transaction is one that may stand there', () => {
    const wrong = transactions.flatMap(mayNotStand);
    expect({ wrong: [...new Set(wrong)], allowed: whatMayStand() }).toEqual({
      wrong: [],
      allowed: whatMayStand(),
    });
  });

  test('no key is guessed by who knows every id, identifier, organisation and pseudonym', () => {
    expect(guessedKeys(keyHashes, { ...known.outside, pseudonyms: [...pseudonyms] })).toEqual([]);
  });

  test('no value is guessed by who has the contents, and equal contents are not equal there', () => {
    expect(guessedValues(new Set(valueHashes), known.bodies, known.texts)).toEqual([]);
    expect(valueHashes.length).toBeGreaterThan(500);
    expect(new Set(valueHashes).size).toBe(valueHashes.length);
  });

  test('no answer of a gateway says whose a pseudonym is, nor is one made of what is known', () => {
    expect(pseudonyms.size).toBeGreaterThan(5);
    const random = [...pseudonyms].filter((name) => name !== 'operator');
    const told = traffic.answers.flatMap(({ body }) => random.filter((name) => body.includes(name)));
    expect(told).toEqual([]);
    const names = known.outside.resources.flatMap((name) => [name, name.slice(name.indexOf('/') + 1)]);
    const usernames = PATIENTS.flatMap((name) => [name, `${name}@demo.example`]);
    expect(guessedPseudonyms(pseudonyms, [...names, ...usernames])).toEqual([]);
  });

  test('the names of keys whose hashes are known are those that say nothing', () => {
    // The one key that has no HMAC: that of the secret under which the others have theirs.
    const fixed = ['secret'].map((name) => hash('sha256', name, 'hex'));
    expect(fixed.filter((key) => !keyHashes.has(key))).toEqual([]);
  });

  describe('a leak would be found', () => {
    const found = (bytes: Buffer | string) =>
      leaksIn([{ name: 'planted', bytes: Buffer.from(bytes) }], needles);
    const patient = () => known.outside.resources.find((name) => name.startsWith('Patient/')) ?? '';

    test('in a copy of a log', () => {
      const [log = ''] = site.logs;
      const lines = readFileSync(log, 'utf8');
      expect(found(lines)).toEqual([]);
      expect(found(`${lines}no grant for ${secrets.words[1]}\n`)).not.toEqual([]);
    });

    test('in the arguments of a transaction', () => {
      const [first = []] = transactions;
      expect(mayNotStand(first)).toEqual([]);
      const value = Buffer.from(patient());
      const planted = first.map((field) => (field.path.endsWith('.argument') ? { ...field, value } : field));
      expect(mayNotStand(planted)).not.toEqual([]);
      expect(found(value)).not.toEqual([]);
    });

    test('in a field that is not known', () => {
      expect(mayNotStand([{ path: 'payload.header.channel.9', value: 1 }])).not.toEqual([]);
    });

    test('in a certificate', () => {
      const administrator = join(site.folder, 'organisations/hospital/admin/msp/signcerts/certificate.pem');
      const path = 'payload.header.signature.creator.certificate';
      expect(mayNotStand([{ path, value: readFileSync(administrator) }])).not.toEqual([]);
    });

    test.each([
      ['as it is', (id: string) => `record/${id}`],
      ['as a hash', (id: string) => `record/${hash('sha256', id, 'base64url')}`],
    ])('in the name of a key, %s', (_how, name) => {
      const key = hash('sha256', name(patient().slice('Patient/'.length)), 'hex');
      const outside = { ...known.outside, pseudonyms: [] };
      expect(guessedKeys(new Set([...keyHashes, key]), outside)).toHaveLength(1);
    });

    test('in a value that has no salt', () => {
      const [body = ''] = known.bodies;
      expect(guessedValues(new Set([hash('sha256', body, 'hex')]), known.bodies, [])).not.toEqual([]);
    });
  });
});
