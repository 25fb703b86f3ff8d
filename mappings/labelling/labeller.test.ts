import { CONFIDENTIALITY } from '@fhir-fabric-gateway/chaincode/api';
import { classify } from '../record/classify.ts';
import type { JsonObject, Resource } from '../resource.ts';
import { createLabeller, labelsIn, withLabels } from './labeller.ts';
import { parseLabelTable } from './table.ts';

const ACT = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const act = (code: string) => `${ACT}|${code}`;
const level = (code: string) => CONFIDENTIALITY + code;
const security = (key: string): JsonObject => {
  const [system = '', code = ''] = key.split('|');
  return { system, code };
};
const coded = (system: string, code: string, more: JsonObject = {}): Resource => ({
  resourceType: 'Condition',
  subject: { reference: 'Patient/1' },
  code: { coding: [{ system, code }] },
  ...more,
});
const label = createLabeller();

test.each([
  ['http://loinc.org', '75622-1', [act('HIV'), level('R')]],
  ['http://snomed.info/sct', '370143000', [act('PSY'), level('R')]],
  ['http://hl7.org/fhir/sid/icd-10-cm', 'F10.20', [act('ETH'), act('ETHUD'), act('SUD'), level('R')]],
  [
    'http://www.nlm.nih.gov/research/umls/rxnorm',
    '6813',
    [act('ETH'), act('OPIOIDUD'), act('SUD'), level('R')],
  ],
  ['http://snomed.info/sct', '75516001', [act('PSY'), act('PSYTHPN'), level('V')]],
  ['http://loinc.org', '8867-4', []],
  ['urn:elsewhere', '75622-1', []],
])('%s %s is labelled by what it says', (system, code, labels) => {
  expect([...label(coded(system, code))].sort()).toEqual([...labels].sort());
});

test('a code counts wherever it stands, in what is contained too', () => {
  const hiv = { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'B20' }] };
  const contained = { resourceType: 'Condition', id: 'c', subject: { reference: 'Patient/1' }, code: hiv };
  const resource = coded('urn:x', 'y', { evidence: [{ code: [hiv] }] });
  expect(label(resource)).toContain(act('HIV'));
  const container = coded('urn:x', 'y', { contained: [contained] });
  expect(label(container)).toContain(act('HIV'));
  const { facets } = classify(container, { labeller: label });
  expect(facets.map((facet) => facet.labels.includes(act('HIV')))).toEqual([true, true]);
});

test('what the author set stays, in front, and is not said twice', () => {
  const authored = [security(act('PSY')), { ...security(level('V')), display: 'very restricted' }];
  const resource = coded('http://snomed.info/sct', '370143000', { meta: { security: authored } });
  expect(label(resource)).toEqual([]);
  expect(withLabels(resource, label(resource))).toEqual(resource);
  const normal = coded('http://snomed.info/sct', '370143000', { meta: { security: [security(level('N'))] } });
  expect(labelsIn(withLabels(normal, label(normal)))).toEqual([level('N'), act('PSY'), level('R')]);
});

test('a label that the author set brings the wider ones', () => {
  const resource = coded('urn:x', 'y', { meta: { security: [security(act('ETHUD'))] } });
  expect([...label(resource)].sort()).toEqual([act('ETH'), act('SUD'), level('R')].sort());
});

test('a labelled resource is labelled as it is', () => {
  const resource = coded('http://loinc.org', '74013-4');
  const once = withLabels(resource, label(resource));
  expect(withLabels(once, label(once))).toEqual(once);
});

test('a Consent that names a label has none of its own; tags are no labels', () => {
  const consent = { resourceType: 'Consent', provision: { securityLabel: [security(act('PSY'))] } };
  expect(label(consent)).toEqual([]);
  expect(label(coded('urn:x', 'y', { meta: { tag: [security(act('PSY'))] } }))).toEqual([]);
});

test('the operator’s table takes the place of the gateway’s own', () => {
  const table = parseLabelTable(
    JSON.stringify({ rows: [{ labels: ['SEX'], confidentiality: 'V', codes: { 'urn:own': ['S1', 'T*'] } }] }),
  );
  const own = createLabeller(table);
  expect(own(coded('urn:own', 'S1'))).toEqual([act('SEX'), level('V')].sort());
  expect(own(coded('urn:own', 'T9'))).toContain(act('SEX'));
  expect(own(coded('urn:own', 'S12'))).toEqual([]);
  expect(own(coded('http://loinc.org', '75622-1'))).toEqual([]);
});

test.each([
  ['{}', 'rows'],
  ['{"rows": [{"labels": ["A"], "confidentiality": "Z", "codes": {}}]}', 'rows[0]: confidentiality'],
  ['{"rows": [{"labels": "A", "confidentiality": "R", "codes": {}}]}', 'rows[0]: labels'],
  ['{"rows": [{"labels": ["A"], "confidentiality": "R", "codes": {"urn:x": ["*"]}}]}', 'rows[0]: codes'],
  ['{"rows": [3]}', 'rows[0]: is no object'],
])('a table that cannot be used says what is wrong: %s', (text, why) => {
  expect(() => parseLabelTable(text)).toThrow(why);
});
