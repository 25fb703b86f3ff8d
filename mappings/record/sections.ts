import { typeRow, type Section } from '@fhir-fabric-gateway/chaincode/api';
import { codingKeys, type Resource } from '../resource.ts';

const LOINC = 'http://loinc.org';
const loinc = (...codes: string[]): ReadonlySet<string> => new Set(codes.map((code) => `${LOINC}|${code}`));

/** ABO and Rh group, ABO group, Rh. */
const BLOOD_GROUP = loinc('882-1', '883-9', '10331-7');

/** The codes of R4's vital signs profiles, their panel and components. https://hl7.org/fhir/R4/observation-vitalsigns.html */
const VITAL_SIGNS = loinc(
  '85353-1', // vital signs panel
  '9279-1', // respiratory rate
  '8867-4', // heart rate
  '2708-6', // oxygen saturation
  '59408-5', // oxygen saturation by pulse oximetry
  '8310-5', // body temperature
  '8302-2', // body height
  '8306-3', // body height, lying
  '9843-4', // head circumference
  '29463-7', // body weight
  '39156-5', // body mass index
  '85354-9', // blood pressure panel
  '8480-6', // systolic
  '8462-4', // diastolic
  '8478-0', // mean
);

/** Blood sugar, which the thesis's form has beside the vital signs: a doctor's reading has no category `laboratory`. */
const GLUCOSE = loinc(
  '2339-0', // blood, mass
  '15074-8', // blood, moles
  '32016-8', // capillary blood, mass
  '41653-7', // capillary blood by glucometer, mass
  '14743-9', // capillary blood by glucometer, moles
  '2345-7', // serum or plasma, mass
  '14749-6', // serum or plasma, moles
);

const SYMPTOM = loinc('75325-1');

const OBSERVATION_CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';

/** https://hl7.org/fhir/R4/valueset-diagnostic-service-sections.html: every code of it is a diagnostic service. */
const DIAGNOSTIC_SERVICE = 'http://terminology.hl7.org/CodeSystem/v2-0074|';
/** LOINC parts: US Core's categories Radiology, Cardiology and Pathology, and Laboratory, as other profiles have it. */
const DIAGNOSTIC_PARTS = loinc('LP29684-5', 'LP29708-2', 'LP7839-6', 'LP29693-6');

function observationSection(resource: Resource): Section {
  const codes = codingKeys(resource['code']);
  const categories = codingKeys(resource['category']);
  const category = (code: string): boolean => categories.includes(`${OBSERVATION_CATEGORY}|${code}`);
  if (codes.some((code) => BLOOD_GROUP.has(code))) return 'bloodGroup';
  if (category('laboratory') || category('imaging')) return 'report';
  if (category('vital-signs') || codes.some((code) => VITAL_SIGNS.has(code) || GLUCOSE.has(code)))
    return 'vitals';
  if (codes.some((code) => SYMPTOM.has(code))) return 'symptoms';
  return 'other';
}

function reportSection(resource: Resource): Section {
  const diagnostic = codingKeys(resource['category']).some(
    (code) => code.startsWith(DIAGNOSTIC_SERVICE) || DIAGNOSTIC_PARTS.has(code),
  );
  return diagnostic ? 'report' : 'notes';
}

/** The section of the record that the resource belongs to, by its type and, for two types, by what it says. */
export function sectionOf(resource: Resource): Section {
  if (resource.resourceType === 'Observation') return observationSection(resource);
  if (resource.resourceType === 'DiagnosticReport') return reportSection(resource);
  return typeRow(resource.resourceType)?.sections[0] ?? 'other';
}
