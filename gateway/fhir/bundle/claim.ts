import type { Command, EntryWrite } from '@fhir-fabric-gateway/chaincode/api';

/** The commands, of which the first that creates something holds `claim` as well; unchanged when none creates. */
export function claimedBy(commands: readonly Command[], claim: string): Command[] {
  const first = claimant(commands);
  return commands.map((command, index) => (index === first ? withClaim(command, claim) : command));
}

/** The place of the command that holds the claim; -1 for none. */
export function claimant(commands: readonly Command[]): number {
  return commands.findIndex(isCreate);
}

const isCreate = (command: Command): boolean => withEntry(command, (entry) => entry) !== undefined;

const withClaim = (command: Command, claim: string): Command =>
  withEntry(command, (entry) => ({ ...entry, unique: [...(entry.unique ?? []), claim] })) ?? command;

/** The command with another first entry of those that it creates; undefined when it creates none. */
function withEntry(command: Command, change: (entry: EntryWrite) => EntryWrite): Command | undefined {
  switch (command.fn) {
    case 'CreateMedicalRecord':
      return { ...command, entry: change(command.entry) };
    case 'CreateAssets': {
      const at = command.assets.findIndex(({ kind }) => kind === 'entry');
      if (at === -1) return undefined;
      const assets = command.assets.map((asset, index) =>
        asset.kind === 'entry' && index === at ? { ...asset, entry: change(asset.entry) } : asset,
      );
      return { ...command, assets };
    }
    case 'GrantAccess': {
      const { entry } = command.consent;
      return isNew(entry) ? { ...command, consent: { ...command.consent, entry: change(entry) } } : undefined;
    }
    case 'EditPrivacy':
      return isNew(command.entry) ? { ...command, entry: change(command.entry) } : undefined;
    default:
      return undefined;
  }
}

const isNew = ({ version }: EntryWrite): boolean => version === 0;
