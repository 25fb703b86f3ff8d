import type { Yaml } from '../yaml.ts';

/**
 * TLS of an operations endpoint: health and version are answered to anyone, metrics and log levels to holders of a
 * certificate of the organisation's TLS CA. core.yaml and orderer.yaml write the same differently.
 */
export function operationsTls(style: 'lower' | 'upper'): Yaml {
  if (style === 'lower') {
    return {
      enabled: true,
      cert: { file: 'tls/server.crt' },
      key: { file: 'tls/server.key' },
      // Asked for by those handlers that need it, not for health.
      clientAuthRequired: false,
      clientRootCAs: { files: ['tls/ca.crt'] },
    };
  }
  return {
    Enabled: true,
    Certificate: 'tls/server.crt',
    PrivateKey: 'tls/server.key',
    RootCAs: ['tls/ca.crt'],
    ClientAuthRequired: false,
    ClientRootCAs: ['tls/ca.crt'],
  };
}
