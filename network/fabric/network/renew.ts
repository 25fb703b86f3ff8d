import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { whenOrdering } from './channel/leader.ts';
import { renewCertificate } from './certificates/ca.ts';
import type { OrganisationFolders } from './folders.ts';
import { whenAnswering } from './lifecycle/answers.ts';
import { writePublic } from './material/files.ts';
import { readPair } from './material/organisation.ts';
import { stop } from './native/processes.ts';
import { runNodes } from './native/run-nodes.ts';
import { processesOf } from './native/specs.ts';
import { foldersOfOrganisation, type Network } from './network.ts';
import { step, type Tell } from './step.ts';

const SIGNING = join('signcerts', 'certificate.pem');
const SERVING = 'server.crt';

/**
 * Gives every node and administrator a certificate with new dates for the key that it has, and starts the nodes again,
 * one after the other, so that the network goes on working. Roots stay. What peers show to chaincode servers is in the
 * chaincode's package: the next upgrade puts the new one in.
 */
export async function renewCertificates(network: Network, tell: Tell): Promise<void> {
  const { organisations, ordering } = network.definition;
  for (const own of [ordering, ...organisations]) {
    const names =
      'orderers' in own ? own.orderers.map(({ name }) => name) : own.peers.map(({ name }) => name);
    await step(tell, `certificates of ${own.name}`, () =>
      renewAll(foldersOfOrganisation(network, own), names),
    );
  }
  for (const own of organisations) {
    const folders = foldersOfOrganisation(network, own);
    await renew(folders.tlsCa, join(folders.chaincode, 'server', SERVING));
    await renew(folders.tlsCa, join(folders.chaincode, 'client', SERVING));
    await renew(folders.tlsCa, join(folders.node(own.ca.name), 'tls', SERVING));
  }
  for (const spec of processesOf(network)) {
    await step(tell, `start ${spec.name} again`, async () => {
      await stop(network.folders.run, spec.record);
      await runNodes(network, [spec]);
      await whenOrdering(network);
    });
  }
  await step(tell, 'wait for the chaincode to answer', () => whenAnswering(network));
}

async function renewAll(folders: OrganisationFolders, nodes: readonly string[]): Promise<void> {
  for (const folder of [folders.admin, ...nodes.map((name) => folders.node(name))]) {
    await renew(folders.ca, join(folder, 'msp', SIGNING));
    await renew(folders.tlsCa, join(folder, 'tls', SERVING));
  }
}

async function renew(ca: string, file: string): Promise<void> {
  writePublic(file, await renewCertificate(readPair(ca), readFileSync(file, 'utf8')));
}
