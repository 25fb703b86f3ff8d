import { laneOf } from './lanes.ts';

test.each([
  ['GET', '/fhir/R4/Observation/1', 'reads'],
  ['GET', '/fhir/R4/Observation?patient=1', 'reads'],
  ['HEAD', '/fhir/R4/Patient/1', 'reads'],
  ['POST', '/fhir/R4/Observation/_search?_count=1', 'reads'],
  ['POST', '/fhir/R4/Observation', 'writes'],
  ['POST', '/fhir/R4', 'writes'],
  ['PUT', '/fhir/R4/Observation/1', 'writes'],
  ['DELETE', '/fhir/R4/Observation/1', 'writes'],
  ['GET', '/fhir/R4/metadata?_format=json', 'rest'],
  ['GET', '/fhir/R4/.well-known/smart-configuration', 'rest'],
  ['OPTIONS', '/fhir/R4/Observation', 'rest'],
  ['POST', '/oauth/token', 'rest'],
  ['GET', '/metrics', 'rest'],
  ['GET', '/fhir/R4x', 'rest'],
  ['GET', '/healthz', undefined],
  ['GET', '/readyz?', undefined],
])('%s %s goes the way of %s', (method, url, lane) => {
  expect(laneOf(method, url)).toBe(lane);
});
