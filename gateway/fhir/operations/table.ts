import { everything } from './everything.ts';
import { lastn } from './lastn.ts';
import { meta, metaAdd, metaDelete } from './meta.ts';
import type { Operation } from './operation.ts';
import { validate } from './validate.ts';

const HL7 = 'http://hl7.org/fhir/OperationDefinition/';

/** Every operation there is. Those that other folders bring are spread in here. */
export const OPERATIONS: readonly Operation[] = [
  {
    name: 'everything',
    levels: ['type', 'instance'],
    types: ['Patient'],
    changesState: false,
    parameters: [
      { name: 'start', type: 'date' },
      { name: 'end', type: 'date' },
      { name: '_since', type: 'instant' },
      { name: '_type', type: 'code', max: '*' },
      { name: '_count', type: 'integer' },
      // The server's own, in its links.
      { name: '_page', type: 'string' },
    ],
    definition: `${HL7}Patient-everything`,
    title: "A Patient's record",
    run: everything,
  },
  {
    name: 'validate',
    levels: ['type', 'instance'],
    types: 'all',
    changesState: false,
    parameters: [
      { name: 'resource', type: 'Resource' },
      { name: 'mode', type: 'code' },
      { name: 'profile', type: 'uri' },
    ],
    definition: `${HL7}Resource-validate`,
    title: 'What a write would say',
    run: validate,
  },
  {
    name: 'meta',
    levels: ['instance'],
    types: 'all',
    changesState: false,
    parameters: [],
    definition: `${HL7}Resource-meta`,
    title: 'Profiles, security labels and tags',
    run: meta,
  },
  {
    name: 'meta-add',
    levels: ['instance'],
    types: 'all',
    changesState: true,
    parameters: [{ name: 'meta', type: 'Meta', min: 1 }],
    definition: `${HL7}Resource-meta-add`,
    title: 'Adds profiles, security labels and tags',
    run: metaAdd,
  },
  {
    name: 'meta-delete',
    levels: ['instance'],
    types: 'all',
    changesState: true,
    parameters: [{ name: 'meta', type: 'Meta', min: 1 }],
    definition: `${HL7}Resource-meta-delete`,
    title: 'Takes profiles, security labels and tags away',
    run: metaDelete,
  },
  {
    name: 'lastn',
    levels: ['type'],
    types: ['Observation'],
    changesState: false,
    parameters: [{ name: 'max', type: 'integer' }],
    takesSearch: true,
    definition: `${HL7}Observation-lastn`,
    title: 'The last Observations of each code',
    run: lastn,
  },
];
