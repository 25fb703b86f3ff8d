import { afterAll, beforeAll } from '@jest/globals';
import { MOST_BRANCHES, MOST_TERMS } from '../search/budget.ts';
import { MOST_INCLUDED, MOST_INCLUSIONS } from '../search/include.ts';
import { revIncludesOf } from '../search/inclusion-names.ts';
import { linksOf, putLinked, repeated } from './linked-record.ts';
import type { OpenStore, TestStore } from './store.ts';

/** What a search may cost, and that what it may, the engine takes. */
export function costsSuite(open: OpenStore): void {
  let store: TestStore;
  beforeAll(async () => {
    store = await open();
    await putLinked(store);
  });
  afterAll(() => store.close());

  test.each<[query: string, ids: string[]]>([
    [linksOf(1), []],
    [linksOf(2), ['o1', 'o2', 'o3']],
    ['Observation?based-on.status=draft', ['o1', 'o2', 'o3']],
    ['List?item.subject._id=p1', ['l1']],
    ['List?item.subject._id=x', []],
    ['List?item.subject.name=f', ['l1']],
    ['List?item._lastUpdated=gt2020', ['l1']],
    ['List?item.date=gt2020', []],
    ['Patient?_has:Observation:subject:based-on.based-on.status=active', ['p1']],
  ])('%s finds %j through every type that a link may lead to', async (query, ids) => {
    expect((await store.ids(query)).sort()).toEqual(ids);
  });

  test.each<[what: string, query: string, expression: string]>([
    ['six links', linksOf(6), `http.${'based-on.'.repeat(6)}status`],
    [
      '_has in _has',
      `Patient?${'_has:Observation:subject:subject:Patient.'.repeat(3)}name=f`,
      `http.${'_has:Observation:subject:subject:Patient.'.repeat(3)}name`,
    ],
    [
      'many chains',
      `Observation?${repeated(MOST_BRANCHES + 1, () => 'subject:Patient.name=f', '&')}`,
      'http.subject:Patient.name',
    ],
    ['many values', `Observation?code=${repeated(MOST_TERMS + 1, String)}`, 'http.code'],
    [
      'many pairs',
      `Observation?code-value-quantity=${repeated(2000, (at) => `8302-2$gt${at}`)}`,
      'http.code-value-quantity',
    ],
    [
      'many dates',
      `Observation?${repeated(40, () => `date=${repeated(100, () => '2020')}`, '&')}`,
      'http.date',
    ],
    [
      'many values of every parameter together',
      `Observation?code=${repeated(300, String)}&status=${repeated(300, String)}`,
      'http.status',
    ],
    [
      'many values beyond a link',
      `Patient?_has:Observation:subject:code=${repeated(600, String)}`,
      'http._has:Observation:subject:code',
    ],
    [
      'many URIs above one',
      `QuestionnaireResponse?questionnaire=a&_source:above=http://a${'/b'.repeat(3000)}`,
      'http._source:above',
    ],
    [
      'links that multiply',
      'Observation?subject:Patient._has:Observation:subject:status:missing=true',
      'http.subject:Patient._has:Observation:subject:status:missing',
    ],
  ])('%s are refused as too costly, lenient or not', async (_what, query, expression) => {
    for (const lenient of [false, true]) {
      await expect(store.search(query, { lenient })).rejects.toMatchObject({
        status: 400,
        issues: [{ code: 'too-costly', expression: [expression] }],
      });
    }
  });

  test.each([
    `Observation?code=${repeated(MOST_TERMS, (at) => `c${at}`)}`,
    `Observation?code:not=${repeated(MOST_TERMS - 1, String)}&status=draft`,
    `Observation?code:text=${repeated(MOST_TERMS, String)}`,
    `Observation?code-value-quantity=${repeated(MOST_TERMS / 2, (at) => `8302-2$gt${at}`)}`,
    `Observation?value-quantity=${repeated(MOST_TERMS / 2, (at) => `${5000 + at}||mg`)}`,
    `Observation?date=${repeated(MOST_TERMS / 2, () => 'ap2020-01')}`,
    `Observation?subject:Patient.name:contains=${repeated(MOST_TERMS, (at) => `a${at}`)}`,
    `Provenance?target._lastUpdated=${repeated(100, () => '2020')}`,
    `Patient?_has:Provenance:target:agent.name=${repeated(300, (at) => `a${at}`)}`,
  ])('what the budget lets through, the engine takes (%.60s)', async (query) => {
    expect((await store.search(query, { count: 1 })).total).toBe(0);
  });

  test('inclusions that bring more than a page carries say so', async () => {
    const back = await store.search('Patient', { revinclude: ['Observation:subject'] });
    expect(back.included).toHaveLength(MOST_INCLUDED);
    expect(back.truncated).toEqual(['_revinclude']);
    const few = await store.search('Observation?_id=o1', { include: ['Observation:subject'] });
    expect([few.included.length, few.truncated]).toEqual([1, undefined]);
    const round = await store.search('Observation?_id=o1', {
      includeIterate: ['*'],
      revincludeIterate: ['Observation:subject'],
    });
    expect(round.truncated).toEqual(['_revinclude:iterate']);
    expect(new Set(round.included.map(({ rid }) => rid)).size).toBe(MOST_INCLUDED);
  });

  test('more inclusions than any type has use for are refused', async () => {
    const include = Array.from({ length: MOST_INCLUSIONS + 1 }, () => 'Observation:subject');
    await expect(store.search('Observation', { include })).rejects.toMatchObject({
      status: 400,
      issues: [{ code: 'too-costly', expression: ['http._include'] }],
    });
  });

  test('what _revinclude can bring to a type is known, and each is a value that it takes', async () => {
    const values = revIncludesOf('ServiceRequest');
    expect(values).toContain('Observation:based-on');
    expect(values).toContain('Provenance:target');
    expect(values).not.toContain('Observation:subject');
    expect(values.filter((value) => value.startsWith('AuditEvent:'))).toEqual([]);
    expect(revIncludesOf('Nothing')).toEqual([]);
    for (let at = 0; at < values.length; at += MOST_INCLUSIONS) {
      const result = await store.search('ServiceRequest?_id=s1', {
        revinclude: values.slice(at, at + MOST_INCLUSIONS),
      });
      expect(result.ignored).toEqual([]);
    }
  });
}
