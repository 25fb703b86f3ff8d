/** The part of fabric-ca-client that takes certificate requests which were made elsewhere; it comes without types. */
declare module 'fabric-ca-client/lib/FabricCAClient.js' {
  /** Who asks: the certificate, PEM, and how its key signs. */
  export interface SigningIdentity {
    _certificate: string;
    sign(message: string): Uint8Array;
  }
  export interface AttributeRequest {
    name: string;
    optional: boolean;
  }
  /** What the server says of a failure: its own codes. */
  export interface FailedRequest extends Error {
    errors?: readonly { code: number; message: string }[];
  }
  export default class FabricCAClient {
    constructor(
      options: {
        protocol: string;
        hostname: string;
        port: number;
        caname: string;
        tlsOptions: { trustedRoots: string[]; verify: boolean };
      },
      crypto: { hash(message: string): string },
    );
    enroll(
      id: string,
      secret: string,
      csr: string,
      profile: undefined,
      attributes: AttributeRequest[],
    ): Promise<{ enrollmentCert: string; caCertChain: string }>;
    reenroll(
      csr: string,
      identity: SigningIdentity,
      attributes: AttributeRequest[],
    ): Promise<{ result: { Cert: string } }>;
    revoke(
      id: string,
      aki: string,
      serial: string,
      reason: string,
      gencrl: boolean,
      identity: SigningIdentity,
    ): Promise<unknown>;
    /** In base64. Without times: all that are revoked and have not ended. */
    generateCRL(
      revokedBefore: null,
      revokedAfter: null,
      expireBefore: null,
      expireAfter: null,
      identity: SigningIdentity,
    ): Promise<string>;
    getCaInfo(identity: undefined): Promise<{ caChain: string }>;
    post(method: string, body: object, identity: SigningIdentity): Promise<unknown>;
    put(method: string, body: object, identity: SigningIdentity): Promise<unknown>;
    get(method: string, identity: SigningIdentity): Promise<unknown>;
  }
}

/** Its settings, which are the process's; types leave them out. */
declare module 'fabric-ca-client/lib/FabricCAServices.js' {
  const services: { setConfigSetting(name: string, value: number): void };
  export default services;
}
