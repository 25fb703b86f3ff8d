import { readArguments, UsageError } from './arguments.ts';
import { CREATE_ACCOUNT, checkCreateAccount } from './create-account.ts';
import { CREATE_CLIENT, checkCreateClient } from './create-client.ts';

const account = (text: string): void => checkCreateAccount(readArguments(text.split(' '), CREATE_ACCOUNT));
const client = (scope: string[], text: string): void =>
  checkCreateClient(readArguments([...scope, ...text.split(' ')], CREATE_CLIENT));
const PERSON = '--organisation HospitalMSP --username a@b.example --given A --family B';
const BACK = '--redirect https://app.example/back';

test.each([
  [`--role doctor ${PERSON}`],
  [`--role hr ${PERSON} --practitioner 2 --password-stdin`],
  [`--role patient ${PERSON} --patient 1`],
])('an account can be made with %s', (text) => {
  expect(() => account(text)).not.toThrow();
});

test.each([
  [`--role king ${PERSON}`, '--role is one of doctor, lab, hr, patient.'],
  [`--role system ${PERSON}`, '--role is one of'],
  [`--role doctor --organisation HospitalMSP --username a@b.example`, '--given, --family missing.'],
  [`--role patient ${PERSON}`, '--patient <id> says whose record it is.'],
  [`--role doctor ${PERSON} --patient 1`, '--patient is for the role patient.'],
  [`--role patient ${PERSON} --patient 1 --practitioner 2`, '--practitioner is for staff.'],
  [`--role doctor ${PERSON} --colour red`, "Unknown option '--colour'"],
  [`--role doctor ${PERSON} more`, "Unexpected argument 'more'"],
  [`--role doctor ${PERSON} --practitioner=`, '--practitioner is empty.'],
])('an account can’t be made with %s', (text, why) => {
  expect(() => account(text)).toThrow(UsageError);
  expect(() => account(text)).toThrow(why);
});

test.each([
  [[], '--organisation HospitalMSP --role system --jwks keys.json'],
  [['--scope', 'system/Patient.rs system/*.c'], '--organisation LabMSP --role researcher --jwks keys.json'],
  [['--scope', 'openid patient/*.rs'], `--public ${BACK} ${BACK}2`],
  [['--scope', 'openid launch/patient user/*.read'], `--jwks keys.json ${BACK}`],
])('a client can be made with %j %s', (scope, text) => {
  expect(() => client(scope, `--id x --name X ${text}`)).not.toThrow();
});

test.each([
  [[], '--organisation HospitalMSP --role system', 'A system needs --jwks'],
  [[], '--organisation HospitalMSP --role doctor --jwks k', '--role is one of system, researcher.'],
  [['--scope', 'user/*.rs'], '--organisation HospitalMSP --role system --jwks k', 'user/*.rs is for apps.'],
  [['--scope', 'openid'], '--organisation HospitalMSP --role system --jwks k', 'openid is for apps.'],
  [['--scope', 'openid'], '--public', 'An app needs --redirect <uri>.'],
  [['--scope', 'openid'], BACK, 'An app is either --public or has --jwks <file>.'],
  [['--scope', 'openid'], `${BACK} --public --jwks k`, 'An app is either --public or has --jwks <file>.'],
  [['--scope', 'openid'], `${BACK} --public --role system`, '--role is for systems, not for apps.'],
  [['--scope', 'openid banana'], `${BACK} --public`, 'banana is no scope.'],
  [['--scope', 'system/*.rs'], `${BACK} --public`, 'system/*.rs is for systems.'],
  [[], `${BACK} --public`, 'An app needs --scope "...".'],
])('a client can’t be made with %j %s', (scope, text, why) => {
  expect(() => client(scope, `--id x --name X ${text}`)).toThrow(UsageError);
  expect(() => client(scope, `--id x --name X ${text}`)).toThrow(why);
});
