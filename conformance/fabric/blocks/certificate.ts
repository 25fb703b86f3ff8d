import { X509Certificate } from 'node:crypto';

/** What a certificate in a block says of whoever holds it. */
export interface Holder {
  /** Its common name. */
  name: string;
  organisationalUnits: readonly string[];
  /** Of Fabric CA's extension; undefined when there is none. */
  attributes: Readonly<Record<string, string>> | undefined;
  /** Other names that it gives to its holder. */
  alternativeNames: string | undefined;
}

/** Reads a certificate, PEM. */
export function holderOf(pem: Buffer): Holder {
  const certificate = new X509Certificate(pem);
  const lines = certificate.subject.split('\n').flatMap((line) => line.split('+'));
  const all = (kind: string) =>
    lines.filter((line) => line.startsWith(`${kind}=`)).map((line) => line.slice(kind.length + 1));
  // The extension 1.2.3.4.5.6.7.8.1 holds JSON as it is.
  const [json] = /\{"attrs":\{[^}]*\}\}/.exec(certificate.raw.toString('latin1')) ?? [];
  return {
    name: all('CN').join(),
    organisationalUnits: all('OU'),
    attributes:
      json === undefined ? undefined : (JSON.parse(json) as { attrs: Record<string, string> }).attrs,
    alternativeNames: certificate.subjectAltName,
  };
}
