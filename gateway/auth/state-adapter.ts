import { errors, type Adapter, type AdapterFactory } from 'oidc-provider';
import { clientMetadata, type ClientStore } from './clients.ts';
import type { TokenState } from './token-state.ts';

/**
 * oidc-provider's storage port over our tables, one adapter for each of its models.
 * What may be used once (an assertion's jti, a code, a refresh token) is decided by the database: two requests at the same
 * moment can't both have it, which looking first and writing later would allow.
 */
export function stateAdapter(state: TokenState, clients: ClientStore): AdapterFactory {
  return (model) => (model === 'Client' ? clientAdapter(clients) : modelAdapter(model, state));
}

const seconds = (): number => Math.floor(Date.now() / 1000);

function modelAdapter(model: string, state: TokenState): Adapter {
  return {
    async upsert(id, payload, expiresIn) {
      const expires = expiresIn === undefined ? null : seconds() + expiresIn;
      if (model === 'ReplayDetection' && expires !== null) {
        if (await state.add(model, id, payload, expires, seconds())) return;
        throw new errors.InvalidClientAuth('client assertion tokens must only be used once');
      }
      await state.put(model, id, payload, expires);
    },
    find: (id) => state.find(model, id),
    findByUid: (uid) => state.findSession(uid),
    findByUserCode: async () => undefined,
    async consume(id) {
      if (await state.consume(model, id, seconds())) return;
      const grant = await state.grantOf(model, id);
      if (grant !== undefined) await state.deleteOfGrant(grant);
      throw new errors.InvalidGrant('already used');
    },
    destroy: (id) => state.delete(model, id),
    revokeByGrantId: (grant) => state.deleteOfGrant(grant),
  };
}

/** Clients are registered by the operator; oidc-provider only reads them. */
function clientAdapter(clients: ClientStore): Adapter {
  const readOnly = async (): Promise<never> => {
    throw new Error('clients are not changed here');
  };
  return {
    async find(id) {
      const client = await clients.get(id);
      return client?.status === 'active' ? clientMetadata(client) : undefined;
    },
    upsert: readOnly,
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    consume: readOnly,
    destroy: readOnly,
    revokeByGrantId: readOnly,
  };
}
