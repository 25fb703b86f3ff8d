import type { Organisation } from '../definition.ts';
import type { Yaml } from '../yaml.ts';

const YEARS = (n: number) => `${n * 365 * 24}h`;

/**
 * fabric-ca-server-config.yaml: signs with the organisation's own CA key. A certificate holds its attributes only when
 * its enrolment asks for them by name.
 */
export function caConfig(
  own: Organisation,
  registrar: { name: string; secret: string },
  listen: string,
): Yaml {
  return {
    address: listen,
    port: own.ca.port,
    debug: false,
    crlsizelimit: 512000,
    tls: {
      enabled: true,
      certfile: 'tls/server.crt',
      keyfile: 'tls/server.key',
      clientauth: { type: 'noclientcert' },
    },
    ca: { name: own.ca.name, certfile: '../../ca/certificate.pem', keyfile: '../../ca/key.pem' },
    crl: { expiry: YEARS(1) },
    registry: {
      maxenrollments: -1,
      identities: [
        {
          name: registrar.name,
          pass: registrar.secret,
          type: 'client',
          affiliation: '',
          attrs: {
            'hf.Registrar.Roles': 'client',
            'hf.Registrar.DelegateRoles': 'client',
            'hf.Registrar.Attributes': 'role,subject',
            'hf.Revoker': true,
            'hf.GenCRL': true,
            'hf.IntermediateCA': false,
            'hf.AffiliationMgr': false,
          },
        },
      ],
    },
    db: { type: 'sqlite3', datasource: 'fabric-ca-server.db' },
    affiliations: {},
    signing: {
      default: { usage: ['digital signature'], expiry: YEARS(2) },
    },
    csr: {
      cn: own.ca.name,
      keyrequest: { algo: 'ecdsa', size: 256 },
      ca: { expiry: YEARS(20), pathlength: 0 },
    },
    bccsp: { default: 'SW', sw: { hash: 'SHA2', security: 256, filekeystore: { keystore: 'msp/keystore' } } },
    cfg: { identities: { passwordattempts: 10, allowremove: false } },
    operations: {
      listenAddress: `${listen}:${own.ca.operationsPort}`,
      tls: {
        enabled: true,
        cert: { file: 'tls/server.crt' },
        key: { file: 'tls/server.key' },
        clientAuthRequired: false,
        clientRootCAs: { files: ['tls/ca.crt'] },
      },
    },
    metrics: { provider: 'prometheus' },
  };
}
