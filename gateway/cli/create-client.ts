import { CONTEXT_SCOPES, parseScope, type NewClient } from '../auth/index.ts';
import { register } from '../setup/register.ts';
import { oneOf, UsageError, type Arguments, type CommandOptions } from './arguments.ts';
import { readPublicKeys } from './client-keys.ts';
import { CommandError, type Operator } from './operator.ts';

const ROLES = ['system', 'researcher'] as const;
const ON_ITS_OWN = 'system/*.cruds';

export const CREATE_CLIENT: CommandOptions = {
  required: ['id', 'name'],
  optional: ['organisation', 'role', 'jwks', 'scope'],
  repeated: ['redirect', 'logout-redirect'],
  flags: ['public'],
};

/** A client that people use has somewhere to send them back to; any other acts on its own account. */
const isApp = (args: Arguments): boolean => args.flag('public') || args.all('redirect').length > 0;

const scopesOf = (args: Arguments): string[] =>
  (args.optional('scope') ?? ON_ITS_OWN).split(' ').filter((scope) => scope !== '');

/** Throws a UsageError for options that do not go together, and for scopes that are none. */
export function checkCreateClient(args: Arguments): void {
  const jwks = args.optional('jwks') !== undefined;
  if (isApp(args)) {
    if (args.all('redirect').length === 0) throw new UsageError('An app needs --redirect <uri>.');
    if (args.flag('public') === jwks) throw new UsageError('An app is either --public or has --jwks <file>.');
    if (args.optional('scope') === undefined) throw new UsageError('An app needs --scope "...".');
    for (const name of ['organisation', 'role'])
      if (args.optional(name) !== undefined) throw new UsageError(`--${name} is for systems, not for apps.`);
  } else {
    for (const name of ['organisation', 'role', 'jwks'])
      if (args.optional(name) === undefined)
        throw new UsageError(`A system needs --${name}; an app needs --redirect.`);
    oneOf('role', args.optional('role') ?? '', ROLES);
  }
  for (const scope of scopesOf(args)) {
    const context = parseScope(scope)?.context;
    const known = context !== undefined || (CONTEXT_SCOPES as readonly string[]).includes(scope);
    if (!known) throw new UsageError(`${scope} is no scope.`);
    if ((context === 'system') === isApp(args))
      throw new UsageError(isApp(args) ? `${scope} is for systems.` : `${scope} is for apps.`);
  }
}

/** A client; one that acts on its own account with an identity of its organisation on the ledger. */
export async function createClient(args: Arguments, operator: Operator): Promise<string[]> {
  const { storage, auth } = operator;
  const jwks = args.optional('jwks');
  const client: NewClient = {
    ...{ id: args.text('id'), name: args.text('name'), scopes: scopesOf(args) },
    ...{ redirectUris: args.all('redirect'), postLogoutRedirectUris: args.all('logout-redirect') },
    ...(jwks !== undefined && { jwks: await readPublicKeys(jwks) }),
  };
  if (isApp(args)) {
    await auth.clients.create(client);
    return [`client ${client.id}`];
  }
  const role = oneOf('role', args.optional('role') ?? '', ROLES);
  const { mspId, organization } = operator.organisation(args.optional('organisation') ?? '');
  const backend = (pseudonym: string): NewClient['backend'] & object => ({
    ...{ role, identity: { mspId, pseudonym }, organization: `Organization/${organization}` },
  });
  await auth.clients.assertPossible({ ...client, backend: backend('') });
  const { pseudonym } = await register({ mspId, role }, storage);
  try {
    await auth.clients.create({ ...client, backend: backend(pseudonym) });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      `The ledger has the identity ${mspId}/${pseudonym}, which nobody uses; the client could not be made: ${why}`,
    );
  }
  return [`client ${client.id}`];
}
