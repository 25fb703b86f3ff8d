import Provider from 'oidc-provider';
import { inside } from './granting.ts';
import { withoutConfinedWrites } from './scopes.ts';

/** What the request at hand asks for, if it is a refresh that asks for less than it was granted. */
function askedAtRefresh(): string[] {
  const oidc = Provider.ctx?.oidc;
  if (oidc?.route !== 'token' || oidc.params?.grant_type !== 'refresh_token') return [];
  return typeof oidc.params.scope === 'string' ? oidc.params.scope.split(' ') : [];
}

/**
 * At a refresh an app may ask for less (RFC 6749, section 6). oidc-provider compares scopes as strings and would refuse
 * `patient/Observation.r` to an app that holds `patient/*.rs`; here a refresh token and its grant also hold every scope
 * inside theirs. `provider`'s model classes are its own, so nothing outside it changes.
 */
export function allowNarrowing(provider: Provider): void {
  Object.defineProperty(provider.RefreshToken.prototype, 'scopes', {
    configurable: true,
    get(this: { scope?: string }): Set<string> {
      const own = this.scope?.split(' ') ?? [];
      return new Set([...own, ...inside(askedAtRefresh(), own)]);
    },
  });
  const { prototype } = provider.Grant;
  const exactly = prototype.getResourceScopeFiltered;
  prototype.getResourceScopeFiltered = function (resource, filter) {
    const asked = askedAtRefresh().filter((scope) =>
      Array.isArray(filter) ? filter.includes(scope) : filter.has(scope),
    );
    if (asked.length === 0) return exactly.call(this, resource, filter);
    const granted = inside(asked, this.getResourceScope(resource).split(' '));
    return [...new Set(granted.map(withoutConfinedWrites))].join(' ');
  };
}
