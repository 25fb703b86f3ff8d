import { loadDataType } from '@medplum/core';
import type { StructureDefinition } from '@medplum/fhirtypes';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Where `npm run build` puts what the validator loads. */
export const generatedFolder: string = path.join(import.meta.dirname, '../../generated/validation');

const loaded = new Set<string>();

/** Gives @medplum/core R4's definition of a resource type, once (about 2 ms); nothing for what is no such type. */
export function loadDefinitionOf(type: string, folder: string = generatedFolder): void {
  const file = path.join(folder, 'resources', `${type}.json`);
  if (loaded.has(file)) return;
  if (/^[A-Za-z]+$/.test(type) && existsSync(file))
    loadDataType(JSON.parse(readFileSync(file, 'utf8')) as StructureDefinition);
  loaded.add(file);
}
