/**
 * fabric-network writes to standard output whatever goes wrong, unless it finds a logger here. To be imported, and waited for, before it.
 * What matters of it comes back as errors.
 */
const silent = () => undefined;

(globalThis as { hfc?: object }).hfc = {
  logger: { debug: silent, info: silent, warn: silent, error: silent },
};
