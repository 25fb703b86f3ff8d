import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Options } from './options.ts';
import type { Table } from './report/table.ts';
import { prepareFabricGateway } from './servers/fabric-gateway.ts';
import { startFabricNetwork, type FabricNetwork } from './servers/fabric-network.ts';
import { startGateway, type GatewayOptions } from './servers/gateway.ts';
import type { Target } from './target/target.ts';

/** One benchmark. `run` measures and answers tables; progress goes to `bench.say`. */
export interface Scenario {
  /** One line for the list of benchmarks. */
  about: string;
  run(bench: Bench): Promise<Table[]>;
}

/** What a benchmark works with: what was asked for, and things that end with it. */
export class Bench {
  /** The benchmark's name. */
  readonly name: string;
  readonly options: Options;
  readonly #endings: (() => Promise<void> | void)[] = [];

  constructor(name: string, options: Options) {
    this.name = name;
    this.options = options;
  }

  /** Progress, for whoever waits. */
  say(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** Has something undone when the benchmark ends, what came last first. */
  atEnd(ending: () => Promise<void> | void): void {
    this.#endings.push(ending);
  }

  async end(): Promise<void> {
    for (let ending = this.#endings.pop(); ending; ending = this.#endings.pop()) await ending();
  }

  /** A part of the benchmark: what it starts ends with it. */
  async part<T>(work: (part: Bench) => Promise<T>): Promise<T> {
    const part = new Bench(this.name, this.options);
    this.atEnd(() => part.end());
    try {
      return await work(part);
    } finally {
      await part.end();
    }
  }

  /** A new folder that is removed at the end. */
  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    this.atEnd(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }

  /** The gateway at `--url`, or else a demo on the embedded ledger that ends with the benchmark. */
  async gateway(): Promise<Target> {
    const { url, dataDir } = this.options;
    if (url !== undefined) return { origin: url.replace(/\/$/, ''), base: '/fhir/R4', dataDir };
    return this.startGateway({ dataDir: join(this.folder(), 'demo'), demo: true });
  }

  /** A gateway that ends with the benchmark; profiled when that was asked for. */
  async startGateway(options: GatewayOptions): Promise<Target> {
    this.say('starting a gateway');
    const profiles = this.options.profile ? this.#profileFolder() : undefined;
    const server = await startGateway({ ...options, ...(profiles !== undefined && { profiles }) });
    this.atEnd(async () => {
      await server.stop();
      if (profiles === undefined) return;
      for (const file of readdirSync(profiles)) this.say(`CPU profile: ${join(profiles, file)}`);
    });
    return { origin: server.baseUrl, base: '/fhir/R4', dataDir: server.dataDir };
  }

  /** A network of its own, when FABRIC_BIN says where Fabric's programs are. */
  async fabricNetwork(batchTimeout?: string): Promise<FabricNetwork> {
    this.say(
      `starting a Fabric network${batchTimeout === undefined ? '' : `, batch timeout ${batchTimeout}`}`,
    );
    const network = await startFabricNetwork(join(this.folder(), 'network'), batchTimeout);
    this.atEnd(() => network.stop());
    return network;
  }

  /** The hospital's gateway on such a network, with so many systems (`systemName`). */
  async fabricGateway({ connection }: FabricNetwork, systems = 1): Promise<Target> {
    if (systems > 1) this.say(`registering ${systems} systems`);
    const dataDir = join(this.folder(), 'hospital');
    return this.startGateway(await prepareFabricGateway(dataDir, connection, systems));
  }

  #profileFolder(): string {
    const folder = resolve('.data/bench', `${this.name}-${Date.now()}`);
    mkdirSync(folder, { recursive: true });
    return folder;
  }
}
