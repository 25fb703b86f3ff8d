import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { mavenPackage } from '../bench/servers/maven.ts';
import { ROOT } from '../bench/servers/processes.ts';
import type { Json } from '../clients/resource.ts';

/** What a validator says of a resource: nothing, if it accepts it. */
export type Verdict = readonly Complaint[];

export interface Complaint {
  /** FHIRPath of the element. */
  expression: string;
  text: string;
  /** HL7's name for the message. */
  id?: string;
}

/**
 * Asks for resources, in their order; an answer for each, undefined where the validator itself failed. Rejects when it
 * ends before its last answer.
 */
export type Validator = (resources: readonly Json[]) => Promise<(Verdict | undefined)[]>;

/** HL7's validator in one Java process: some seconds for the first resource, 20 ms for each after it. */
export async function hl7Validator(): Promise<Validator> {
  await mavenPackage(new URL('conformance/validator/hl7/', ROOT));
  const jar = fileURLToPath(new URL('.data/validator/validator.jar', ROOT));
  return async (resources) =>
    ((await lines('java', ['-jar', jar], resources)) as (Verdict | null)[]).map(
      (verdict) => verdict ?? undefined,
    );
}

/** The gateway's, by its command `npm run validate`. */
export const gatewayValidator: Validator = async (resources) => {
  const answers = await lines('npm', ['run', '--silent', 'validate'], resources);
  return (answers as { expression?: string[]; diagnostics: string }[][]).map((issues) =>
    issues.map(({ expression: [expression = ''] = [], diagnostics }) => ({ expression, text: diagnostics })),
  );
};

async function lines(command: string, args: string[], resources: readonly Json[]): Promise<unknown[]> {
  const child = spawn(command, args, { cwd: ROOT, stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(child, 'close');
  const feed = (async () => {
    for (const resource of resources)
      if (!child.stdin.write(`${JSON.stringify(resource)}\n`)) await once(child.stdin, 'drain');
    child.stdin.end();
  })();
  const answers: unknown[] = [];
  for await (const line of createInterface({ input: child.stdout })) answers.push(JSON.parse(line));
  await feed;
  const [code] = (await ended) as [number | null];
  if (code !== 0 || answers.length !== resources.length)
    throw new Error(`${command} ${args.join(' ')} ended with ${code} after ${answers.length} answers`);
  return answers;
}
