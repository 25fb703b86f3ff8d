import type { Context } from 'fabric-contract-api';
import { replaceBytes } from './api/index.ts';
import type { CommandName, OutcomeCode, Query } from './api/index.ts';
import { readCertificate } from './certificate.ts';
import { runCommand } from './commands/index.ts';
import { failure } from './failure.ts';
import { checkCommand, readCommands, readQuery } from './input.ts';
import { runQuery } from './queries/index.ts';
import { Refusal } from './refusal.ts';
import { Overlay } from './state/overlay.ts';
import { transactionTime } from './state/stub.ts';
import type { Work } from './work.ts';

/**
 * Bytes that one transaction may bring as transient data (commands and contents), and likewise bytes that it may write.
 * A block travels with the private data of all its transactions, which must stay under 64 MB: so a network's blocks hold
 * as many transactions as these bytes fit into that, which are 8.
 */
export const MAX_TRANSACTION_BYTES = 8 * 1024 * 1024;

const DEFAULT_PURPOSE = 'TREAT';

/** Arguments stay in the block for ever: a call that has some is not endorsed. */
function refuseArguments({ stub }: Context, allowed: number): void {
  if (stub.getFunctionAndParameters().params.length > allowed) throw new Refusal('BAD_REQUEST');
}

interface Run {
  overlay: Overlay;
  certificate: Work['certificate'];
  now: number;
}

/** Runs the command at `index` on a draft of its own, and takes the draft over when it succeeded. */
async function runOne(run: Run, value: unknown, index: number, only: CommandName | undefined): Promise<void> {
  const command = checkCommand(value);
  if (!command || (only !== undefined && command.fn !== only)) throw new Refusal('BAD_REQUEST');
  const { certificate, now } = run;
  const draft = run.overlay.draft();
  const purpose = command.purpose ?? DEFAULT_PURPOSE;
  await runCommand({ draft, certificate, now, index, purpose }, command);
  if (!run.overlay.merge(draft, MAX_TRANSACTION_BYTES)) throw new Refusal('TOO_LARGE');
}

/**
 * Runs the commands of the transient data and writes what they want written. `atomic`: the first that fails fails the
 * transaction, with `CODE@index`. `independent`: an outcome each. Answers the outcomes as a JSON array.
 */
export async function runCommands(
  ctx: Context,
  mode: string | undefined,
  only?: CommandName,
): Promise<string> {
  let index = 0;
  try {
    refuseArguments(ctx, only === undefined ? 1 : 0);
    if (mode !== 'atomic' && mode !== 'independent') throw new Refusal('BAD_REQUEST');
    const { commands, seed } = readCommands(ctx.stub, MAX_TRANSACTION_BYTES);
    if (only !== undefined && commands.length !== 1) throw new Refusal('BAD_REQUEST');
    const overlay = await Overlay.open(ctx.stub, seed);
    const run = { overlay, certificate: readCertificate(ctx.clientIdentity), now: transactionTime(ctx.stub) };
    const outcomes: OutcomeCode[] = [];
    for (const [position, value] of commands.entries()) {
      index = position;
      try {
        await runOne(run, value, position, only);
        outcomes.push('OK');
      } catch (error) {
        if (mode === 'atomic' || !(error instanceof Refusal)) throw error;
        outcomes.push(error.code);
      }
    }
    await overlay.flush();
    return JSON.stringify(outcomes);
  } catch (error) {
    throw failure(error, index);
  }
}

/** Bytes in an answer are base64. */
const toJson = (answer: unknown): string =>
  JSON.stringify(replaceBytes(answer, (bytes) => Buffer.from(bytes).toString('base64')));

/** Answers the query of the transient data, as JSON. */
export async function answer(ctx: Context, fn: Query['fn']): Promise<string> {
  try {
    refuseArguments(ctx, 0);
    const query = readQuery(ctx.stub, fn);
    const overlay = await Overlay.open(ctx.stub);
    const work = {
      draft: overlay.draft(),
      certificate: readCertificate(ctx.clientIdentity),
      now: transactionTime(ctx.stub),
      index: 0,
      purpose: DEFAULT_PURPOSE,
    };
    return toJson(await runQuery(work, query));
  } catch (error) {
    throw failure(error, 0);
  }
}
