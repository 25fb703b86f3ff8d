import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { readFileSync } from 'node:fs';
import type { Resource } from '../../fhir/resource.ts';
import { DefinitionFile } from '../store/database.ts';
import { DefinitionWriter } from '../store/writer.ts';

const TYPES = [
  'CodeSystem',
  'ValueSet',
  'ConceptMap',
  'StructureDefinition',
  'SearchParameter',
  'OperationDefinition',
  'CompartmentDefinition',
];
const TERMINOLOGY = ['CodeSystem', 'ValueSet', 'ConceptMap'];

/** Examples of how to define something, which define nothing of R4; those of terminology are used by others. */
const isExample = (type: string, name: string): boolean =>
  !TERMINOLOGY.includes(type) && /^example(-|\.)/.test(name);

/** HL7's package of R4 examples carries R4's definitions as well, unaltered. */
const definitionsFolder = (): string =>
  path.dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));

/** Writes `r4.db` into `folder`: the definitions that come with R4 (4.0.1). Takes some seconds. */
export async function buildTerminology(folder: string): Promise<void> {
  const target = path.join(folder, 'r4.db');
  rmSync(target, { force: true });
  const file = DefinitionFile.create(target);
  const writer = new DefinitionWriter(file);
  const from = definitionsFolder();
  await writer.together(async () => {
    for (const name of readdirSync(from).sort()) {
      const [, type = '', rest = ''] = /^([A-Za-z]+)-(.*)$/.exec(name) ?? [];
      if (!TYPES.includes(type) || isExample(type, rest)) continue;
      const resource = JSON.parse(readFileSync(path.join(from, name), 'utf8')) as Resource;
      if (typeof resource['url'] === 'string') writer.put(resource);
    }
  });
  file.exec("insert into word (word) values ('optimize'); analyze; vacuum");
  file.close();
}
