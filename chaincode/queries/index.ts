import type { Query } from '../api/index.ts';
import { identify } from '../work.ts';
import type { Work } from '../work.ts';
import { checkPermissions } from './permissions.ts';
import { assetExists, getAssetHistory, queryAllAssets, queryAsset } from './read.ts';

/** Answers one query; `commands.ts` says with what. Rejects with a Refusal. */
export async function runQuery(work: Work, query: Query): Promise<unknown> {
  const caller = await identify(work);
  switch (query.fn) {
    case 'AssetExists':
      return assetExists(work, caller, query);
    case 'CheckPermissions':
      return checkPermissions(work, caller, query);
    case 'QueryAsset':
      return queryAsset(work, caller, query);
    case 'QueryAllAssets':
      return queryAllAssets(work, caller, query.entries);
    case 'GetAssetHistory':
      return getAssetHistory(work, caller, query);
  }
}
