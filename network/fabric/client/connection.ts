import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Element } from './element.ts';

export const ADAPTERS = ['fabric-gateway', 'fabric-network'] as const;
/** The client library that speaks to Fabric: @hyperledger/fabric-gateway or fabric-network. */
export type Adapter = (typeof ADAPTERS)[number];
export const DEFAULT_ADAPTER: Adapter = 'fabric-gateway';

/** Where a peer or an orderer listens. */
export interface Endpoint {
  name: string;
  /** `grpcs://127.0.0.1:7051` */
  url: string;
  /** `127.0.0.1:7051` */
  address: string;
  /** The root certificates of its TLS, PEM; undefined for `grpc://`, which is in clear. */
  rootCertificates: string | undefined;
  /** The file's `grpcOptions`. */
  options: Readonly<Record<string, string | number>>;
}

export interface OrganisationEndpoints {
  mspId: string;
  /** Those of the channel. */
  peers: readonly Endpoint[];
  /** Whether its peers endorse; what it endorses is void unless all that do have. */
  endorses: boolean;
}

export interface CertificateAuthority {
  url: string;
  caName: string | undefined;
  rootCertificates: string | undefined;
  /** Who may register identities; the secret is in a file. */
  registrar: { enrollId: string; enrollSecretFile: string } | undefined;
}

/** A connection file: a Fabric common connection profile of one organisation, and in `x-gateway` what is ours. */
export interface Connection {
  /** The own organisation. */
  mspId: string;
  channel: string;
  chaincode: string;
  adapter: Adapter | undefined;
  organisations: readonly OrganisationEndpoints[];
  /** All of the channel's. */
  orderers: readonly Endpoint[];
  /** The Fabric CA that issues the own organisation's certificates, when one runs. */
  certificateAuthority: CertificateAuthority | undefined;
  /** Files of the certificate and key with which the organisation issues them itself, when none does. */
  authority: { certificate: string; privateKey: string } | undefined;
}

/** Reads a connection file. Throws an Error that names the file and the element that is wrong or missing. */
export function readConnection(file: string): Connection {
  const root = new Element(parse(file), file);
  const ours = root.member('x-gateway');
  const channel = ours.member('channel').text();
  const own = root.member('client').member('organization').text();
  const profile = root.member('channels').member(channel);
  const organisation = root.member('organizations').member(own);
  const connection: Connection = {
    mspId: organisation.member('mspid').text(),
    channel,
    chaincode: ours.member('chaincode').text(),
    adapter: ours.optional('adapter')?.oneOf(ADAPTERS),
    organisations: root
      .member('organizations')
      .members()
      .map(([, each]) => organisationOf(each, profile.member('peers'), root, file)),
    orderers: profile
      .member('orderers')
      .items()
      .map((name) => endpointOf(root.member('orderers'), name, file)),
    certificateAuthority: authorityOf(organisation, root, file),
    authority: keyFilesOf(ours.optional('authority'), file),
  };
  if (connection.orderers.length === 0) throw profile.member('orderers').error('names no orderer');
  const { peers } = connection.organisations.find(({ mspId }) => mspId === connection.mspId) ?? { peers: [] };
  if (peers.length === 0) throw organisation.member('peers').error('names no peer of the channel');
  if (!connection.organisations.some(({ endorses }) => endorses))
    throw profile.member('peers').error('names no peer that endorses');
  return connection;
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (cause) {
    const what = cause instanceof SyntaxError ? 'is no JSON' : 'cannot be read';
    throw new Error(`${file} ${what}`, { cause });
  }
}

function organisationOf(
  organisation: Element,
  channelPeers: Element,
  root: Element,
  file: string,
): OrganisationEndpoints {
  const names = organisation
    .member('peers')
    .items()
    .filter((name) => channelPeers.optional(name.text()));
  return {
    mspId: organisation.member('mspid').text(),
    peers: names.map((name) => endpointOf(root.member('peers'), name, file)),
    endorses: names.some((name) => endorses(channelPeers.member(name.text()))),
  };
}

/** As the profile's own specification has it, a peer endorses unless it says otherwise. */
function endorses(peer: Element): boolean {
  const said = peer.optional('endorsingPeer');
  if (said && typeof said.value !== 'boolean') throw said.error('is neither true nor false');
  return said?.value !== false;
}

function endpointOf(endpoints: Element, reference: Element, file: string): Endpoint {
  const name = reference.text();
  const endpoint = endpoints.optional(name);
  if (!endpoint) throw reference.error(`names ${name}, which is not in ${endpoints.path}`);
  const url = endpoint.member('url');
  const { protocol, host } = parseUrl(url);
  const rootCertificates = certificatesOf(endpoint, file);
  if (protocol === 'grpcs:' && rootCertificates === undefined)
    throw endpoint.member('tlsCACerts').error('is missing');
  return {
    name,
    url: url.text(),
    address: host,
    rootCertificates: protocol === 'grpcs:' ? rootCertificates : undefined,
    options: optionsOf(endpoint.optional('grpcOptions')),
  };
}

function parseUrl(element: Element): { protocol: string; host: string } {
  // URL knows no grpcs, and hides the ports of schemes that it knows.
  const [, protocol, host] =
    /^(grpcs?:)\/\/((?:\[[\da-f:]+\]|[^/:\s]+):\d{1,5})\/?$/i.exec(element.text()) ?? [];
  if (protocol === undefined || host === undefined)
    throw element.error('is no grpc:// or grpcs:// URL with a host and a port');
  return { protocol, host };
}

function optionsOf(options: Element | undefined): Record<string, string | number> {
  const members = (options?.members() ?? []).map(([name, each]): [string, string | number] => {
    if (typeof each.value !== 'string' && typeof each.value !== 'number')
      throw each.error('is neither a text nor a number');
    return [name, each.value];
  });
  return Object.fromEntries(members);
}

/** `tlsCACerts`: PEM, given as `pem` or in a file, as `path`. */
function certificatesOf(endpoint: Element, file: string): string | undefined {
  const certificates = endpoint.optional('tlsCACerts');
  const pem = certificates?.optional('pem');
  if (!certificates || pem)
    return pem && (Array.isArray(pem.value) ? pem.items() : [pem]).map((each) => each.text()).join('\n');
  const path = certificates.member('path');
  try {
    return readFileSync(resolve(dirname(file), path.text()), 'utf8');
  } catch {
    throw path.error('names a file that cannot be read');
  }
}

function authorityOf(organisation: Element, root: Element, file: string): CertificateAuthority | undefined {
  const [name] = organisation.optional('certificateAuthorities')?.items() ?? [];
  if (!name) return undefined;
  const authorities = root.member('certificateAuthorities');
  const authority = authorities.optional(name.text());
  if (!authority) throw name.error(`names ${name.text()}, which is not in ${authorities.path}`);
  const [registrar] = authority.optional('registrar')?.items() ?? [];
  return {
    url: authority.member('url').text(),
    caName: authority.optional('caName')?.text(),
    rootCertificates: certificatesOf(authority, file),
    registrar: registrar && {
      enrollId: registrar.member('enrollId').text(),
      enrollSecretFile: resolve(dirname(file), registrar.member('enrollSecretFile').text()),
    },
  };
}

function keyFilesOf(authority: Element | undefined, file: string): Connection['authority'] {
  return (
    authority && {
      certificate: resolve(dirname(file), authority.member('certificate').text()),
      privateKey: resolve(dirname(file), authority.member('privateKey').text()),
    }
  );
}
