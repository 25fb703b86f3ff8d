/** An answer as it came over the wire, to be sent again. */
export interface Recording {
  method: string;
  path: string;
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** What every HTTP server sets by itself. */
const BY_THE_SERVER = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding']);

/** Sends a request and keeps its answer. Throws when that is no success. */
export async function record(
  origin: string,
  { method, path, body }: { method: string; path: string; body?: string },
  headers: Readonly<Record<string, string>>,
): Promise<Recording> {
  const answer = await fetch(origin + path, {
    method,
    headers: { ...headers, 'Accept-Encoding': 'identity' },
    ...(body !== undefined && { body }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return {
    method,
    path,
    status: answer.status,
    headers: Object.fromEntries([...answer.headers].filter(([name]) => !BY_THE_SERVER.has(name))),
    body: new Uint8Array(await answer.arrayBuffer()),
  };
}
