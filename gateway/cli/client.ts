import type { Client } from '../auth/index.ts';
import { setIdentityStatus } from '../setup/identity-status.ts';
import type { Arguments } from './arguments.ts';
import { CREATE_CLIENT, checkCreateClient, createClient } from './create-client.ts';
import { CommandError, type Operator } from './operator.ts';
import { runCommand } from './run-command.ts';

/** `npm run client`: hospitals' systems and people's apps, for the operator, while the gateway is stopped. */
const USAGE = `usage, while the gateway is stopped:
  npm run client -- create --id <id> --name <name> --organisation <MSP> --role system|researcher --jwks <file>
                           [--scope "system/*.cruds"]
  npm run client -- create --id <id> --name <name> --redirect <uri>... --scope "openid fhirUser patient/*.rs"
                           --public | --jwks <file>   [--logout-redirect <uri>...]
  npm run client -- list
  npm run client -- disable --id <id>
  npm run client -- enable --id <id>
The file holds the client's public keys, a JWK Set: EC P-384 (ES384) or RSA (RS384), each with its kid.`;

async function clientOf(args: Arguments, { auth }: Operator): Promise<Client> {
  const client = await auth.clients.get(args.text('id'));
  if (!client) throw new CommandError(`There is no client ${args.text('id')}.`);
  return client;
}

const row = ({ id, backend, jwks, scopes, status }: Client): string =>
  [
    id,
    backend?.role ?? (jwks ? 'app' : 'public app'),
    backend?.identity.mspId ?? '-',
    status,
    scopes.join(' '),
  ].join('\t');

/** At the door first: the client is out at once, whatever the ledger says then. */
async function disable(args: Arguments, operator: Operator): Promise<string[]> {
  const { id, backend } = await clientOf(args, operator);
  await operator.auth.clients.disable(id);
  if (backend)
    await setIdentityStatus(backend, 'disabled', operator.storage).catch((error: unknown) => {
      throw new CommandError(
        `The client is disabled, but its identity on the ledger is not (${String(error)}): run this again.`,
      );
    });
  return [`disabled ${id}`];
}

async function enable(args: Arguments, operator: Operator): Promise<string[]> {
  const { id, backend } = await clientOf(args, operator);
  if (backend) await setIdentityStatus(backend, 'active', operator.storage);
  await operator.auth.clients.enable(id);
  return [`enabled ${id}`];
}

await runCommand(USAGE, {
  create: { ...CREATE_CLIENT, check: checkCreateClient, run: createClient },
  list: { run: async (_args, { auth }) => (await auth.clients.list()).map(row) },
  disable: { required: ['id'], run: disable },
  enable: { required: ['id'], run: enable },
});
