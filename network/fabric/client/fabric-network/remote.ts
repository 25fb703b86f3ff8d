import type { ServiceEndpoint } from 'fabric-common';

/** Milliseconds for which a peer or orderer that did not answer is not asked again. */
const REST = 1000;

/** A peer or orderer that may be down. The library would have every call connect anew, and wait for it. */
export class Remote<T extends Pick<ServiceEndpoint, 'name' | 'checkConnection'>> {
  readonly endpoint: T;
  #checking: Promise<boolean> | undefined;
  #downUntil = 0;

  constructor(endpoint: T) {
    this.endpoint = endpoint;
  }

  get name(): string {
    return this.endpoint.name;
  }

  /** Whether it is connected, now or after an attempt of which there is one at a time. */
  async reachable(): Promise<boolean> {
    if (performance.now() < this.#downUntil) return false;
    this.#checking ??= this.#check();
    return this.#checking;
  }

  /** It did not answer. */
  failed(): void {
    this.#downUntil = performance.now() + REST;
  }

  async #check(): Promise<boolean> {
    const connected = await this.endpoint.checkConnection().catch(() => false);
    this.#checking = undefined;
    if (!connected) this.failed();
    return connected;
  }
}

/** The first of them that can be reached, beginning with the one that was last. */
export class Remotes<T extends Pick<ServiceEndpoint, 'name' | 'checkConnection'>> {
  readonly all: readonly Remote<T>[];
  #current = 0;

  constructor(endpoints: readonly T[]) {
    this.all = endpoints.map((endpoint) => new Remote(endpoint));
  }

  async *reachable(): AsyncGenerator<Remote<T>> {
    for (let step = 0; step < this.all.length; step += 1) {
      const at = (this.#current + step) % this.all.length;
      const remote = this.all[at];
      if (!remote || !(await remote.reachable())) continue;
      yield remote;
    }
  }

  /** To be begun with from now on. */
  prefer(remote: Remote<T>): void {
    this.#current = this.all.indexOf(remote);
  }
}
