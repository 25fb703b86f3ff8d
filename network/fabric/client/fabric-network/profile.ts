import type { Connection, Endpoint } from '../connection.ts';

const names = (endpoints: readonly Endpoint[]): string[] => endpoints.map(({ name }) => name);

const described = (endpoints: readonly Endpoint[]) =>
  Object.fromEntries(
    endpoints.map(({ name, url, rootCertificates, options }) => [
      name,
      {
        url,
        grpcOptions: options,
        ...(rootCertificates !== undefined && { tlsCACerts: { pem: rootCertificates } }),
      },
    ]),
  );

/** The connection file as the library reads it: with certificates in it, whose paths it takes for its own. */
export function connectionProfile({
  mspId,
  channel,
  organisations,
  orderers,
}: Connection): Record<string, unknown> {
  const peers = organisations.flatMap((organisation) => organisation.peers);
  return {
    name: channel,
    version: '1.0.0',
    client: { organization: mspId },
    organizations: Object.fromEntries(
      organisations.map((organisation) => [
        organisation.mspId,
        { mspid: organisation.mspId, peers: names(organisation.peers) },
      ]),
    ),
    peers: described(peers),
    orderers: described(orderers),
    channels: { [channel]: { orderers: names(orderers), peers: names(peers) } },
  };
}
