import { parseScope, type Scope } from '../../auth/scopes.ts';

const CONTEXT_WORDS: Readonly<Record<string, string>> = {
  openid: 'know that it is you who logs in',
  fhirUser: 'know which person in the records you are',
  profile: 'see your name and date of birth',
  offline_access: 'keep this access when you are not using it, for up to 90 days',
  online_access: 'keep this access for as long as you stay logged in',
};

const DATA_WORDS: Readonly<Record<string, string>> = {
  AllergyIntolerance: 'allergies',
  CarePlan: 'care plans',
  Condition: 'diagnoses',
  Consent: 'consents',
  DiagnosticReport: 'reports',
  DocumentReference: 'documents',
  Encounter: 'visits',
  ImagingStudy: 'images (X-ray and the like)',
  Immunization: 'immunisations',
  MedicationRequest: 'prescriptions',
  Observation: 'measurements and laboratory results',
  Patient: 'personal details',
  Procedure: 'procedures',
  ServiceRequest: 'orders',
};

/** `MedicationDispense` as `medication dispense`: R4's names read well enough where we have no word of our own. */
const spelled = (type: string): string => type.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

function list(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${last}` : last;
}

/** A token's code without its system: the page shows the whole scope besides. */
const codeOf = (value: string): string => value.slice(value.lastIndexOf('|') + 1) || value;

function actions(scope: Scope): string {
  const verbs: readonly (readonly [boolean, string])[] = [
    [scope.read || scope.search, scope.read ? 'read' : 'search'],
    [scope.create, 'add'],
    [scope.update, 'change'],
    [scope.delete, 'delete'],
  ];
  return list(verbs.filter(([allowed]) => allowed).map(([, verb]) => verb));
}

/**
 * A scope in words, to follow "The app asks to".
 * @param record whose record `patient/` scopes are about: `your record`
 */
export function scopeWords(text: string, record: string): string {
  const scope = parseScope(text);
  if (!scope)
    return text === 'launch/patient' ? `know that it works on ${record}` : (CONTEXT_WORDS[text] ?? text);
  const data = scope.type === '*' ? 'all kinds of data' : (DATA_WORDS[scope.type] ?? spelled(scope.type));
  const where = scope.context === 'patient' ? `in ${record}` : 'in every record that is open to you';
  const only = scope.query
    ? `, only where ${list(scope.query.map(([name, value]) => `${name} is ${codeOf(value)}`))}`
    : '';
  return `${actions(scope)} ${data} ${where}${only}`;
}
