import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { endOf } from '../log.ts';

/** A tool of Fabric's that ended with an error; the message is the end of what it wrote. */
export class ToolError extends Error {
  constructor(tool: string, args: readonly string[], output: string) {
    const words = args.filter((arg) => !arg.startsWith('-')).slice(0, 4);
    super(`${basename(tool)} ${words.join(' ')} failed:\n${endOf(output)}`);
    this.name = 'ToolError';
  }
}

export interface ToolCall {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

const LIMIT = 180_000;
const OUTPUT_BYTES = 64 * 1024 * 1024;

/** Runs a tool to its end; resolves with its standard output. Rejects with a ToolError. */
export function runTool({ command, args, env = {}, folder }: ToolCall): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      command,
      [...args],
      {
        cwd: folder,
        env: { PATH: process.env['PATH'] ?? '', ...env },
        timeout: LIMIT,
        maxBuffer: OUTPUT_BYTES,
      },
      (error, stdout, stderr) => {
        if (error)
          reject(new ToolError(command, args, `${stdout}\n${stderr}\n${error.code ?? error.signal}`));
        else resolve(stdout);
      },
    );
  });
}
