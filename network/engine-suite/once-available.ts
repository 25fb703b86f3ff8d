import { setTimeout as delay } from 'node:timers/promises';
import { LedgerError } from '@fhir-fabric-gateway/chaincode/api';

const LIMIT = 120_000;

/** Tries again for as long as the answer is UNAVAILABLE: what a network needs to find itself again is its own affair. */
export async function onceAvailable<T>(work: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + LIMIT; ; await delay(200)) {
    try {
      return await work();
    } catch (error) {
      const isAway = error instanceof LedgerError && error.code === 'UNAVAILABLE';
      if (!isAway || Date.now() > end) throw error;
    }
  }
}
