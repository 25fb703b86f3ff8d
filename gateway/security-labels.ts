import { readFileSync } from 'node:fs';
import { parseLabelTable, type LabelTable } from '@fhir-fabric-gateway/mappings';

/** The operator's table of security labels; undefined, the gateway's own, without a path. Adds what is wrong to `problems`. */
export function readLabelTable(path: string | undefined, problems: string[]): LabelTable | undefined {
  if (path === undefined) return undefined;
  try {
    return parseLabelTable(readFileSync(path, 'utf8'));
  } catch (error) {
    problems.push(`SECURITY_LABELS (${path}): ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
