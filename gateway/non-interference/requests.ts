import { PATIENTS } from './cast.ts';
import type { Chance } from './chance.ts';
import { CLINICAL, CODES, DATES, LABELS, WORDS } from './clinical.ts';

const patient = (chance: Chance): string => chance.pick(PATIENTS).id;
const LOINC = 'http://loinc.org';

type Ask = (chance: Chance) => string;

/** Criteria that every type takes. */
const COMMON: readonly Ask[] = [
  (c) => `_id=${c.pick(['obse-0', 'obse-1', 'cond-1', 'cond-2', 'pat-0', 'pat-3'])}`,
  (c) => `_lastUpdated=${c.pick(['ge', 'lt', 'gt'])}2026-06-01`,
  (c) => `_security=${c.pick(LABELS)}`,
  () => '_security:missing=true',
];

/** Criteria of each type, chains and reverse chains among them. */
const CRITERIA: Readonly<Record<string, readonly Ask[]>> = {
  Observation: [
    (c) => `code=${LOINC}|${c.pick(CODES)}`,
    (c) => `code:not=${c.pick(CODES)}`,
    (c) => `date=${c.pick(['ge', 'le', 'eq', 'sa', 'ap'])}${c.pick(DATES).slice(0, 10)}`,
    (c) => `value-string:contains=${c.pick(WORDS).slice(0, 3)}`,
    (c) => `value-quantity=gt${c.below(4)}`,
    (c) => `code-value-quantity=${c.pick(CODES)}$gt${c.below(3)}`,
    (c) => `patient=${patient(c)}`,
    (c) => `subject:Patient=${patient(c)}`,
    (c) => `identifier=http://example.org/obs|${c.pick(WORDS)}`,
    (c) => `patient:Patient.family=${c.pick(['Alpha', 'Beta'])}`,
    (c) => `patient.identifier=http://example.org/mrn|${patient(c)}`,
    (c) => `has-member.code=${c.pick(CODES)}`,
    (c) => `has-member:Observation.has-member:Observation.code=${c.pick(CODES)}`,
    (c) => `encounter:Encounter.reason-reference:Condition.code=${c.pick(CODES)}`,
    (c) => `_has:Observation:has-member:code=${c.pick(CODES)}`,
    (c) => `_has:DiagnosticReport:result:code=${c.pick(CODES)}`,
    () => 'has-member:missing=false',
    () => `category=laboratory,vital-signs`,
    () => 'performer=Practitioner/doc-1',
  ],
  Condition: [
    (c) => `code=${c.pick(CODES)}`,
    (c) => `recorded-date=${c.pick(['ge', 'lt'])}${c.pick(DATES).slice(0, 10)}`,
    (c) => `patient=Patient/${patient(c)}`,
    (c) => `_has:Procedure:reason-reference:code=${c.pick(CODES)}`,
    (c) => `_has:Encounter:reason-reference:_has:Observation:encounter:code=${c.pick(CODES)}`,
    (c) => `encounter.date=ge${c.pick(DATES).slice(0, 10)}`,
  ],
  Encounter: [
    (c) => `date=ge${c.pick(DATES).slice(0, 10)}`,
    (c) => `_has:Condition:encounter:code=${c.pick(CODES)}`,
    (c) => `patient.family=${c.pick(['Alpha', 'Beta'])}`,
    (c) => `reason-reference.code=${c.pick(CODES)}`,
  ],
  Procedure: [
    (c) => `reason-reference:Condition.code=${c.pick(CODES)}`,
    (c) => `date=le${c.pick(DATES).slice(0, 10)}`,
    () => 'encounter:missing=true',
  ],
  DiagnosticReport: [
    (c) => `result.value-string=${c.pick(WORDS)}`,
    (c) => `result.has-member:Observation.code=${c.pick(CODES)}`,
    () => 'category=LAB',
  ],
  Patient: [
    (c) => `family=${c.pick(['Alpha', 'Beta'])}`,
    (c) => `gender=${c.pick(['female', 'male'])}`,
    (c) => `gender:not=${c.pick(['female', 'male'])}`,
    (c) => `_has:Observation:patient:code=${c.pick(CODES)}`,
    (c) => `_has:Condition:patient:encounter.reason-reference:Condition.code=${c.pick(CODES)}`,
    (c) => `identifier=http://example.org/mrn|${patient(c)}&_total=accurate`,
    () => 'general-practitioner=Practitioner/doc-1',
    () => 'general-practitioner.family=doc-1',
    () => 'general-practitioner:missing=true',
  ],
  AllergyIntolerance: [(c) => `code=${c.pick(CODES)}`, (c) => `patient=${patient(c)}`],
  MedicationRequest: [
    (c) => `medication.code=med-${c.below(2)}`,
    (c) => `medication=Medication/med-${c.below(2)}`,
  ],
  Medication: [
    (c) => `code=med-${c.below(2)}`,
    (c) => `_has:MedicationRequest:medication:patient=${patient(c)}`,
  ],
  Provenance: [(c) => `target:Observation.code=${c.pick(CODES)}`, (c) => `patient=${patient(c)}`],
  Consent: [(c) => `patient=${patient(c)}`, () => 'actor=Practitioner/doc-0', () => 'status=active'],
  Practitioner: [
    (c) => `_has:Observation:performer:code=${c.pick(CODES)}`,
    (c) => `_has:Patient:general-practitioner:family=${c.pick(['Alpha', 'Beta'])}`,
  ],
};

const INCLUSIONS = [
  '_include=*',
  '_include=Observation:*',
  '_include=Observation:has-member&_include:iterate=Observation:has-member',
  '_include=Observation:encounter&_include:iterate=Encounter:reason-reference',
  '_include=Procedure:reason-reference&_revinclude:iterate=Condition:encounter',
  '_include=MedicationRequest:medication',
  '_include=DiagnosticReport:result&_include:iterate=Observation:has-member',
  '_revinclude=Observation:patient',
  '_revinclude=Condition:encounter&_revinclude:iterate=Procedure:reason-reference',
  '_revinclude=Observation:has-member',
  '_revinclude=Provenance:target',
  '_revinclude=Consent:patient',
  '_revinclude=*',
] as const;

const SHAPES: readonly Ask[] = [
  (c) => `_sort=${c.pick(['_lastUpdated', '-_lastUpdated', '_id', '-_id'])}`,
  (c) => `_count=${1 + c.below(3)}`,
  (c) => `_count=${1 + c.below(3)}&_sort=-_lastUpdated`,
  (c) => `_count=2&_total=${c.pick(['accurate', 'estimate', 'none'])}`,
  () => '_summary=count',
  () => '_count=0',
  () => '_summary=data',
  () => '_elements=id,code',
];

const SORTS: Readonly<Record<string, readonly string[]>> = {
  Observation: [
    'date',
    '-date',
    'code',
    'value-quantity',
    '-value-string',
    'patient',
    '-encounter',
    'has-member',
  ],
  Patient: ['family', '-gender', 'general-practitioner'],
  Condition: ['code', '-recorded-date', 'encounter'],
};

/** Requests that are refused, or come near it, in every world alike. */
const ODD: readonly Ask[] = [
  (c) => `Observation?nonsense=${c.pick(WORDS)}`,
  (c) => `Observation?patient.nonsense=${c.pick(WORDS)}`,
  () => 'Observation?date=yesterday',
  () => 'Observation?_sort=nonsense',
  () => 'Observation?_include=Nonsense:x',
  () => `Observation?code=${Array.from({ length: 501 }, (_, n) => `c${n}`).join(',')}`,
  () =>
    'Observation?has-member:Observation.has-member:Observation.has-member:Observation.has-member:Observation.has-member:Observation.has-member:Observation.code=x',
  () => 'Observation?_page=nonsense',
  () => 'Nonsense?_id=1',
  () => '?_type=Observation,Nonsense',
  () => 'Patient/pat-0/Nonsense',
];

function search(chance: Chance): string {
  const type = chance.happens(40) ? 'Observation' : chance.pick(Object.keys(CRITERIA));
  const own = CRITERIA[type] ?? [];
  const criteria = chance.some(own, 12).slice(0, 3);
  const common = chance.some(COMMON, 6);
  const shapes = chance.happens(50) ? [chance.pick(SHAPES)] : [];
  const sorts = SORTS[type];
  const parts = [...criteria, ...common, ...shapes].map((ask) => ask(chance));
  if (sorts && chance.happens(30) && !parts.some((part) => part.includes('_sort')))
    parts.push(`_sort=${chance.pick(sorts)}`);
  if (chance.happens(30)) parts.push(chance.pick(INCLUSIONS));
  if (chance.happens(40)) parts.push('_total=accurate');
  const seen = new Set<string>();
  const query = parts
    .join('&')
    .split('&')
    .filter((part) => {
      const name = part.split('=')[0] ?? '';
      const once = ['_count', '_total', '_sort', '_summary', '_elements'].includes(name);
      if (once && seen.has(name)) return false;
      seen.add(name);
      return part !== '';
    })
    .join('&');
  return query === '' ? type : `${type}?${query}`;
}

const named = (chance: Chance, targets: readonly string[]): string => chance.pick(targets);

/** Something that somebody could read or search; `targets` are what anybody ever wrote, seen or not. */
export function randomRead(chance: Chance, targets: readonly string[]): string {
  const roll = chance.below(100);
  if (roll < 55) return search(chance);
  if (roll < 62) return named(chance, targets);
  if (roll < 68)
    return `${named(chance, targets)}/_history${chance.pick(['', '?_count=1', '?_since=2026-01-01', '?_at=2026-06-01'])}`;
  if (roll < 72) return `${named(chance, targets)}/_history/${1 + chance.below(3)}`;
  if (roll < 78)
    return `Patient/${patient(chance)}/$everything${chance.pick(['', '?_count=3', '?_type=Observation,Condition', '?_since=2026-01-01'])}`;
  if (roll < 83)
    return `Patient/${patient(chance)}/${chance.pick(['*', ...CLINICAL])}?_count=${1 + chance.below(9)}`;
  if (roll < 88) return `?_type=${chance.some(CLINICAL, 40).join(',') || 'Observation'}&_count=4`;
  if (roll < 90) return `?patient=${patient(chance)}&_type=Observation,Condition`;
  if (roll < 95)
    return `AuditEvent?${chance.pick([`patient=${patient(chance)}`, '_count=3', 'action=R', 'outcome=4,8', '_total=accurate'])}`;
  return chance.pick(ODD)(chance);
}
