import { ROLES, type Role } from '@fhir-fabric-gateway/chaincode/api';
import { Extension, X509Certificate } from './x509.ts';

/** The extension in which Fabric CA puts attributes: the bytes of `{"attrs":{...}}`, without further encoding. */
export const ATTRIBUTES_OID = '1.2.3.4.5.6.7.8.1';

export function attributesExtension(attributes: Readonly<Record<string, string>>): Extension {
  return new Extension(ATTRIBUTES_OID, false, Buffer.from(JSON.stringify({ attrs: attributes })));
}

/** The attributes of a certificate, PEM. Throws an Error when it has none. */
export function attributesOf(certificate: string): Record<string, string> {
  const extension = new X509Certificate(certificate).getExtension(ATTRIBUTES_OID);
  if (!extension) throw new Error('a certificate has no attributes');
  const { attrs } = JSON.parse(Buffer.from(extension.value).toString('utf8')) as {
    attrs: Record<string, string>;
  };
  return attrs;
}

/** The role that a certificate, PEM, says. Throws an Error when it says none of ours. */
export function roleOf(certificate: string): Role {
  const { role } = attributesOf(certificate);
  const known = ROLES.find((one) => one === role);
  if (!known) throw new Error('a certificate has no role that is known');
  return known;
}
