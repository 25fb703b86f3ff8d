/** A network takes this many ports from its base port on. */
export const PORTS = 50;
const ORGANISATION_PORTS = 10;
const ORDERERS_AT = 41;
/** Organisations that fit. */
export const MAX_ORGANISATIONS = 4;

interface NodePorts {
  port: number;
  operationsPort: number;
}

export interface OrganisationPorts {
  peers: readonly [NodePorts, NodePorts];
  ca: NodePorts;
  chaincode: readonly [number, number];
}

/** Ports of the organisation at `index`: base + 10 × index + 1 ... 8. Throws a RangeError for the fifth. */
export function organisationPorts(base: number, index: number): OrganisationPorts {
  if (index < 0 || index >= MAX_ORGANISATIONS)
    throw new RangeError(`a network has ports for ${MAX_ORGANISATIONS} organisations`);
  const first = base + index * ORGANISATION_PORTS;
  return {
    peers: [
      { port: first + 1, operationsPort: first + 3 },
      { port: first + 2, operationsPort: first + 4 },
    ],
    ca: { port: first + 5, operationsPort: first + 6 },
    chaincode: [first + 7, first + 8],
  };
}

/** Ports of three orderers: base + 41 ... 49. */
export function ordererPorts(base: number): (NodePorts & { adminPort: number })[] {
  return [0, 1, 2].map((at) => ({
    port: base + ORDERERS_AT + at,
    adminPort: base + ORDERERS_AT + 3 + at,
    operationsPort: base + ORDERERS_AT + 6 + at,
  }));
}
