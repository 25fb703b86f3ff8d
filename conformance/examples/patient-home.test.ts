import { readFileSync } from 'node:fs';
import type { Answer } from '../clients/answer.ts';
import { systemSession } from '../clients/backend.ts';
import type { JsonObject } from '../clients/resource.ts';
import type { Session } from '../clients/session.ts';
import { parseAsWritten } from '../clients/written-json.ts';
import { patientExamples, patientsNamedIn, type Example } from './examples.ts';

/** Why an example can't be written here, by its file. */
const EXCEPTIONS = JSON.parse(readFileSync(new URL('exceptions.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;
const AT_ONCE = 8;

const examples = patientExamples();
const isPatient = ({ name }: Example) => name.startsWith('Patient/');
/** What has no owner of its own but that of what it points at. */
const isPointer = ({ name }: Example) => /^(Provenance|EnrollmentResponse)\//.test(name);

let hospital: Session;
const written = new Map<string, Answer>();

async function write(some: readonly Example[]): Promise<void> {
  for (let at = 0; at < some.length; at += AT_ONCE) {
    await Promise.all(
      some.slice(at, at + AT_ONCE).map(async ({ file, name, text }) => {
        written.set(file, await hospital.request('PUT', name, text));
      }),
    );
  }
}

/** As it was written, but for what the server sets. */
function content(text: string): JsonObject {
  const { meta, ...rest } = parseAsWritten(text) as JsonObject;
  const { versionId: _version, lastUpdated: _time, ...kept } = (meta ?? {}) as JsonObject;
  return { ...rest, meta: kept };
}

beforeAll(async () => {
  hospital = await systemSession('hospital-system');
  const patients = examples.filter(isPatient);
  await write(patients);
  const known = new Set(patients.map(({ name }) => name));
  for (const id of patientsNamedIn(examples).filter((one) => !known.has(`Patient/${one}`))) {
    await hospital.request('PUT', `Patient/${id}`, { resourceType: 'Patient', id });
  }
  await write(examples.filter((one) => !isPatient(one) && !isPointer(one)));
  await write(examples.filter(isPointer));
});

test('there are HL7’s examples of every type that a record is made of', () => {
  expect(examples.length).toBe(480);
});

test.each(
  examples
    .filter(({ file }) => !(file in EXCEPTIONS))
    .map(({ file, name, text }) => [file, name, text] as const),
)('%s is read as it was written', async (file, name, text) => {
  const answer = written.get(file);
  if (answer?.status !== 200 && answer?.status !== 201)
    throw new Error(`PUT ${name}: ${answer?.status} ${answer?.text}`);
  const read = await hospital.get(name);
  expect(read.status).toBe(200);
  expect(content(read.text)).toEqual(content(text));
});

test.each(Object.entries(EXCEPTIONS))('%s is refused: %s', (file) => {
  const answer = written.get(file);
  expect([400, 403, 409, 422]).toContain(answer?.status);
});

test('decimals keep the digits that they were written with', async () => {
  const { text = '' } = examples.find(({ file }) => file === 'Observation-decimal') ?? {};
  const id = 'decimals-of-a-patient';
  const owned = text.replace(
    '"id": "decimal"',
    `"id": "${id}", "subject": { "reference": "Patient/example" }`,
  );
  expect([200, 201]).toContain((await hospital.request('PUT', `Observation/${id}`, owned)).status);
  const read = (await hospital.get(`Observation/${id}`)).text;
  expect(content(read)).toEqual(content(owned));
  expect(read).toMatch(/"value":\s*1\.00,/);
  expect(read).toMatch(/"value":\s*1\.000000000000000000E-245,/);
});
