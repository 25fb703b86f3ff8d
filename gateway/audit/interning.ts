import type { DatabaseSync } from 'node:sqlite';
import type { AuditAgent } from './record.ts';

/** Enough for the agents and patients of a busy hour; what falls out is looked up again. */
const KEPT = 50_000;

/** Numbers for what repeats, remembered in memory. */
export interface Interning {
  string(value: string): number;
  agent(agent: AuditAgent): number;
  /** Notes that a row of the identity concerns the patient (both are numbers of strings). */
  concern(identity: number, patient: number): void;
  /** After a rollback: numbers given out in that transaction are void. */
  forget(): void;
}

function remembering<T>(lookUp: (value: T) => number, keyOf: (value: T) => string) {
  const numbers = new Map<string, number>();
  return {
    numberOf(value: T): number {
      const key = keyOf(value);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      if (numbers.size >= KEPT) numbers.clear();
      const number = lookUp(value);
      numbers.set(key, number);
      return number;
    },
    forget: () => {
      numbers.clear();
    },
  };
}

const agentColumns = (agent: AuditAgent): string[] => [
  agent.identity.mspId,
  agent.identity.pseudonym,
  agent.role,
  agent.person ?? '',
  agent.organization ?? '',
  agent.client,
  agent.display,
  agent.address,
];

export function openInterning(db: DatabaseSync): Interning {
  const findString = db.prepare('SELECT id FROM string WHERE value = ?');
  const addString = db.prepare('INSERT INTO string (value) VALUES (?)');
  const columns = ['msp', 'pseudonym', 'role', 'person', 'organization', 'client', 'display', 'address'];
  const findAgent = db.prepare(
    `SELECT id FROM agent WHERE ${columns.map((column) => `${column} = ?`).join(' AND ')}`,
  );
  const addAgent = db.prepare(`INSERT INTO agent (${columns.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);

  const strings = remembering<string>(
    (value) => Number(findString.get(value)?.['id'] ?? addString.run(value).lastInsertRowid),
    (value) => value,
  );
  const agents = remembering<AuditAgent>(
    (agent) => {
      const values = agentColumns(agent);
      return Number(findAgent.get(...values)?.['id'] ?? addAgent.run(...values).lastInsertRowid);
    },
    (agent) => JSON.stringify(agentColumns(agent)),
  );
  const addConcern = db.prepare('INSERT OR IGNORE INTO concern VALUES (?, ?)');
  const concerns = remembering<readonly [number, number]>(
    ([identity, patient]) => Number(addConcern.run(identity, patient).changes),
    ([identity, patient]) => `${identity} ${patient}`,
  );
  return {
    string: strings.numberOf,
    agent: agents.numberOf,
    concern(identity, patient) {
      concerns.numberOf([identity, patient]);
    },
    forget() {
      concerns.forget();
      strings.forget();
      agents.forget();
    },
  };
}
