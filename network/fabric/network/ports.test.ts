import { defineNetwork, organisation, type Definition } from './definition.ts';
import { MAX_ORGANISATIONS, PORTS } from './ports.ts';

const BASE = 20_000;

function portsOf({ organisations, ordering }: Definition): number[] {
  return [
    ...ordering.orderers.flatMap((node) => [node.port, node.adminPort, node.operationsPort]),
    ...organisations.flatMap((own) => [
      ...[...own.peers, own.ca].flatMap((node) => [node.port, node.operationsPort]),
      ...own.chaincode.ports,
    ]),
  ];
}

test('all ports of the largest network are different, and within those that it says it takes', () => {
  const network = defineNetwork({ basePort: BASE, peers: 2 });
  const organisations = Array.from({ length: MAX_ORGANISATIONS }, (_, at) =>
    organisation(`member${at}`, at, BASE, 2),
  );
  const ports = portsOf({ ...network, organisations });
  expect(new Set(ports).size).toBe(ports.length);
  expect(ports.every((port) => port >= BASE && port < BASE + PORTS)).toBe(true);
});

test('there is no room for more organisations than that', () => {
  expect(() => organisation('late', MAX_ORGANISATIONS, BASE, 1)).toThrow(RangeError);
});
