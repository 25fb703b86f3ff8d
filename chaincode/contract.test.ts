import { randomBytes } from 'node:crypto';
import { decodeValue, encodeCommands } from './api/index.ts';
import type { Command } from './api/index.ts';
import { createChaincode } from './index.ts';
import { create, entry, grant, open, permit, remove, update } from './testing/commands.ts';
import { TestLedger } from './testing/ledger.ts';
import { identity, network } from './testing/network.ts';

const PRACTITIONER = { 'Practitioner/2': permit('Practitioner/2') };

test('exposes the twelve functions of the thesis and Commit, and nothing else', () => {
  const { contracts } = createChaincode().metadata;
  expect(contracts.EhrContract?.transactions.map(({ name }) => name).sort()).toEqual([
    'AssetExists',
    'CheckPermissions',
    'Commit',
    'CreateAssets',
    'CreateMedicalRecord',
    'DeleteAsset',
    'EditPrivacy',
    'GetAssetHistory',
    'GrantAccess',
    'QueryAllAssets',
    'QueryAsset',
    'RevokeAccess',
    'UpdateAsset',
  ]);
});

describe('a transaction', () => {
  test.each<Command>([
    open('20'),
    grant('g', '1', PRACTITIONER),
    { fn: 'RevokeAccess', entry: entry('Consent', 'first-1', '1') },
    { fn: 'EditPrivacy', entry: entry('Consent', 'p', '1'), rule: { type: 'permit', sections: ['vitals'] } },
    create(entry('Observation', 'o', '1')),
    update(entry('Patient', '1', '1')),
    remove('Consent', 'first-1'),
  ])('$fn is called by its name', async (command) => {
    const { ledger, system, patient } = await network();
    const who = command.fn === 'CreateMedicalRecord' || command.fn === 'CreateAssets' ? system : patient;
    const transient = { ...encodeCommands([command]), seed: randomBytes(32) };
    expect(await ledger.invoke(who, [command.fn], transient)).toMatchObject({
      status: 200,
      payload: '["OK"]',
    });
    const two = { ...encodeCommands([command, command]), seed: randomBytes(32) };
    expect((await ledger.invoke(who, [command.fn], two)).message).toBe('BAD_REQUEST@0');
  });

  test('of one command is called by its name', async () => {
    const { ledger, system } = await network();
    const transient = { ...encodeCommands([open('20')]), seed: randomBytes(32) };
    expect((await ledger.invoke(system, ['CreateAssets'], transient)).message).toBe('BAD_REQUEST@0');
    expect((await ledger.invoke(system, ['CreateMedicalRecord'], transient)).payload).toBe('["OK"]');
  });

  test('in which a command fails is not endorsed when it is atomic', async () => {
    const { ledger, system } = await network();
    const before = new Map(ledger.privateData);
    const commands = [create(entry('Observation', 'a', '1')), create(entry('Observation', 'b', 'nobody'))];
    const answer = await ledger.commit(system, commands);
    expect(answer).toMatchObject({ status: 500, message: 'NOT_FOUND@1', payload: '' });
    expect(answer.puts.size).toBe(0);
    expect(ledger.privateData).toEqual(before);
  });

  test('answers an outcome each when its commands are independent, and keeps nothing of those that fail', async () => {
    const { ledger, system } = await network();
    const commands = [
      create(entry('Observation', 'a', '1')),
      create(entry('Observation', 'b', '1'), entry('Observation', 'a', '1')),
      { fn: 'Nonsense' } as unknown as Command,
      update(entry('Observation', 'a', '1')),
    ];
    const answer = await ledger.commit(system, commands, 'independent');
    expect(answer.payload).toBe('["OK","EXISTS","BAD_REQUEST","OK"]');
    const written = [...answer.puts.values()].map((value) => decodeValue(value));
    expect(written).toMatchObject([
      { id: 'a', version: 2, command: 3 },
      { id: 'a', version: 1, command: 0 },
    ]);
  });

  test('of which every independent command fails writes nothing and still answers', async () => {
    const { ledger, doctor } = await network();
    const answer = await ledger.commit(doctor, [create(entry('Condition', 'c', '1'))], 'independent');
    expect(answer).toMatchObject({ status: 200, payload: '["NOT_GRANTED"]' });
    expect(answer.puts.size).toBe(0);
  });

  test('hides ids under the secret and salts every value, so that equal writes never look alike', async () => {
    const { ledger, system } = await network();
    const commands = [create(entry('Observation', 'tell-tale', '1'))];
    const first = await ledger.commit(system, commands, 'atomic', false);
    const second = await ledger.commit(system, commands, 'atomic', false);
    const [key, ...others] = [...first.puts.keys()];
    expect(others).toEqual([]);
    expect(key).toMatch(/^entry\/[A-Za-z0-9_-]{43}$/);
    expect([...second.puts.keys()]).toEqual([key]);
    expect([...second.puts.values()]).not.toEqual([...first.puts.values()]);
  });

  test.each<[string, string[], Record<string, Uint8Array>]>([
    ['no transient data', ['Commit', 'atomic'], {}],
    ['no seed', ['Commit', 'atomic'], encodeOne()],
    ['a short seed', ['Commit', 'atomic'], { ...encodeOne(), seed: randomBytes(31) }],
    ['no such mode', ['Commit', 'perhaps'], { ...encodeOne(), seed: randomBytes(32) }],
    [
      'arguments for everyone to read',
      ['CreateMedicalRecord', 'Jane Doe'],
      { ...encodeOne(), seed: randomBytes(32) },
    ],
    ['a second argument', ['Commit', 'atomic', 'Jane Doe'], { ...encodeOne(), seed: randomBytes(32) }],
    ['no argument', ['Commit'], { ...encodeOne(), seed: randomBytes(32) }],
    ['commands that are no JSON', ['Commit', 'atomic'], raw('[')],
    ['commands that are no list', ['Commit', 'atomic'], raw('{}')],
    ['no commands', ['Commit', 'atomic'], raw('[]')],
    ['content outside the contents', ['Commit', 'atomic'], raw('[{"content":{"$content":[0,9]}}]')],
    ['nesting without end', ['Commit', 'atomic'], raw('['.repeat(100_000))],
    ['a function that isn’t there', ['Drop'], {}],
  ])('with %s is a bad request', async (_what, args, transient) => {
    const { ledger, system } = await network();
    expect(await ledger.invoke(system, args, transient)).toMatchObject({
      status: 500,
      message: 'BAD_REQUEST@0',
    });
  });

  test('with content that is no bytes, or rules nested too deep, is a bad request', async () => {
    const { ledger, system, patient } = await network();
    const text = { ...entry('Observation', 'a', '1'), content: 'text' } as unknown as ReturnType<
      typeof entry
    >;
    expect(await ledger.submit(system, create(text))).toBe('BAD_REQUEST@0');
    let deep = permit('Practitioner/2');
    for (let depth = 0; depth < 100; depth++) deep = { type: 'deny', rules: [deep] };
    expect(await ledger.submit(patient, grant('g', '1', { 'Practitioner/2': deep }))).toBe('BAD_REQUEST@0');
    expect(await ledger.submit(patient, grant('g', '1', { 'someone else': permit('x') }))).toBe(
      'BAD_REQUEST@0',
    );
  });

  test('with more content than a block can carry is too large, alone or all together', async () => {
    const { ledger, system } = await network();
    const big = (id: string, megabytes: number) =>
      create(entry('Media', id, '1', { content: Buffer.alloc(megabytes * 1024 * 1024) }));
    expect(await ledger.submit(system, big('a', 9))).toBe('TOO_LARGE@0');
    expect(await ledger.submit(system, big('a', 5))).toBe('OK');
    // Each brings 2.5 MB and keeps 5 MB of the version before.
    const again = update(entry('Media', 'a', '1', { content: Buffer.alloc(2.5 * 1024 * 1024) }));
    const answer = await ledger.commit(system, [again, again, big('b', 0.25)], 'independent', false);
    expect(answer.payload).toBe('["OK","TOO_LARGE","OK"]');
  });

  test('that is large without any content is too large as well', async () => {
    const { ledger, system, patient } = await network();
    const labels = (count: number) =>
      Array.from({ length: count }, (_, at) => `s|${String(at).padEnd(500, 'x')}`);
    const labelled = (count: number) => create(entry('Flag', 'f', '1', { labels: labels(count) }));
    expect(await ledger.submit(system, labelled(101))).toBe('BAD_REQUEST@0');
    expect(await ledger.submit(system, labelled(100))).toBe('OK');
    const many = Array.from({ length: 175 }, (_, at) =>
      create(entry('Flag', `f${String(at)}`, '1', { labels: labels(100) })),
    );
    expect((await ledger.commit(system, many, 'independent')).message).toBe('TOO_LARGE@0');
    const to = (count: number) =>
      Object.fromEntries(
        labels(count).map((_, at) => [`Practitioner/${String(at)}`, permit(`Practitioner/${String(at)}`)]),
      );
    expect(await ledger.submit(patient, grant('g', '1', to(101)))).toBe('BAD_REQUEST@0');
    expect(await ledger.submit(patient, grant('g', '1', to(100)))).toBe('OK');
  });

  test('that has every grant written again with what it held counts all of that', async () => {
    const { ledger, patient } = await network();
    const grantees = Array.from({ length: 100 }, (_, at) => `Practitioner/${String(at)}`);
    const long = { purposes: Array.from({ length: 175 }, (_, at) => String(at).padEnd(500, 'x')) };
    const heavy = Object.fromEntries(
      grantees.map((name) => [name, permit(name, name === grantees[0] ? long : {})]),
    );
    expect(await ledger.submit(patient, grant('g', '1', heavy))).toBe('OK');
    const each = () => Object.fromEntries(grantees.slice(0, 60).map((name) => [name, permit(name, long)]));
    expect(await ledger.submit(patient, grant('h', '1', each()))).toBe('OK');
    // What it brings is under the limit; together with what the grants hold already it is not.
    expect(await ledger.submit(patient, grant('i', '1', each()))).toBe('TOO_LARGE@0');
  });

  test('passes on what the peer says of missing private data, and never tells of errors of its own', async () => {
    const { ledger, system } = await network();
    const key = [...ledger.privateData.keys()].find((name) => name.startsWith('organisation/')) ?? '';
    for (const name of ledger.privateData.keys()) {
      if (name.startsWith('organisation/'))
        ledger.privateData.set(name, Buffer.from('Jane Doe, HIV positive'));
    }
    expect(key).not.toBe('');
    expect(await ledger.submit(system, create(entry('Observation', 'a', '1')))).toBe('INTERNAL@0');
    ledger.readError = new Error('private data matching public hash version is not available');
    expect(await ledger.submit(system, create(entry('Observation', 'a', '1')))).toBe(
      ledger.readError.message,
    );
  });
});

describe('an entry', () => {
  test('keeps the versions that were, and its tombstone is a version too', async () => {
    const { ledger, system, patient } = await network();
    await ledger.submit(system, create(entry('Condition', 'c', '1', { content: Buffer.from('first') })));
    await ledger.submit(
      system,
      update(entry('Condition', 'c', '1', { content: Buffer.from('second'), version: 1 })),
    );
    expect(await ledger.submit(system, remove('Condition', 'c', 1))).toBe('STALE@0');
    expect(await ledger.submit(system, remove('Condition', 'c', 2))).toBe('OK');
    expect(await ledger.submit(system, remove('Condition', 'c'))).toBe('NOT_FOUND@0');
    expect(await ledger.submit(system, create(entry('Condition', 'c', '1')))).toBe('EXISTS@0');
    expect(await ledger.submit(system, update(entry('Condition', 'c', '1', { version: 3 })))).toBe('OK');
    expect(await ledger.query(patient, { fn: 'GetAssetHistory', type: 'Condition', id: 'c' })).toMatchObject([
      { version: 4, content: { data: Buffer.from('Condition/c').toString('base64') } },
      { version: 3, author: { pseudonym: 'sys' } },
      { version: 2, content: { data: Buffer.from('second').toString('base64') } },
      { version: 1, content: { data: Buffer.from('first').toString('base64'), enc: 'none' } },
    ]);
  });

  test('is refused when it is stale, moves to another patient, or takes an id that exists', async () => {
    const { ledger, system } = await network();
    await ledger.submit(system, create(entry('Condition', 'c', '1')));
    expect(await ledger.submit(system, create(entry('Condition', 'c', '9')))).toBe('EXISTS@0');
    expect(await ledger.submit(system, update(entry('Condition', 'c', '1', { version: 2 })))).toBe('STALE@0');
    expect(await ledger.submit(system, update(entry('Condition', 'c', '1', { version: 0 })))).toBe(
      'EXISTS@0',
    );
    expect(await ledger.submit(system, update(entry('Condition', 'c', '9')))).toBe('OWNER_CHANGED@0');
    expect(await ledger.submit(system, update(entry('Condition', 'd', '1', { version: 1 })))).toBe('STALE@0');
    expect(await ledger.submit(system, update(entry('Condition', 'd', '1', { version: 0 })))).toBe('OK');
  });

  test('is created by an update for systems only', async () => {
    const { ledger, doctor, patient } = await network();
    await ledger.submit(patient, grant('g', '1', PRACTITIONER));
    expect(await ledger.submit(doctor, update(entry('Condition', 'd', '1')))).toBe('NOT_FOUND@0');
    expect(await ledger.submit(doctor, create(entry('Condition', 'd', '1')))).toBe('OK');
  });

  test('holds its unique criteria until it changes them or goes', async () => {
    const { ledger, system, labSystem, patient } = await network();
    const held = (id: string, ...unique: string[]) => entry('Encounter', id, '1', { unique });
    expect(await ledger.submit(system, create(held('a', 'mrn|1')))).toBe('OK');
    expect(await ledger.submit(system, create(held('b', 'mrn|1')))).toBe('NOT_UNIQUE@0');
    await ledger.submit(patient, grant('g', '1', { 'Organization/7': permit('Organization/7|CST') }));
    expect(await ledger.submit(labSystem, create(held('l', 'mrn|1')))).toBe('OK');
    expect(await ledger.submit(system, update(entry('Encounter', 'a', '1')))).toBe('OK');
    expect(await ledger.submit(system, create(held('b', 'mrn|1')))).toBe('NOT_UNIQUE@0');
    expect(await ledger.submit(system, update(held('a', 'mrn|2')))).toBe('OK');
    expect(await ledger.submit(system, create(held('b', 'mrn|1')))).toBe('OK');
    expect(await ledger.submit(system, remove('Encounter', 'b'), create(held('c', 'mrn|1')))).toBe('OK');
  });

  test('keeps its criteria, and takes none, when another organisation writes it', async () => {
    const { ledger, system, lab, patient } = await network();
    const held = (id: string, ...unique: string[]) =>
      entry('Observation', id, '1', { section: 'report', unique });
    await ledger.submit(patient, grant('g', '1', { 'Practitioner/8': permit('Practitioner/8') }));
    expect(await ledger.submit(system, create(held('a', 'mrn|1')))).toBe('OK');
    expect(await ledger.submit(lab, update(held('a', 'mrn|2')))).toBe('OK');
    expect(await ledger.submit(system, create(held('b', 'mrn|1')))).toBe('NOT_UNIQUE@0');
    expect(await ledger.submit(system, create(held('b', 'mrn|2')))).toBe('OK');
    expect(await ledger.submit(lab, update(held('a')))).toBe('OK');
    expect(await ledger.submit(system, create(held('c', 'mrn|1')))).toBe('NOT_UNIQUE@0');
    expect(await ledger.submit(system, update(held('a', 'mrn|3')), create(held('c', 'mrn|1')))).toBe('OK');
  });
});

test('an identity without role, of an unknown role or without an entry is refused whatever it asks', async () => {
  const { ledger } = await network();
  const { certificate } = await import('./testing/certificate.ts');
  const strangers = [
    { mspId: 'HospitalMSP', certificate: await certificate() },
    { mspId: 'HospitalMSP', certificate: await certificate({ role: 'king', subject: 'sys' }) },
    { mspId: 'HospitalMSP', certificate: await certificate({ role: 'system' }) },
    await identity('HospitalMSP', 'system', 'nobody'),
    await identity('ElsewhereMSP', 'system', 'sys'),
  ];
  for (const stranger of strangers) {
    expect(await ledger.submit(stranger, create(entry('Observation', 'x', '1')))).toBe('BAD_IDENTITY@0');
    expect(await ledger.query(stranger, { fn: 'AssetExists', type: 'Patient', id: '1' })).toBe(
      'BAD_IDENTITY@0',
    );
  }
});

test('nothing happens on a ledger that has not been founded', async () => {
  const ledger = new TestLedger();
  const system = await identity('HospitalMSP', 'system', 'sys');
  expect(await ledger.submit(system, open('1'))).toBe('BAD_IDENTITY@0');
  expect(await ledger.submit(system, create(entry('Observation', 'x', '1')))).toBe('BAD_IDENTITY@0');
  expect(ledger.privateData.size).toBe(0);
});

function encodeOne(): Record<string, Uint8Array> {
  return { ...encodeCommands([open('30')]) };
}

function raw(text: string): Record<string, Uint8Array> {
  return { commands: Buffer.from(text), contents: new Uint8Array(0), seed: randomBytes(32) };
}
