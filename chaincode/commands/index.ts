import type { Command } from '../api/index.ts';
import type { Work } from '../work.ts';
import { createAssets, deleteAsset, updateAsset } from './assets.ts';
import { editPrivacy, grantAccess, revokeAccess } from './consent.ts';
import { createMedicalRecord } from './record.ts';

/** Runs one command on its draft. Rejects with a Refusal; what it wrote until then is the caller's to drop. */
export function runCommand(work: Work, command: Command): Promise<void> {
  switch (command.fn) {
    case 'CreateMedicalRecord':
      return createMedicalRecord(work, command);
    case 'GrantAccess':
      return grantAccess(work, command);
    case 'RevokeAccess':
      return revokeAccess(work, command);
    case 'EditPrivacy':
      return editPrivacy(work, command);
    case 'CreateAssets':
      return createAssets(work, command);
    case 'UpdateAsset':
      return updateAsset(work, command);
    case 'DeleteAsset':
      return deleteAsset(work, command);
  }
}
