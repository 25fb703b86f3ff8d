import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { TestAuthority } from '../client/testing/identities.ts';
import { Orders } from './carry-out.ts';
import { Engines } from './engines.ts';
import { readOrder } from './order.ts';

/**
 * Loads a Fabric network without a gateway, from the hospital's side: `node driver.ts <folder of the network>`. Each
 * line of standard input is an order in JSON (order.ts), each line of standard output the answer to one, in order; it
 * ends when its input does.
 */
const [folder = '.data/fabric'] = process.argv.slice(2);
const authority = TestAuthority.of(folder, 'hospital', 'HospitalMSP');
const reader = await authority.enroll('hr');
const engines = new Engines(join(folder, 'connections', 'hospital.json'), authority, reader);
const orders = new Orders(engines, authority);
for await (const line of createInterface(process.stdin)) {
  process.stdout.write(`${JSON.stringify(await orders.carryOut(readOrder(line)))}\n`);
}
await engines.close();
