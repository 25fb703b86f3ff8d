import { existsSync } from 'node:fs';
import {
  openWallet,
  showFabricTransaction,
  verifyFabricLedger,
  type FabricConfig,
  type Wallet,
} from '@fhir-fabric-gateway/network';
import { verifyAudit } from '../audit/index.ts';
import { ConfigError } from '../config.ts';
import { operatorOf } from '../setup/operator.ts';
import { dataFolder } from './data-folder.ts';
import { readSettings } from './read-settings.ts';
import { isPostgres } from '../database/open.ts';
import { storesOf, type Stores } from './stores.ts';

/** What does not hold; its text says what. */
export class Unsound extends Error {}

interface Scene {
  config: FabricConfig;
  wallet: Wallet;
  stores: Stores;
  mspId: string;
}

/** Opens what asks the peer: the organisation's operator, as whom the gateway has been there before. */
async function onFabric<T>(work: (scene: Scene) => Promise<T>): Promise<T> {
  const { dataDir, demo } = dataFolder(process.env);
  const settings = readSettings({ ...process.env, DATA_DIR: dataDir }, demo);
  const [own] = settings.own;
  if (settings.ledger.engine !== 'fabric' || !own) throw new ConfigError('LEDGER is no connection file.');
  const stores = storesOf(settings);
  const wallet = await openWallet({ url: stores.wallet, secret: settings.masterSecret });
  try {
    const { connection } = settings.ledger;
    const config: FabricConfig = { engine: 'fabric', connection, reader: operatorOf(own.mspId) };
    return await work({ config, wallet, stores, mspId: own.mspId });
  } finally {
    await wallet.close();
  }
}

/**
 * Walks the channel's chain as the own peer has it, and the audit log, which it holds against its anchors there. Answers
 * lines to say; rejects with an Unsound for the first that does not hold, and with a LedgerError without the peer.
 */
export function verifyOnFabric(): Promise<string[]> {
  return onFabric(async ({ config, wallet, stores, mspId }) => {
    const { blocks, transactions, head, anchors, problem } = await verifyFabricLedger(config, {
      identities: wallet,
    });
    if (problem) throw new Unsound(`block ${problem.block} does not hold: ${problem.what}`);
    const lines = [
      `${blocks} blocks, ${transactions} transactions: all hold`,
      ...(head ? [`head ${head.number}:${head.hash}`] : []),
    ];
    const own = anchors.get(mspId) ?? new Map<number, string>();
    if (!isPostgres(stores.audit) && !existsSync(stores.audit)) {
      if (own.size > 0) throw new Unsound('the audit log, of which the ledger has anchors, is missing');
      return lines;
    }
    const audit = await verifyAudit(stores.audit, own);
    if (audit.fault) throw new Unsound(`the audit log does not hold: ${JSON.stringify(audit.fault)}`);
    return [...lines, `${audit.rows} audit records: all hold`];
  });
}

/** A transaction as its block has it, as JSON; undefined when there is none of this id. */
export function showOnFabric(txId: string): Promise<string | undefined> {
  return onFabric(async ({ config, wallet }) => {
    const shown = await showFabricTransaction(config, { identities: wallet }, txId);
    return shown && JSON.stringify(shown, null, 2);
  });
}
