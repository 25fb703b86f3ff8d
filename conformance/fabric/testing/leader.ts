import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { until } from './until.ts';

interface Orderer {
  name: string;
  operationsPort: number;
}

/** What an orderer's own metrics say of the one that leads. */
const LEADS = /^consensus_etcdraft_is_leader\{.*\} 1$/m;

/** The name of the orderer that leads, as the orderers' metrics say; waits until there is one. */
export async function leadingOrderer(folder: string): Promise<string> {
  const { definition } = JSON.parse(readFileSync(join(folder, 'network.json'), 'utf8')) as {
    definition: { ordering: { orderers: Orderer[] } };
  };
  return until('an orderer leads', async () => {
    for (const orderer of definition.ordering.orderers) {
      const tls = join(folder, 'organisations/orderer/nodes', orderer.name, 'tls');
      if (LEADS.test(await metrics(orderer.operationsPort, tls).catch(() => ''))) return orderer.name;
    }
    return undefined;
  });
}

/** Of an operations endpoint; it answers holders of a certificate of its organisation, such as its own. */
function metrics(port: number, tls: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const file = (name: string) => readFileSync(join(tls, name));
    const options = { ca: file('ca.crt'), cert: file('server.crt'), key: file('server.key') };
    const call = request(
      `https://127.0.0.1:${port}/metrics`,
      { ...options, agent: false, timeout: 5000 },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => resolve(Buffer.concat(chunks).toString()));
      },
    );
    call.on('timeout', () => call.destroy(new Error('no metrics came')));
    call.on('error', reject);
    call.end();
  });
}
