export { createAuth, type Auth, type AuthDependencies } from './auth.ts';
export { CONTEXT_SCOPES } from './granting.ts';
export type { Account, AccountRole, AccountStore, NewAccount, Profile } from './accounts.ts';
export type { Backend, Client, ClientStore, NewClient } from './clients.ts';
export { covers, formatScope, intersect, isWithin, parseScope, parseScopes, PERMISSIONS } from './scopes.ts';
export type { Permission, Scope } from './scopes.ts';
