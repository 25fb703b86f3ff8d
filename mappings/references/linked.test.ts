import type { Resource } from '../resource.ts';
import { linkedResources } from './linked.ts';

test('references and attachment addresses of this server are found, each once; others are not', () => {
  const resource: Resource = {
    resourceType: 'DocumentReference',
    subject: { reference: 'Patient/1' },
    author: [
      { reference: 'http://here/fhir/Practitioner/2' },
      { reference: '#p' },
      { reference: 'http://there/Practitioner/3' },
    ],
    content: [{ attachment: { url: 'Binary/4' } }, { attachment: { url: 'Binary/4', title: 'Binary/5' } }],
    context: { related: [{ identifier: { value: 'Binary/6' } }] },
  };
  expect(linkedResources(resource, 'http://here/fhir')).toEqual(['Patient/1', 'Practitioner/2', 'Binary/4']);
});
