import { readConnection } from '@fhir-fabric-gateway/network';
import { readConfig, type Config, type Environment } from '../config.ts';

/** The configuration, with the own organisation of a Fabric connection file. Throws a ConfigError. */
export const readSettings = (env: Environment, demo: boolean): Config =>
  readConfig(env, demo, (connection) => readConnection(connection).mspId);
