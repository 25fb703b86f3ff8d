import { Extension } from './x509.ts';

/** The extension in which Fabric CA puts attributes: the bytes of `{"attrs":{...}}`, without further encoding. */
export const ATTRIBUTES_OID = '1.2.3.4.5.6.7.8.1';

export function attributesExtension(attributes: Readonly<Record<string, string>>): Extension {
  return new Extension(ATTRIBUTES_OID, false, Buffer.from(JSON.stringify({ attrs: attributes })));
}
