import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** A sentence that says what Java programs can't be built and run without; undefined when it is all there. */
export function missingForJava(): string | undefined {
  const missing = [
    ...(runs('javac', '-version') ? [] : ['a JDK (17 or later)']),
    ...(runs('mvn', '-version') ? [] : ['Maven']),
  ];
  if (missing.length === 0) return undefined;
  return `${missing.join(' and ')} cannot be run here: HAPI FHIR is built with them.`;
}

/**
 * Packages a Maven project. What Maven fetched before is enough; it looks further only when that lacks something. Rejects
 * with what Maven printed when it fails.
 */
export async function mavenPackage(folder: URL): Promise<void> {
  const { code } = await maven(folder, '--offline');
  if (code === 0) return;
  const { code: again, output } = await maven(folder);
  if (again !== 0) throw new Error(`mvn package in ${folder.pathname} ended with ${again}: ${output}`);
}

async function maven(folder: URL, ...options: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn('mvn', ['--batch-mode', '--quiet', ...options, 'package'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, output: out + err };
}

function runs(program: string, argument: string): boolean {
  try {
    execFileSync(program, [argument], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
