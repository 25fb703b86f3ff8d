import type { Account } from '../auth/index.ts';
import { setIdentityStatus } from '../setup/identity-status.ts';
import type { Arguments } from './arguments.ts';
import { CREATE_ACCOUNT, checkCreateAccount, createAccount } from './create-account.ts';
import { CommandError, type Operator } from './operator.ts';
import { choosePassword } from './password.ts';
import { runCommand } from './run-command.ts';

/** `npm run account`: people's accounts, for the operator, while the gateway is stopped. */
const USAGE = `usage, while the gateway is stopped:
  npm run account -- create --role doctor|lab|hr --organisation <MSP> --username <e-mail> --given <name> --family <name>
                            [--practitioner <id>] [--password-stdin]
  npm run account -- create --role patient --organisation <MSP> --username <e-mail> --given <name> --family <name>
                            --patient <id> [--password-stdin]
  npm run account -- list
  npm run account -- disable --username <e-mail>
  npm run account -- enable --username <e-mail>
  npm run account -- reset-password --username <e-mail> [--password-stdin]
A password is made up and printed once, or read from the first line of standard input.`;

async function accountOf(args: Arguments, { auth }: Operator): Promise<Account> {
  const account = await auth.accounts.findByUsername(args.text('username'));
  if (!account) throw new CommandError(`There is no account ${args.text('username')}.`);
  return account;
}

const row = ({ username, role, identity, fhirUser, status }: Account): string =>
  [username, role, identity.mspId, fhirUser, status].join('\t');

/** At the door first: the account is out at once, whatever the ledger says then. */
async function disable(args: Arguments, operator: Operator): Promise<string[]> {
  const account = await accountOf(args, operator);
  await operator.auth.accounts.disable(account.id);
  await setIdentityStatus(account, 'disabled', operator.storage).catch((error: unknown) => {
    throw new CommandError(
      `The account is disabled, but its identity on the ledger is not (${String(error)}): run this again.`,
    );
  });
  return [`disabled ${account.username}`];
}

async function enable(args: Arguments, operator: Operator): Promise<string[]> {
  const account = await accountOf(args, operator);
  await setIdentityStatus(account, 'active', operator.storage);
  await operator.auth.accounts.enable(account.id);
  return [`enabled ${account.username}`];
}

async function resetPassword(args: Arguments, operator: Operator): Promise<string[]> {
  const { id, username } = await accountOf(args, operator);
  const { password, shown } = await choosePassword(args);
  await operator.auth.accounts.setPassword(id, password);
  return [`account ${username}`, ...shown];
}

await runCommand(USAGE, {
  create: { ...CREATE_ACCOUNT, check: checkCreateAccount, run: createAccount },
  list: { run: async (_args, { auth }) => (await auth.accounts.list()).map(row) },
  disable: { required: ['username'], run: disable },
  enable: { required: ['username'], run: enable },
  'reset-password': { required: ['username'], flags: ['password-stdin'], run: resetPassword },
});
