import { readFileSync } from 'node:fs';
import type { default as Client, SigningIdentity } from 'fabric-ca-client/lib/FabricCAClient.js';
import { parseSigningKey, signLowS } from '../fabric/client/signature.ts';
import { ALGORITHM, exportKey, newKeys } from './keys.ts';
import { Pkcs10CertificateRequestGenerator, X509Certificate } from './x509.ts';

/** A Fabric CA server, and who may register there. */
export interface FabricCaOptions {
  /** `https://127.0.0.1:7054` */
  url: string;
  /** The CA's name on a server that has several. */
  caName?: string | undefined;
  /** The root certificates of its TLS, PEM. */
  rootCertificates?: string | undefined;
  /**
   * It must have no affiliation, since those whom it registers would have one too, and their certificates would say it;
   * and may register clients with any attributes, revoke, and have lists made (`hf.Registrar.Roles`,
   * `hf.Registrar.Attributes`, `hf.Revoker`, `hf.GenCRL`).
   */
  registrar: { enrollId: string; enrollSecretFile: string };
}

/** A certificate and its key, PEM. */
export interface Enrolment {
  certificate: string;
  privateKey: string;
}

/** What is asked for, of all that the server would put into a certificate. */
const ATTRIBUTES = ['role', 'subject'].map((name) => ({ name, optional: false }));
/** Milliseconds without a byte from the server after which it is taken for gone. */
const ANSWER_WITHIN = 30_000;
/** The registrar's certificate is renewed so long before it ends, in milliseconds. */
const REGISTRAR_MARGIN = 3600 * 1000;
/** The server's code for a certificate, or a secret, that is not good. */
const NOT_AUTHENTICATED = 20;

/** What the server answered for a code, where the client library knows one. */
function codesOf(error: unknown): number[] {
  if (typeof error !== 'object' || error === null || !('errors' in error)) return [];
  const { errors } = error;
  return Array.isArray(errors) ? errors.map(({ code }: { code: unknown }) => Number(code)) : [];
}

/** Who signs requests with an enrolment. */
function signerOf({ certificate, privateKey }: Enrolment): SigningIdentity {
  const key = parseSigningKey(privateKey);
  return { _certificate: certificate, sign: (message) => signLowS(key, Buffer.from(message)) };
}

async function connect({ url, caName = '', rootCertificates }: FabricCaOptions): Promise<Client> {
  const { protocol, hostname, port } = new URL(url);
  // Loaded here, since only who uses a Fabric CA needs it.
  await import('./quiet.ts');
  const { default: services } = await import('fabric-ca-client/lib/FabricCAServices.js');
  const { default: FabricCAClient } = await import('fabric-ca-client/lib/FabricCAClient.js');
  services.setConfigSetting('connection-timeout', ANSWER_WITHIN);
  const trustedRoots = rootCertificates === undefined ? [] : [rootCertificates];
  return new FabricCAClient(
    {
      protocol: protocol.slice(0, -1),
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
      caname: caName,
      tlsOptions: { trustedRoots, verify: true },
    },
    // Only its own signers hash with it, and these are ours.
    { hash: (message) => message },
  );
}

/**
 * Fabric CA's server as this project asks it: keys are made here and stay here, the server sees certificate requests.
 * Rejects with the client library's Error when the server refuses or can't be reached.
 */
export class FabricCa {
  readonly #client: Client;
  readonly #registrar: FabricCaOptions['registrar'];
  #enrolled: Promise<Enrolment> | undefined;

  private constructor(client: Client, { registrar }: FabricCaOptions) {
    this.#client = client;
    this.#registrar = registrar;
  }

  static async open(options: FabricCaOptions): Promise<FabricCa> {
    return new FabricCa(await connect(options), options);
  }

  /** The CA's certificates, PEM, from the one that issues to the root. */
  async chain(): Promise<string> {
    return (await this.#client.getCaInfo(undefined)).caChain;
  }

  /** Makes an identity known, with what its certificates will say. Rejects when it is known. */
  async register(id: string, secret: string, attributes: Readonly<Record<string, string>>): Promise<void> {
    const body = { id, ...this.#about(secret, attributes) };
    await this.#asRegistrar((registrar) => this.#client.post('register', body, registrar));
  }

  /** Gives an identity that is known another secret, and what its certificates will say. */
  async modify(id: string, secret: string, attributes: Readonly<Record<string, string>>): Promise<void> {
    const body = this.#about(secret, attributes);
    await this.#asRegistrar((registrar) =>
      this.#client.put(`identities/${encodeURIComponent(id)}`, body, registrar),
    );
  }

  async enroll(id: string, secret: string): Promise<Enrolment> {
    const { request, privateKey } = await certificateRequest(id);
    const { enrollmentCert } = await this.#client.enroll(id, secret, request, undefined, ATTRIBUTES);
    return { certificate: enrollmentCert, privateKey };
  }

  /** Another certificate for a new key, in the name of who has one. */
  async reenroll(id: string, enrolment: Enrolment): Promise<Enrolment> {
    const { request, privateKey } = await certificateRequest(id);
    const { result } = await this.#client.reenroll(request, signerOf(enrolment), ATTRIBUTES);
    return { certificate: Buffer.from(result.Cert, 'base64').toString('utf8'), privateKey };
  }

  /** Answers the CRL, PEM, with all certificates of the identity on it; it gets no other. */
  async revoke(id: string): Promise<string> {
    // Asked for by itself: with a revocation that finds nothing left to revoke, the server answers none.
    await this.#asRegistrar((registrar) => this.#client.revoke(id, '', '', '', false, registrar));
    const list = await this.#asRegistrar((registrar) =>
      this.#client.generateCRL(null, null, null, null, registrar),
    );
    return Buffer.from(list, 'base64').toString('utf8');
  }

  #about(secret: string, attributes: Readonly<Record<string, string>>) {
    return {
      type: 'client',
      // None: it would be an OU of the certificates.
      affiliation: '.',
      max_enrollments: -1,
      secret,
      attrs: Object.entries(attributes).map(([name, value]) => ({ name, value, ecert: true })),
    };
  }

  /** As the registrar, who is enrolled when first needed, and again when the certificate ends or is good no more. */
  async #asRegistrar<T>(work: (registrar: SigningIdentity) => Promise<T>): Promise<T> {
    try {
      return await work(signerOf(await this.#current()));
    } catch (error) {
      if (!codesOf(error).includes(NOT_AUTHENTICATED)) throw error;
      this.#enrolled = undefined;
      return work(signerOf(await this.#current()));
    }
  }

  async #current(): Promise<Enrolment> {
    const known = await this.#enrolled?.catch(() => undefined);
    if (known && endOf(known) - Date.now() > REGISTRAR_MARGIN) return known;
    this.#enrolled = this.#enrollRegistrar();
    return this.#enrolled;
  }

  async #enrollRegistrar(): Promise<Enrolment> {
    const { enrollId, enrollSecretFile } = this.#registrar;
    const secret = readFileSync(enrollSecretFile, 'utf8').trim();
    const { request, privateKey } = await certificateRequest(enrollId);
    const { enrollmentCert } = await this.#client.enroll(enrollId, secret, request, undefined, []);
    return { certificate: enrollmentCert, privateKey };
  }
}

/** Whether an enrolment was refused for its secret (or because nobody has this id). */
export const isWrongSecret = (error: unknown): boolean => codesOf(error).includes(NOT_AUTHENTICATED);

const endOf = ({ certificate }: Enrolment): number => new X509Certificate(certificate).notAfter.getTime();

/** A new key, and a request (PKCS #10, PEM) for a certificate of it that names nothing but the id. */
async function certificateRequest(id: string): Promise<{ request: string; privateKey: string }> {
  const keys = await newKeys();
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [id] }],
    keys,
    signingAlgorithm: ALGORITHM,
  });
  return { request: request.toString('pem'), privateKey: await exportKey(keys) };
}
