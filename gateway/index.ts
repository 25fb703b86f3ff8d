export { createGateway, type GatewayDeps } from './gateway.ts';
export type { Principal } from './principal.ts';
export type { Services } from './services.ts';
