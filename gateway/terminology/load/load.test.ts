import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Resource } from '../../fhir/resource.ts';
import { openTerminology } from '../open.ts';
import { DefinitionFile } from '../store/database.ts';
import { DefinitionWriter } from '../store/writer.ts';
import { ANIMALS, animals, filtered } from '../testing/animals.ts';
import { tarOf } from '../testing/tar-of.ts';
import { loadDefinitions, type Loaded } from './load.ts';

let folder: string;
const inFolder = (name: string) => path.join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'load-'));
  DefinitionFile.create(inFolder('built-in.db')).close();
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: object | string): string {
  const file = inFolder(name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

async function load(...paths: string[]): Promise<Loaded> {
  const file = DefinitionFile.openForWriting(inFolder('loaded.db'));
  try {
    return await loadDefinitions(new DefinitionWriter(file), paths);
  } finally {
    file.close();
  }
}

/** What a gateway has of it that is started afterwards. */
function asking<T>(ask: (terminology: ReturnType<typeof openTerminology>) => T): T {
  const terminology = openTerminology({ builtIn: inFolder('built-in.db'), loaded: inFolder('loaded.db') });
  try {
    return ask(terminology);
  } finally {
    terminology.close();
  }
}

const MANIFEST = { name: 'animals.package', version: '1.0.0', fhirVersions: ['4.0.1'] };
const patient = { resourceType: 'Patient', id: '1' };
const mammals = filtered('mammals', ['concept', 'is-a', 'mammal']);

const expectAnimals = () =>
  asking((terminology) => {
    expect(terminology.codeSystem(ANIMALS)?.concept('dog')?.display).toBe('Dog');
    expect(terminology.codesIn('urn:vs:mammals')).toHaveLength(3);
  });

test('single files are loaded', async () => {
  const { definitions, concepts } = await load(write('a.json', animals), write('b.json', mammals));
  expect([...definitions]).toEqual([
    ['CodeSystem', 1],
    ['ValueSet', 1],
  ]);
  expect(concepts).toBe(7);
  expectAnimals();
});

test('a Bundle, a folder and a package bring their definitions, and what else they hold is left out', async () => {
  const entry = [animals, mammals, patient].map((resource) => ({ resource }));
  const bundle = await load(write('bundle.json', { resourceType: 'Bundle', type: 'collection', entry }));
  expect(bundle.leftOut).toBe(1);
  expectAnimals();
  for (const name of ['animals', 'mammals', 'patient'])
    write(`folder/${name}.json`, { animals, mammals, patient }[name] ?? {});
  expect(await load(inFolder('folder'))).toMatchObject({ concepts: 7, leftOut: 1 });
  write('unpacked/package.json', MANIFEST);
  write('unpacked/CodeSystem-animals.json', animals);
  expect([...(await load(inFolder('unpacked'))).definitions]).toEqual([['CodeSystem', 1]]);
});

test('a FHIR package is loaded as npm packs it', async () => {
  const long = `package/ValueSet-${'m'.repeat(120)}.json`;
  const files = {
    'package/package.json': MANIFEST,
    'package/.index.json': { files: [] },
    'package/CodeSystem-animals.json': animals,
    [long]: mammals,
    'package/Patient-1.json': patient,
    'package/example/ValueSet-other.json': { ...mammals, url: 'urn:vs:other' },
  };
  writeFileSync(inFolder('animals.tgz'), gzipSync(tarOf(files)));
  expect(await load(inFolder('animals.tgz'))).toMatchObject({ leftOut: 1 });
  expectAnimals();
  expect(asking((terminology) => terminology.definition('ValueSet', 'urn:vs:other'))).toBeUndefined();
});

test('a code system with very many concepts is written as it is read, and answers without them', async () => {
  const many = 25_000;
  const concept = Array.from({ length: many }, (_, at) => ({
    code: `c${at}`,
    display: `Concept ${at}`,
    property: at === 0 ? [] : [{ code: 'parent', valueCode: `c${Math.floor((at - 1) / 10)}` }],
  }));
  const large = { ...animals, id: 'large', url: 'urn:large', concept };
  expect((await load(write('large.json', large))).concepts).toBe(many);
  asking((terminology) => {
    expect(terminology.read('CodeSystem', 'large')).toMatchObject({
      count: many,
      meta: { tag: [{ code: 'SUBSETTED' }] },
    });
    expect(terminology.read('CodeSystem', 'large')).not.toHaveProperty('concept.0');
    expect(terminology.codeSystem('urn:large')?.isBelow('c24999', 'c2')).toBe(true);
    expect(terminology.codeSystem('urn:large')?.isBelow('c24999', 'c9')).toBe(false);
  });
});

test('loaded again, a definition is replaced; another version stands beside it', async () => {
  await load(write('a.json', animals));
  await load(write('a.json', { ...animals, concept: [{ code: 'cat', display: 'Cat' }] }));
  await load(write('c.json', { ...animals, version: '10', concept: [{ code: 'cow', display: 'Cow' }] }));
  asking((terminology) => {
    const codes = (version?: string) =>
      ['dog', 'cat', 'cow'].filter((code) => terminology.codeSystem(ANIMALS, version)?.concept(code));
    expect([codes('2'), codes('10'), codes()]).toEqual([['cat'], ['cow'], ['cow']]);
    const { matches } = terminology.search({
      ...{
        type: 'CodeSystem',
        parameters: [['url', ANIMALS]],
        sort: [],
        lenient: false,
        offset: 0,
        count: 10,
      },
    });
    expect(new Set(matches.map(({ id }) => id)).size).toBe(2);
  });
});

const without = (resource: Resource, element: string): object =>
  Object.fromEntries(Object.entries(resource).filter(([name]) => name !== element));

test.each<[string, object | string, string]>([
  ['what is not JSON', '{"resourceType": "ValueSet"', 'not JSON'],
  ['what is no resource', '{}', 'no resourceType'],
  ['what is no definition', patient, 'a Patient is no definition'],
  ['a definition without a URL', without(mammals, 'url'), 'has no url'],
  ['a definition without a status', without(mammals, 'status'), 'has no status'],
  [
    'a concept without a code',
    { ...animals, concept: [{ code: 'a', concept: [{ display: 'b' }] }] },
    'a concept has no code',
  ],
  [
    'a value set whose part names nothing',
    { ...mammals, compose: { include: [{}] } },
    'neither system nor valueSet',
  ],
  [
    'a value set whose filter has no operator',
    { ...mammals, compose: { include: [{ system: 'a', filter: [{ property: 'b' }] }] } },
    'no property or op',
  ],
])('%s is refused, the file is named, and nothing of the rest is loaded', async (_, content, why) => {
  const good = write('good.json', animals);
  const bad = write('bad.json', content);
  const failure = await load(good, bad).then(
    () => '',
    (error: Error) => error.message,
  );
  expect(failure).toContain(`${bad}: `);
  expect(failure).toContain(why);
  expect(failure).not.toContain(good);
  expect(asking((terminology) => terminology.codeSystem(ANIMALS))).toBeUndefined();
});

test('a package for another FHIR is refused, and so is an archive that is none', async () => {
  write('r5/package.json', { ...MANIFEST, fhirVersions: ['5.0.0'] });
  await expect(load(inFolder('r5'))).rejects.toThrow('for FHIR 5.0.0, not for R4');
  await expect(load(write('broken.tgz', 'no archive'))).rejects.toThrow('broken.tgz: ');
  writeFileSync(inFolder('cut.tgz'), gzipSync(tarOf({ 'package/a.json': animals }).subarray(0, 700)));
  await expect(load(inFolder('cut.tgz'))).rejects.toThrow('ends too early');
  await expect(load(inFolder('nowhere'))).rejects.toThrow('there is no such file');
});

test('a definition that is not well formed elsewhere, in a package, does not stand in the way of the rest', async () => {
  const longId = { ...mammals, id: 'm'.repeat(80) };
  const bundle = { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'DELETE' } }] };
  const naming = { resourceType: 'NamingSystem', status: 'active' };
  for (const [name, resource] of Object.entries({ animals, longId, bundle, naming }))
    write(`package/${name}.json`, resource);
  write('package/package.json', MANIFEST);
  expect(await load(inFolder('package'))).toMatchObject({ leftOut: 2 });
  expectAnimals();
  expect(asking((terminology) => terminology.definition('ValueSet', 'urn:vs:mammals'))?.['id']).toMatch(
    /^m{55}-[0-9a-f]{8}$/,
  );
});

test('an id that R4 uses is left to it, unless it is the same definition', async () => {
  rmSync(inFolder('built-in.db'));
  const builtIn = DefinitionFile.create(inFolder('built-in.db'));
  new DefinitionWriter(builtIn).put({ ...mammals, url: 'http://hl7.org/vs' });
  const file = DefinitionFile.openForWriting(inFolder('loaded.db'));
  const writer = new DefinitionWriter(file, builtIn);
  const mine = writer.put(mammals);
  const newer = writer.put({ ...mammals, url: 'http://hl7.org/vs', version: '9' });
  file.close();
  builtIn.close();
  expect([mine, newer]).toEqual([expect.stringMatching(/^mammals-/), 'mammals']);
  asking((terminology) => {
    expect(terminology.read('ValueSet', 'mammals')).toMatchObject({ url: 'http://hl7.org/vs', version: '9' });
    const { matches } = terminology.search({
      ...{ type: 'ValueSet', parameters: [], sort: [], lenient: false, offset: 0, count: 10 },
    });
    expect(matches.map(({ id, version }) => [id, version])).toEqual([
      ['mammals', '9'],
      [mine, undefined],
    ]);
  });
});
