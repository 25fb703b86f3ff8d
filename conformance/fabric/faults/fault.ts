import type { Site } from '../testing/site.ts';

/** Something that goes wrong while others work. */
export interface Fault {
  name: string;
  /** Makes it happen; resolves once it has. Answers how it is undone. */
  strike(site: Site): Promise<() => Promise<void>>;
  /** Writes succeed again before it is undone. */
  endured?: true;
  /** Where alone is written, both unless said. */
  writers?: 'hospital' | 'lab';
  /** Seconds that it lasts at least. */
  atLeast?: number;
  /** The gateway that nobody answers for meanwhile. */
  silences?: 'hospital';
  /** The gateway that may close others' records meanwhile, since it can't tell how far behind it is. */
  closes?: 'hospital' | 'lab';
  /** And must, once the time is over that it may be behind. */
  certainly?: true;
}

/** Ends something of the network at once, and starts it again afterwards. */
const killing =
  (node: string) =>
  async ({ network }: Site) => {
    await network.kill(node);
    return () => network.start(node);
  };

/** Has something of the network stand still, with its connections open, and go on afterwards. */
const hanging =
  (node: string) =>
  async ({ network }: Site) => {
    network.signal(node, 'SIGSTOP');
    return async () => network.signal(node, 'SIGCONT');
  };

/** Seconds that the gateways' indexes may lag before others' records are closed: see MAX_STALE. */
export const MAX_STALE = 15;

const HOSPITAL_PEERS = ['peer0.hospital.example', 'peer1.hospital.example'];

export const FAULTS: readonly Fault[] = [
  {
    name: 'the leading orderer is killed',
    async strike(site) {
      return killing(await site.network.leader())(site);
    },
    endured: true,
  },
  {
    name: 'one of the hospital’s two peers is killed',
    strike: killing('peer0.hospital.example'),
    endured: true,
    closes: 'hospital',
  },
  { name: 'the lab’s chaincode server is killed', strike: killing('chaincode.lab.example') },
  {
    name: 'the hospital’s gateway is killed',
    async strike({ hospital }) {
      await hospital.kill();
      return () => hospital.start();
    },
    silences: 'hospital',
  },
  {
    name: 'one of the lab’s two peers hangs',
    strike: hanging('peer0.lab.example'),
    closes: 'lab',
  },
  {
    name: 'one of the lab’s two peers hangs and nobody writes at the lab',
    strike: hanging('peer0.lab.example'),
    writers: 'hospital',
    endured: true,
    closes: 'lab',
  },
  {
    name: 'the leading orderer hangs',
    async strike(site) {
      return hanging(await site.network.leader())(site);
    },
    endured: true,
  },
  {
    name: 'both of the hospital’s peers are killed',
    async strike({ network }) {
      await Promise.all(HOSPITAL_PEERS.map((peer) => network.kill(peer)));
      return async () => void (await Promise.all(HOSPITAL_PEERS.map((peer) => network.start(peer))));
    },
    atLeast: MAX_STALE + 8,
    closes: 'hospital',
    certainly: true,
  },
];
