import { queryShownTo, queryShownToHr } from './shown-query.ts';

test.each([
  ['Observation?code=8867-4&date=ge2025', 'Observation?code=8867-4&date=ge2025'],
  ['Observation?patient=1', 'Observation?patient=1'],
  ['Observation?patient=Patient/1,Patient/9', 'Observation?patient=Patient/1,*'],
  ['Observation?patient=1%2C9', 'Observation?patient=1,*'],
  [
    'Observation?subject=https://gateway.example/fhir/R4/Patient/1',
    'Observation?subject=https://gateway.example/fhir/R4/Patient/1',
  ],
  [
    'Observation?patient.name=Smith&_include=Observation:subject',
    'Observation?patient.name=*&_include=Observation:subject',
  ],
  ['Patient?name=Smith&_id:not=9', 'Patient?name=*&_id:not=*'],
  ['Patient/9/Observation?code:not=1', 'Patient/*/Observation?code:not=1'],
  ['Patient%2F9/Observation', 'Patient/*/Observation'],
  ['Patient/1/Observation', 'Patient/1/Observation'],
  ['Patient/_search?identifier=urn:x|7', 'Patient/_search?identifier=*'],
  ['Observation?_has:Patient:link:x=%zz&subject=%zz', 'Observation?_has:Patient:link:x=*&subject=*'],
  ['Observation', 'Observation'],
])('a patient disclosed by %s reads %s', (query, shown) => {
  expect(queryShownTo('1', query)).toBe(shown);
});

test.each([
  ['Observation?patient=1&code=HIV', 'Observation'],
  ['Patient/9/Observation?code=1', 'Observation'],
  ['Patient/9?_type=Condition', 'Patient'],
  ['Patient/_search?name=Smith', 'Patient'],
  ['?_id=9', null],
  ['Smith/9?name=x', null],
])('hr reads of %s, sent by another, %j', (query, shown) => {
  expect(queryShownToHr(query)).toBe(shown);
});
