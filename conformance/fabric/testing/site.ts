import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayProcess } from './gateway.ts';
import { startNetwork, type FabricNetwork, type OrganisationName } from './network.ts';

/** A hospital and a lab on a Fabric network, each with a gateway. */
export interface Site {
  network: FabricNetwork;
  hospital: GatewayProcess;
  lab: GatewayProcess;
  /** Ends it all, and removes what it wrote. */
  close(): Promise<void>;
}

export interface SiteOptions {
  peers: 1 | 2;
  /** Added to both gateways' environment. */
  env?: Readonly<Record<string, string>>;
}

/**
 * Starts one from nothing: a network and both gateways, of which the hospital's founds the ledger. Their logs are removed
 * with it, unless GATEWAY_LOG_DIR names a folder for them.
 */
export async function openSite({ peers, env = {} }: SiteOptions): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-site-'));
  const network = await startNetwork({ peers });
  const started: GatewayProcess[] = [];
  const close = async () => {
    await Promise.all(started.map((gateway) => gateway.stop()));
    await network.down();
    rmSync(folder, { recursive: true, force: true });
  };
  const start = async (name: OrganisationName) => {
    const gateway = await GatewayProcess.prepare({
      connection: network.connection(name),
      dataDir: join(folder, name),
      log: join(process.env['GATEWAY_LOG_DIR'] ?? folder, `${name}.log`),
      env,
    });
    started.push(gateway);
    await gateway.start();
    return gateway;
  };
  // At once: either may wait for what the other puts on the ledger.
  const [hospital, lab] = await Promise.allSettled([start('hospital'), start('lab')]);
  if (hospital.status === 'fulfilled' && lab.status === 'fulfilled')
    return { network, hospital: hospital.value, lab: lab.value, close };
  await close();
  throw hospital.status === 'rejected' ? hospital.reason : (lab as PromiseRejectedResult).reason;
}
