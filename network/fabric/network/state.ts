import { existsSync, readFileSync, renameSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Definition } from './definition.ts';

/** A chaincode package of one organisation. */
export interface Package {
  /** What peers call it: label and hash. */
  readonly id: string;
  readonly version: number;
  /** Of its server. */
  readonly port: number;
}

/** The chaincode as it was committed. */
export interface Deployment {
  /** Counts every change of the definition: a new version, or a new member of the collection. */
  readonly sequence: number;
  /** Counts the packages that an organisation has had. */
  readonly version: number;
  /** By organisation. */
  readonly packages: Readonly<Record<string, Package>>;
}

/** What a network's folder says about it. */
export interface NetworkState {
  readonly definition: Definition;
  readonly deployment?: Deployment;
  /** Whether its nodes are containers. */
  readonly containers: boolean;
  /** The folder of Fabric's programs that run it. */
  readonly bin: string;
}

/** Undefined when no network lives there. */
export function readState(file: string): NetworkState | undefined {
  // Nothing but writeState writes it.
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as NetworkState) : undefined;
}

/** Whole or not at all, should the process end meanwhile. */
export function writeState(file: string, state: NetworkState): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
