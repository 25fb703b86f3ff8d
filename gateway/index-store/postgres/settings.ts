import pg from 'pg';

/** The schema of the database in which the index's tables are, and nothing else. */
export const SCHEMA = 'read_index';

/** Server settings of a connection, by name. */
export type Settings = Readonly<Record<string, string | number>>;

/**
 * For every connection. Names and texts are as the schema has them; the plans are short and many, so that compiling
 * them costs more than it brings; a peer that is gone is noticed within half a minute.
 */
const ALWAYS: Settings = {
  search_path: SCHEMA,
  jit: 'off',
  tcp_keepalives_idle: 10,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 3,
};

/** Milliseconds. */
const CONNECT_WITHIN = 10_000;

/** Answers to whole numbers as numbers: none here is beyond what a number holds exactly. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (id, format) =>
    id === pg.types.builtins.INT8
      ? Number
      : (pg.types.getTypeParser(id, format) as (value: string) => unknown),
};

/** How to connect to the database at a URL, whose own options stay. */
export function connectionOf(url: string, settings: Settings = {}): pg.ClientConfig {
  const target = new URL(url);
  const options = Object.entries({ ...ALWAYS, ...settings }).map(([name, value]) => `-c ${name}=${value}`);
  const own = target.searchParams.get('options');
  target.searchParams.set('options', [...(own === null ? [] : [own]), ...options].join(' '));
  return {
    connectionString: target.href,
    connectionTimeoutMillis: CONNECT_WITHIN,
    keepAlive: true,
    keepAliveInitialDelayMillis: CONNECT_WITHIN,
    types,
  };
}

/** Connects; the connection's end is no error of the process, whoever asks next is told. */
export async function connect(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
