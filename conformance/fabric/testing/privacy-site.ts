import { targetAt } from '../people/target-at.ts';
import type { Gateways } from '../story/tell.ts';
import { openSite } from './site.ts';

/** Two gateways whose network and logs can be looked into. */
export interface PrivacySite extends Gateways {
  /** Of the network. */
  folder: string;
  /** Of the gateways. */
  logs: readonly string[];
  /** Ends the gateways, if they were started here, so that all they have to say is said. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The site that the environment names, after whatever happened on it: FABRIC_DIR, BASE_URL and DATA_DIR of the hospital's
 * gateway, LAB_BASE_URL and LAB_DATA_DIR of the lab's, and GATEWAY_LOGS, their logs, separated by commas. Without them one
 * of its own, whose gateways say all they can say.
 */
export async function openPrivacySite(): Promise<PrivacySite> {
  const { FABRIC_DIR, BASE_URL, DATA_DIR, LAB_BASE_URL, LAB_DATA_DIR, GATEWAY_LOGS = '' } = process.env;
  if (FABRIC_DIR && BASE_URL && DATA_DIR && LAB_BASE_URL && LAB_DATA_DIR) {
    return {
      folder: FABRIC_DIR,
      hospital: targetAt(BASE_URL, DATA_DIR),
      lab: targetAt(LAB_BASE_URL, LAB_DATA_DIR),
      logs: GATEWAY_LOGS.split(',').filter((file) => file !== ''),
      quiet: async () => undefined,
      close: async () => undefined,
    };
  }
  const { network, hospital, lab, close } = await openSite({ peers: 1, env: { LOG_LEVEL: 'trace' } });
  return {
    ...{ folder: network.folder, hospital, lab, close },
    logs: [hospital.log, lab.log],
    async quiet() {
      await Promise.all([hospital.stop(), lab.stop()]);
    },
  };
}
