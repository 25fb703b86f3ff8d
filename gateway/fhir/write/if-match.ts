import { FhirError, badRequest } from '../errors.ts';

/** The version that `If-Match` names; undefined without the header. Throws 400 when it is no ETag of ours. */
export function versionOfIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const version = /^(?:W\/)?"([1-9][0-9]{0,8})"$/.exec(header.trim())?.[1];
  if (version === undefined) throw badRequest(`If-Match must be of the form W/"1".`, 'http.If-Match');
  return Number(version);
}

/** Throws 412 when `If-Match` names another version than the current one (undefined: there is none). */
export function assertIfMatch(header: string | undefined, current: number | undefined): void {
  const expected = versionOfIfMatch(header);
  const any = expected === undefined && header !== undefined;
  if (any ? current !== undefined : expected === undefined || expected === current) return;
  throw new FhirError(412, {
    code: 'conflict',
    diagnostics: `If-Match names ${any ? 'any version' : `version ${expected}`}, ${current === undefined ? 'there is none' : `the current one is ${current}`}.`,
  });
}

/** Throws 412 when `If-None-Match` of a write is `*` or names the current version (undefined: there is none). */
export function assertIfNoneMatch(header: string | undefined, current: number | undefined): void {
  if (header === undefined || current === undefined) return;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (!tags.includes('*') && !tags.includes(`"${current}"`)) return;
  throw new FhirError(412, {
    code: 'conflict',
    diagnostics: `If-None-Match names what is there: version ${current}.`,
  });
}
