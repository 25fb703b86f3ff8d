import { fileURLToPath } from 'node:url';
import { binariesIn, type Binaries } from './native/binaries.ts';
import type { Definition, Organisation } from './definition.ts';
import { foldersOf, type Folders, type OrganisationFolders } from './folders.ts';
import { inContainers, onThisMachine, type Placement } from './placement.ts';
import { readState, writeState, type Deployment } from './state.ts';

/** A network: what it is, where its files and nodes are, and what runs it. */
export interface Network {
  readonly definition: Definition;
  readonly deployment?: Deployment;
  readonly folders: Folders;
  readonly placement: Placement;
  readonly binaries: Binaries;
}

const BUILDER = fileURLToPath(new URL('builder', import.meta.url));

/** The network in a folder, as its state says; undefined when none lives there. `bin` is another folder of programs. */
export function openNetwork(root: string, bin?: string): Network | undefined {
  const folders = foldersOf(root);
  const state = readState(folders.state);
  if (!state) return undefined;
  const { definition, deployment } = state;
  return {
    definition,
    ...(deployment && { deployment }),
    folders,
    binaries: binariesIn(bin ?? state.bin),
    placement: placementOf(state.containers),
  };
}

const placementOf = (containers: boolean) => (containers ? inContainers : onThisMachine(BUILDER));

/** Writes down a network that changed. */
export function saveNetwork(network: Network): Network {
  const { definition, deployment, folders, binaries, placement } = network;
  writeState(folders.state, {
    definition,
    ...(deployment && { deployment }),
    containers: placement.containers,
    bin: binaries.folder,
  });
  return network;
}

/** A network that is nowhere yet. */
export const newNetwork = (
  root: string,
  definition: Definition,
  binaries: Binaries,
  containers = false,
): Network =>
  saveNetwork({ definition, folders: foldersOf(root), binaries, placement: placementOf(containers) });

export const foldersOfOrganisation = ({ folders }: Network, own: { name: string }): OrganisationFolders =>
  folders.organisation(own.name);

/** Throws a RangeError that names those that are there. */
export function organisationNamed({ definition }: Network, name: string): Organisation {
  const found = definition.organisations.find((own) => own.name === name);
  if (found) return found;
  const names = definition.organisations.map((own) => own.name).join(', ');
  throw new RangeError(`no organisation ${name}; there are ${names}`);
}
