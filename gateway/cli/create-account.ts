import { LedgerError, type EntryWrite } from '@fhir-fabric-gateway/chaincode/api';
import type { AccountRole, NewAccount } from '../auth/index.ts';
import type { OrganisationSettings } from '../organisations.ts';
import { register } from '../setup/register.ts';
import { staffEntries } from '../setup/staff.ts';
import { oneOf, UsageError, type Arguments, type CommandOptions } from './arguments.ts';
import { CommandError, type Operator } from './operator.ts';
import { choosePassword } from './password.ts';

const ROLES = ['doctor', 'lab', 'hr', 'patient'] as const satisfies readonly AccountRole[];

export const CREATE_ACCOUNT: CommandOptions = {
  required: ['role', 'organisation', 'username', 'given', 'family'],
  optional: ['practitioner', 'patient'],
  flags: ['password-stdin'],
};

/** Throws a UsageError for options that do not go together. */
export function checkCreateAccount(args: Arguments): void {
  const role = oneOf('role', args.text('role'), ROLES);
  if ((role === 'patient') !== (args.optional('patient') !== undefined))
    throw new UsageError(
      role === 'patient' ? '--patient <id> says whose record it is.' : '--patient is for the role patient.',
    );
  if (role === 'patient' && args.optional('practitioner') !== undefined)
    throw new UsageError('--practitioner is for staff.');
}

/**
 * An account for somebody, with an identity on the ledger; for staff who are not in the directory yet with a Practitioner
 * and a PractitionerRole. Everything that can be judged before is, and the ledger takes its part whole or not at all.
 */
export async function createAccount(args: Arguments, operator: Operator): Promise<string[]> {
  const { storage, auth } = operator;
  const role = oneOf('role', args.text('role'), ROLES);
  const organisation = operator.organisation(args.text('organisation'));
  const { mspId, organization } = organisation;
  const { person, directory } = await personOf(role, args, organisation, operator);
  const { password, shown } = await choosePassword(args);
  const [given, family] = [args.text('given'), args.text('family')];
  const account: Omit<NewAccount, 'identity'> = {
    ...{ username: args.text('username'), password, role, fhirUser: person, given, family },
    display: `${given} ${family}`,
    ...(role !== 'patient' && { organization: `Organization/${organization}` }),
  };
  await auth.accounts.assertPossible(account);
  const identity = await register({ mspId, role, fhirUser: person, directory }, storage).catch(
    (error: unknown) => {
      throw refusal(error, person, mspId, role);
    },
  );
  try {
    const { username } = await auth.accounts.create({ ...account, identity });
    return [`account ${username}`, `person ${person}`, ...shown];
  } catch (error) {
    const again =
      role === 'patient' ? '' : ` Try again with --practitioner ${person.replace('Practitioner/', '')}.`;
    throw new CommandError(
      `The ledger has ${person} with the identity ${mspId}/${identity.pseudonym}, but the account could not be made: ` +
        `${error instanceof Error ? error.message : String(error)}${again}`,
    );
  }
}

interface Person {
  /** `Practitioner/2`, `Patient/1` */
  person: string;
  /** What is to be written for it. */
  directory: readonly EntryWrite[];
}

async function personOf(
  role: AccountRole,
  args: Arguments,
  organisation: OrganisationSettings,
  { index, services }: Operator,
): Promise<Person> {
  const { mspId } = organisation;
  const patient = args.optional('patient');
  if (role === 'patient') {
    const record = await index.record(patient ?? '');
    if (record?.status !== 'open')
      throw new CommandError(`There is no record of Patient/${patient ?? ''} here.`);
    if (record.home !== mspId)
      throw new CommandError(`The record of Patient/${record.patient} is kept by ${record.home}.`);
    return { person: `Patient/${record.patient}`, directory: [] };
  }
  const id = args.optional('practitioner');
  if (id === undefined) {
    const [given, family, email] = [args.text('given'), args.text('family'), args.text('username')];
    const { practitioner, entries } = staffEntries({ role, given, family, email }, organisation, services);
    return { person: `Practitioner/${practitioner}`, directory: entries };
  }
  const practitioner = await index.get('Practitioner', id);
  if (!practitioner || practitioner.deleted) throw new CommandError(`There is no Practitioner/${id} here.`);
  if (practitioner.organisation !== mspId)
    throw new CommandError(`Practitioner/${id} is in the directory of ${practitioner.organisation}.`);
  return { person: `Practitioner/${id}`, directory: [] };
}

/** The ledger's codes, where they say something about this person. */
function refusal(error: unknown, person: string, mspId: string, role: AccountRole): unknown {
  if (!(error instanceof LedgerError)) return error;
  if (error.code === 'EXISTS')
    return new CommandError(`${person} has an identity on the ledger already: disable its account first.`);
  if (error.code === 'FORBIDDEN')
    return new CommandError(`${mspId} may not have the role ${role} for ${person}.`);
  return error;
}
