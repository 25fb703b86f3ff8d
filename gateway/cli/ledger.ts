import { existsSync } from 'node:fs';
import { showTransaction, verifyLedger } from '@fhir-fabric-gateway/network';
import { verifyAudit } from '../audit/index.ts';
import { dataFolder } from './data-folder.ts';
import { auditFile, ledgerFile } from './open-storage.ts';

/**
 * `npm run ledger -- verify`: walks the whole chain and the audit log, says the first that does not hold, exit 1.
 * `npm run ledger -- show <txId>`: a transaction as its block has it.
 */
const [command, txId] = process.argv.slice(2);
const { dataDir } = dataFolder(process.env);
const file = ledgerFile(dataDir);

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function verify(): void {
  const { blocks, transactions, problem } = verifyLedger(file);
  if (problem) fail(`block ${problem.block} does not hold: ${problem.what}`);
  console.log(`${blocks} blocks, ${transactions} transactions: all hold`);
  if (!existsSync(auditFile(dataDir))) return;
  const audit = verifyAudit(auditFile(dataDir));
  if (audit.fault) fail(`the audit log does not hold: ${JSON.stringify(audit.fault)}`);
  console.log(`${audit.rows} audit records: all hold`);
}

if (!existsSync(file)) fail(`There is no ledger in ${dataDir}.`);
switch (command) {
  case 'verify':
    verify();
    break;
  case 'show': {
    const shown = txId === undefined ? fail('show needs a transaction id') : showTransaction(file, txId);
    if (!shown) fail(`The ledger has no transaction ${txId}.`);
    console.log(JSON.stringify(shown, null, 2));
    break;
  }
  default:
    fail('usage: npm run ledger -- verify | show <txId>');
}
