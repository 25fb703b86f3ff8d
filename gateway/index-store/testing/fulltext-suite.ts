import { afterAll, beforeAll } from '@jest/globals';
import type { Resource } from '../../fhir/resource.ts';
import { visibilityOf, type OpenStore, type TestStore } from './store.ts';

/** `_text` and `_content`, on any engine. */
export function fulltextSuite(open: OpenStore): void {
  const narrative = (text: string) => ({ status: 'generated', div: `<div>${text}</div>` });
  const observation = (id: string, patient: string, more: object): Resource => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { text: 'Temperature' },
    subject: { reference: `Patient/${patient}` },
    ...more,
  });
  let store: TestStore;

  beforeAll(async () => {
    store = await open();
    await store.put([
      { resourceType: 'Patient', id: 'p1', text: narrative('Ada Zebra'), name: [{ family: 'Lovelace' }] },
      { resourceType: 'Patient', id: 'p2', text: narrative('Bob Zebra') },
      observation('o1', 'p1', { text: narrative('High fever, Müller'), note: [{ text: 'slept badly' }] }),
      observation('o2', 'p1', { text: narrative('No complaint'), note: [{ text: 'a high pulse' }] }),
      observation('o3', 'p2', { text: narrative('High fever') }),
      { resourceType: 'Organization', id: 'g', name: 'Fever clinic' },
    ]);
    await store.grant('p1', 'Organization/hospital');
  });
  afterAll(() => store.close());

  test.each<[string, string[]]>([
    ['Observation?_text=fever', ['o1']],
    ['Observation?_text=high fever', ['o1']],
    ['Observation?_text=muller', ['o1']],
    ['Observation?_text=slept', []],
    ['Observation?_content=slept', ['o1']],
    ['Observation?_content=high', ['o1', 'o2']],
    ['Observation?_content="high fever"', ['o1']],
    ['Observation?_content="fever high"', []],
    ['Observation?_content="badly temperature"', []],
    ['Observation?_content="temperature slept"', []],
    ['Observation?_content=high NOT fever', ['o2']],
    ['Observation?_content=(badly OR pulse) high', ['o1', 'o2']],
    ['Observation?_content=fev*', ['o1']],
    ['Observation?_content=badly,pulse', ['o1', 'o2']],
    ['Observation?_content=temperature&patient=p1', ['o1', 'o2']],
    ['Observation?_content=temperature&patient=p2', []],
    ['Observation?subject:Patient._text=ada', ['o1', 'o2']],
    ['Patient?_has:Observation:subject:_content=badly', ['p1']],
    ['Patient?_content=lovelace', ['p1']],
    ['Patient?_text=lovelace', []],
    ['?_content=fever', ['g', 'o1']],
  ])('%s finds %j', async (query, ids) => {
    const found = await store.search(query);
    expect([found.matches.map(({ id }) => id).sort(), found.total]).toEqual([ids, ids.length]);
  });

  test('nobody finds by its words what they may not see', async () => {
    const doctor = { visibility: visibilityOf('doctor', { requester: { role: 'doctor' } }) };
    expect(await store.search('Observation?_content=fever', doctor)).toMatchObject({ matches: [], total: 0 });
    const patient = { visibility: visibilityOf('patient', { patient: 'p2' }) };
    expect(await store.ids('Observation?_content=fever', patient)).toEqual(['o3']);
  });

  test.each([['"open'], ['(open'], ['NOT this'], ['!!'], ['']])('the text %s is refused', async (text) => {
    const search = store.search(`Observation?_content=${encodeURIComponent(text)}`);
    await expect(search).rejects.toMatchObject({ status: 400, issues: [{ expression: ['http._content'] }] });
  });

  test('what was changed is found by its new words, and by the old ones no longer', async () => {
    const other = await open();
    const put = (version: number, text: string) =>
      other.put([{ resourceType: 'Organization', id: 'x', name: text }], { version });
    await put(1, 'Quokka');
    await put(2, 'Wombat');
    expect([
      await other.ids('Organization?_content=quokka'),
      await other.ids('Organization?_content=wombat'),
    ]).toEqual([[], ['x']]);
    await other.close();
  });

  test('nothing of what is erased stays where words are kept, and the rest is found as before', async () => {
    const other = await open();
    const word = (at: number) => `${String.fromCharCode(97 + (at % 26))}zq${at.toString(36)}erased`;
    const people = [...Array(300).keys()].map((at): Resource => ({
      resourceType: 'Organization',
      id: `i${at}`,
      text: narrative(word(at)),
      alias: [`also ${word(at)}`],
    }));
    for (let at = 0; at < people.length; at += 20) await other.put(people.slice(at, at + 20));
    const erased = people.filter((_, at) => at % 3 === 0);
    await other.block((tx) =>
      tx.purgeEntries(erased.map(({ id }) => ({ type: 'Organization', id: String(id) }))),
    );
    const text = await other.wholeText();
    const left = [...Array(300).keys()].filter((at) => at % 3 === 0 && text.includes(word(at).slice(1)));
    expect(left).toEqual([]);
    expect(await other.ids(`Organization?_content=${word(1)}`)).toEqual(['i1']);
    expect(await other.ids(`Organization?_content=${word(3)}`)).toEqual([]);
    expect(await other.ids('Organization?_content=also', { count: 1000 })).toHaveLength(200);
    await other.close();
  });

  test('a resource that a record’s erasure puts aside, and then purges, leaves no word', async () => {
    const other = await open();
    await other.put([
      { resourceType: 'Patient', id: 'e', text: narrative('Echidna') },
      observation('eo', 'e', { note: [{ text: 'platypus' }] }),
    ]);
    await other.block((tx) => tx.putRecord({ patient: 'e', home: 'HospitalMSP', status: 'erasing' }));
    await other.block((tx) =>
      tx.purgeEntries([
        { type: 'Patient', id: 'e' },
        { type: 'Observation', id: 'eo' },
      ]),
    );
    const text = await other.wholeText();
    expect(['chidna', 'latypus'].filter((word) => text.includes(word))).toEqual([]);
    await other.close();
  });
}
