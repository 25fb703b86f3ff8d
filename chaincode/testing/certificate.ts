import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const FABRIC_ATTRIBUTES = '1.2.3.4.5.6.7.8.1';

const keys = webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

/** A self-signed certificate, PEM, with the attributes in the extension that Fabric CA writes; none: no extension. */
export async function certificate(attributes?: Readonly<Record<string, string>>): Promise<string> {
  const extension = attributes && [
    new x509.Extension(FABRIC_ATTRIBUTES, false, Buffer.from(JSON.stringify({ attrs: attributes }))),
  ];
  const made = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: '01',
      name: `CN=${attributes?.subject ?? 'nobody'}`,
      notBefore: new Date('2026-01-01'),
      notAfter: new Date('2036-01-01'),
      signingAlgorithm: ALGORITHM,
      keys: await keys,
      ...(extension && { extensions: extension }),
    },
    webcrypto,
  );
  return made.toString('pem');
}
