import type { Command, EntryWrite } from '@fhir-fabric-gateway/chaincode/api';

/** The commands, of which the first that creates something holds `claim` as well; unchanged when none creates. */
export function claimedBy(commands: readonly Command[], claim: string): Command[] {
  const first = claimant(commands);
  return commands.map((command, index) => (index === first ? withClaim(command, claim) : command));
}

/** The place of the command that holds the claim; -1 for none. */
export function claimant(commands: readonly Command[]): number {
  return commands.findIndex((command) => isCreate(command));
}

function isCreate(command: Command): boolean {
  if (command.fn === 'CreateMedicalRecord') return true;
  return command.fn === 'CreateAssets' && command.assets.some(({ kind }) => kind === 'entry');
}

function withClaim(command: Command, claim: string): Command {
  const claiming = (entry: EntryWrite): EntryWrite => ({
    ...entry,
    unique: [...(entry.unique ?? []), claim],
  });
  if (command.fn === 'CreateMedicalRecord') return { ...command, entry: claiming(command.entry) };
  if (command.fn !== 'CreateAssets') return command;
  const at = command.assets.findIndex(({ kind }) => kind === 'entry');
  return {
    ...command,
    assets: command.assets.map((asset, index) =>
      asset.kind === 'entry' && index === at ? { ...asset, entry: claiming(asset.entry) } : asset,
    ),
  };
}
