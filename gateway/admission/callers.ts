import type { IncomingMessage } from 'node:http';
import type { IdentityRef } from '@fhir-fabric-gateway/chaincode/api';
import type { Authenticate } from '../fhir/http/fhir-app.ts';

/** Tokens that are remembered. */
const KNOWN = 10_000;

/**
 * Whose share a request counts to, told before it is looked at: an identity's once its token was found to be good, else
 * its address's. Nobody gets more shares by more tokens, nor by making some up.
 */
export class Callers {
  readonly #trustedProxies: number;
  readonly #known = new Map<string, string>();

  /** `trustedProxies`: how many proxies in front are ours, whose X-Forwarded-For is believed. */
  constructor(trustedProxies = 0) {
    this.#trustedProxies = trustedProxies;
  }

  of(request: Pick<IncomingMessage, 'headers' | 'socket'>): string {
    const { authorization } = request.headers;
    const known = authorization === undefined ? undefined : this.#known.get(authorization);
    return known ?? `address ${this.#address(request)}`;
  }

  /** The same, and from what it finds is learnt whose a token is. */
  learning(authenticate: Authenticate): Authenticate {
    return async (authorization) => {
      if (authorization === undefined) return authenticate(authorization);
      try {
        const principal = await authenticate(authorization);
        if (!this.#known.has(authorization)) this.#learn(authorization, principal.identity);
        return principal;
      } catch (error) {
        this.#known.delete(authorization);
        throw error;
      }
    };
  }

  #learn(authorization: string, { mspId, pseudonym }: IdentityRef): void {
    this.#known.set(authorization, `${mspId}/${pseudonym}`);
    const oldest = this.#known.size > KNOWN ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  #address({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string {
    const own = socket.remoteAddress ?? '';
    if (this.#trustedProxies === 0) return own;
    const forwarded = headers['x-forwarded-for']?.toString().split(',') ?? [];
    return forwarded.slice(-this.#trustedProxies)[0]?.trim() ?? own;
  }
}
