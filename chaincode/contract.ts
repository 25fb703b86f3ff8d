import { Contract } from 'fabric-contract-api';
import type { Context } from 'fabric-contract-api';
import { answer, runCommands } from './transaction.ts';

/**
 * The thesis's twelve functions, and `Commit`, which runs a list of the seven that write. All they work with comes in
 * the transaction's transient data (`api/transient.ts`), so that a block carries none of it. Whatever is a method here
 * can be called from outside: everything else is a function elsewhere.
 */
export class EhrContract extends Contract {
  constructor() {
    super('EhrContract');
  }

  /**
   * One argument: `atomic` (all or none) or `independent` (an outcome each). A rest parameter, for the dispatcher counts
   * declared ones, and would refuse any other number of arguments with a text of its own before the contract is asked.
   */
  async Commit(ctx: Context, ...args: string[]): Promise<string> {
    return runCommands(ctx, args[0]);
  }

  async CreateMedicalRecord(ctx: Context): Promise<string> {
    return runCommands(ctx, 'atomic', 'CreateMedicalRecord');
  }

  async GrantAccess(ctx: Context): Promise<string> {
    return runCommands(ctx, 'atomic', 'GrantAccess');
  }

  async RevokeAccess(ctx: Context): Promise<string> {
    return runCommands(ctx, 'atomic', 'RevokeAccess');
  }

  async EditPrivacy(ctx: Context): Promise<string> {
    return runCommands(ctx, 'atomic', 'EditPrivacy');
  }

  async CreateAssets(ctx: Context): Promise<string> {
    return runCommands(ctx, 'atomic', 'CreateAssets');
  }

  async UpdateAsset(ctx: Context): Promise<string> {
    return runCommands(ctx, 'atomic', 'UpdateAsset');
  }

  async DeleteAsset(ctx: Context): Promise<string> {
    return runCommands(ctx, 'atomic', 'DeleteAsset');
  }

  async AssetExists(ctx: Context): Promise<string> {
    return answer(ctx, 'AssetExists');
  }

  async CheckPermissions(ctx: Context): Promise<string> {
    return answer(ctx, 'CheckPermissions');
  }

  async QueryAsset(ctx: Context): Promise<string> {
    return answer(ctx, 'QueryAsset');
  }

  async QueryAllAssets(ctx: Context): Promise<string> {
    return answer(ctx, 'QueryAllAssets');
  }

  async GetAssetHistory(ctx: Context): Promise<string> {
    return answer(ctx, 'GetAssetHistory');
  }

  /** Fabric's own would log the arguments. */
  override unknownTransaction(): Promise<void> {
    return Promise.reject(new Error('BAD_REQUEST@0'));
  }
}
