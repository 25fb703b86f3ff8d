import './quiet.ts';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Shim } from 'fabric-shim';
import type { ChaincodeServerOpts } from 'fabric-shim';
import { createChaincode } from './index.ts';

/** Fabric's own limits are lower than a transaction of MAX_TRANSACTION_BYTES. */
const UNLIMITED = -1;

/**
 * Options of the chaincode server from the environment: CHAINCODE_ID (the package id that the peer knows),
 * CHAINCODE_SERVER_ADDRESS (host:port), and for TLS the files CHAINCODE_TLS_KEY_FILE, CHAINCODE_TLS_CERT_FILE and,
 * to ask peers for certificates, CHAINCODE_TLS_CLIENT_CACERT_FILE. Throws when one is missing.
 */
export function serverOptions(env: Readonly<Record<string, string | undefined>>): ChaincodeServerOpts {
  const { CHAINCODE_ID: ccid, CHAINCODE_SERVER_ADDRESS: address } = env;
  if (!ccid || !address) throw new Error('Set CHAINCODE_ID and CHAINCODE_SERVER_ADDRESS.');
  const { CHAINCODE_TLS_KEY_FILE: key, CHAINCODE_TLS_CERT_FILE: cert } = env;
  if (!key !== !cert)
    throw new Error('Set both CHAINCODE_TLS_KEY_FILE and CHAINCODE_TLS_CERT_FILE, or neither.');
  const ca = env.CHAINCODE_TLS_CLIENT_CACERT_FILE;
  if (ca && !key) throw new Error('CHAINCODE_TLS_CLIENT_CACERT_FILE needs CHAINCODE_TLS_KEY_FILE.');
  const tls = key &&
    cert && {
      key: readFileSync(key),
      cert: readFileSync(cert),
      ...(ca && { clientCACerts: readFileSync(ca) }),
    };
  const options = {
    ccid,
    address,
    ...(tls && { tlsProps: tls }),
    'grpc.max_receive_message_length': UNLIMITED,
    'grpc.max_send_message_length': UNLIMITED,
  };
  // The types ask for what the server takes as optional: TLS, and certificates of clients.
  return options as ChaincodeServerOpts;
}

/** Serves the chaincode to a peer; resolves when it listens. */
export async function serve(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  await Shim.server(createChaincode(), serverOptions(env)).start();
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await serve(process.env);
}
