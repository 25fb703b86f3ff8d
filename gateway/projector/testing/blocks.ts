import {
  encodeValue,
  type EntryValue,
  type GrantValue,
  type LedgerBlock,
  type LedgerTransaction,
  type LedgerValue,
  type PrivateWrite,
  type RecordValue,
  type Rule,
} from '@fhir-fabric-gateway/chaincode/api';
import { seal } from '../../content/envelope.ts';
import { ledgerText } from '../../content/resource-text.ts';
import type { Resource } from '../../fhir/resource.ts';

const author = { mspId: 'HospitalMSP', pseudonym: 'a' };
const THO = 'http://terminology.hl7.org/CodeSystem';

/** A heart rate of Patient/1. */
export const observation = (rate = 60): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  category: [{ coding: [{ system: `${THO}/observation-category`, code: 'vital-signs' }] }],
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  subject: { reference: 'Patient/1' },
  valueQuantity: { value: rate },
});

/** Patient/1 permits (or denies) Practitioner/2 everything. */
export const consent = (type: 'permit' | 'deny' = 'permit'): Resource => ({
  resourceType: 'Consent',
  status: 'active',
  scope: { coding: [{ system: `${THO}/consentscope`, code: 'patient-privacy' }] },
  category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
  patient: { reference: 'Patient/1' },
  policyRule: { coding: [{ system: `${THO}/v3-ActCode`, code: 'OPTIN' }] },
  provision: {
    type,
    actor: [
      {
        role: { coding: [{ system: `${THO}/v3-ParticipationType`, code: 'IRCP' }] },
        reference: { reference: 'Practitioner/2' },
      },
    ],
  },
});

/** What that Consent compiles to. */
export const ruleOf = (type: Rule['type'] = 'permit'): Rule => ({ type, actors: ['Practitioner/2'] });

export const entry = (resource: Resource, more: Partial<EntryValue> = {}): EntryValue => ({
  kind: 'entry',
  type: resource.resourceType,
  id: 'x',
  home: 'patient',
  patient: '1',
  organisation: 'HospitalMSP',
  version: 1,
  section: resource.resourceType === 'Consent' ? 'consent' : 'vitals',
  ...(resource.resourceType === 'Consent' && { grantees: ['Practitioner/2'] }),
  author,
  time: 0,
  command: 0,
  content: seal(ledgerText(resource)),
  ...more,
});

export const grant = (consents: Record<string, Rule>): GrantValue => ({
  kind: 'grant',
  patient: '1',
  grantee: 'Practitioner/2',
  consents,
});

export const record = (status: RecordValue['status'] = 'open'): RecordValue => ({
  kind: 'record',
  patient: '1',
  home: 'HospitalMSP',
  status,
  created: 0,
});

/** The key of a value, which stands for its own hash here. */
export function keyOf(value: LedgerValue, version = false): string {
  switch (value.kind) {
    case 'entry':
      return version
        ? `version/${value.type}/${value.id}/${value.version}`
        : `entry/${value.type}/${value.id}`;
    case 'grant':
      return `grant/${value.patient}/${value.grantee}`;
    case 'record':
      return `record/${value.patient}`;
    default:
      return `${value.kind}/1`;
  }
}

export const put = (value: LedgerValue, version = false): PrivateWrite => ({
  key: keyOf(value, version),
  keyHash: keyOf(value, version),
  effect: 'put',
  value: encodeValue(value, new Uint8Array(16)),
});

export const missing = (value: LedgerValue): PrivateWrite => ({ keyHash: keyOf(value), effect: 'missing' });

export const purge = (value: LedgerValue, version = false): PrivateWrite => ({
  keyHash: keyOf(value, version),
  effect: 'purge',
});

/** A block of one transaction, which read the record of Patient/1 unless `reads` says otherwise. */
export const block = (
  number: number,
  writes: readonly PrivateWrite[],
  reads: LedgerTransaction['reads'] | 'unknown' = ['record/1'],
): LedgerBlock => ({
  number,
  transactions: [
    {
      txId: `tx${number}`,
      index: 0,
      time: 0,
      creator: { mspId: 'HospitalMSP', certificate: '' },
      valid: true,
      outcomes: ['OK'],
      writes,
      ...(reads !== 'unknown' && reads && { reads }),
    },
  ],
});
