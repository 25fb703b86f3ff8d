/**
 * Fabric's older libraries (fabric-network, fabric-ca-client) write to standard output whatever goes wrong, unless they find
 * a logger here. To be imported, and waited for, before either. What matters of it comes back as errors.
 */
const silent = () => undefined;

(globalThis as { hfc?: object }).hfc = {
  logger: { debug: silent, info: silent, warn: silent, error: silent },
};
