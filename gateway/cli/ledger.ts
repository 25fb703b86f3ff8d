import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  ledgerAnchors,
  showTransaction,
  signerRecord,
  storedBytes,
  verifyLedger,
  type ChainHead,
} from '@fhir-fabric-gateway/network';
import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';
import { verifyAudit } from '../audit/index.ts';
import { dataFolder } from './data-folder.ts';
import { showOnFabric, verifyOnFabric } from './fabric-chain.ts';
import { isPostgres } from '../database/open.ts';
import { ledgerFile, signerFile as signerFileIn, storesOf } from './stores.ts';

/**
 * `npm run ledger -- verify [--signer <PEM file>] [--head <number>:<hash>]`: walks the whole chain and the audit log,
 * says the first that does not hold, exit 1. The chain is held against the signer and the head that `orderer.db` has
 * recorded, and besides against those given: whoever can write the data folder can forge the one, not the other.
 * `npm run ledger -- signer`: the public key of the signer, for `--signer`.
 * `npm run ledger -- show <txId>`: a transaction as its block has it.
 * `npm run ledger -- size`: the bytes of blocks, and of private values by kind, as JSON.
 * With LEDGER naming a connection file, `verify` and `show` are of the channel, as the own peer has it.
 */
const USAGE =
  'usage: npm run ledger -- verify [--signer <PEM file>] [--head <number>:<hash>] | signer | show <txId> | size';

const { values: options, positionals } = readArguments();
const [command, txId] = positionals;
const { dataDir } = dataFolder(process.env);
const file = ledgerFile(dataDir);
const signerFile = signerFileIn(dataDir);
const auditUrl = storesOf({
  dataDir,
  indexUrl: process.env['INDEX_URL'] ?? join(dataDir, 'index.db'),
}).audit;

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { signer: { type: 'string' }, head: { type: 'string', multiple: true } },
    });
  } catch {
    return fail(USAGE);
  }
}

/** `<number>:<hash>`, as `verify` prints it. */
function headOf(given: string): ChainHead {
  const [, number, hash] = /^(\d{1,15}):([A-Za-z0-9_-]{43})$/.exec(given) ?? [];
  return number !== undefined && hash !== undefined
    ? { number: Number(number), hash }
    : fail(`--head ${given} is not <number>:<hash>`);
}

function given<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/** The anchors of this gateway's audit log: those of ORGANISATIONS' first, or of whoever alone has some. */
function anchorsOf(): ReadonlyMap<number, string> {
  const all = ledgerAnchors(file);
  const own =
    process.env['ORGANISATIONS']?.split('=')[0]?.trim() ?? (all.size === 1 ? [...all.keys()][0] : undefined);
  if (own === undefined && all.size > 0)
    fail(`Set ORGANISATIONS: the ledger has anchors of ${[...all.keys()].join(', ')}.`);
  return all.get(own ?? '') ?? new Map<number, string>();
}

async function verify(): Promise<void> {
  // Read before the chain: a ledger that is in use goes on growing.
  const recorded = given(() => signerRecord(signerFile));
  const { signer: signerPem } = options;
  const signer = signerPem === undefined ? recorded.signer : given(() => readFileSync(signerPem, 'utf8'));
  const heads = [...(recorded.head ? [recorded.head] : []), ...(options.head ?? []).map(headOf)];
  const { blocks, transactions, head, problem } = given(() =>
    verifyLedger(file, { heads, ...(signer !== undefined && { signer }) }),
  );
  if (problem) fail(`block ${problem.block} does not hold: ${problem.what}`);
  console.log(`${blocks} blocks, ${transactions} transactions: all hold`);
  if (head) console.log(`head ${head.number}:${head.hash}`);
  if (signer === undefined)
    console.error(`No signer is given or recorded in ${signerFile}: block 0 names its own.`);
  if (heads.length === 0)
    console.error(`No head is given or recorded in ${signerFile}: blocks taken off the end are not missed.`);

  if (!isPostgres(auditUrl) && !existsSync(auditUrl)) {
    if (anchorsOf().size > 0) fail('the audit log, of which the ledger has anchors, is missing');
    return;
  }
  const audit = await verifyAudit(auditUrl, anchorsOf());
  if (audit.fault) fail(`the audit log does not hold: ${JSON.stringify(audit.fault)}`);
  console.log(`${audit.rows} audit records: all hold`);
}

/** The same of a channel: its blocks are signed by its orderers, and each peer checks that as it takes them. */
async function onFabric(): Promise<void> {
  try {
    if (command === 'verify') for (const line of await verifyOnFabric()) console.log(line);
    else if (command === 'show' && txId !== undefined)
      console.log((await showOnFabric(txId)) ?? fail(`The ledger has no transaction ${txId}.`));
    else if (command === 'size') fail('What a channel takes is on its peers’ disks.');
    else fail(command === 'signer' ? 'The blocks of a channel are signed by its orderers.' : USAGE);
  } catch (error) {
    fail(
      error instanceof LedgerError
        ? 'The peer cannot be asked.'
        : error instanceof Error
          ? error.message
          : String(error),
    );
  }
}

if ((process.env['LEDGER'] ?? 'embedded') !== 'embedded') {
  await onFabric();
  process.exit();
}
if (!existsSync(file)) fail(`There is no ledger in ${dataDir}.`);
switch (command) {
  case 'verify':
    await verify();
    break;
  case 'signer':
    console.log(
      (
        given(() => signerRecord(signerFile)).signer ?? fail(`No signer is recorded in ${signerFile}.`)
      ).trim(),
    );
    break;
  case 'show': {
    const shown = txId === undefined ? fail('show needs a transaction id') : showTransaction(file, txId);
    if (!shown) fail(`The ledger has no transaction ${txId}.`);
    console.log(JSON.stringify(shown, null, 2));
    break;
  }
  case 'size':
    console.log(
      JSON.stringify(
        given(() => storedBytes(file)),
        null,
        2,
      ),
    );
    break;
  default:
    fail(USAGE);
}
