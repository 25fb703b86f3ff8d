import { openAuditLog, type AuditLog } from '../log.ts';
import { NEW_YEAR } from '../fixtures/records.ts';
import { openAuditReader, type AuditReader } from '../reader.ts';
import type { AuditSource } from '../audit-event.ts';

export const SOURCE: AuditSource = {
  baseUrl: 'https://gateway.example/fhir/R4',
  organization: 'Organization/5',
};

/** Opens logs and readers for the tests of a file, and closes them when those are done. */
export interface Logs {
  open(url: string): Promise<AuditLog>;
  read(url: string, clock?: () => number): Promise<AuditReader>;
  /** Closes what is open by now. */
  close(): Promise<void>;
}

export function openedLogs(): Logs {
  const opened: { close(): Promise<void> }[] = [];
  const kept = <T extends { close(): Promise<void> }>(one: T): T => {
    opened.push(one);
    return one;
  };
  const logs: Logs = {
    open: async (url) => kept(await openAuditLog({ url, clock: () => NEW_YEAR })),
    read: async (url, clock = () => NEW_YEAR) => kept(await openAuditReader({ url, source: SOURCE, clock })),
    async close() {
      for (const one of opened.splice(0).reverse()) await one.close();
    },
  };
  afterAll(() => logs.close());
  return logs;
}
