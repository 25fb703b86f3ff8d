import {
  classify,
  compileConsent,
  relativeReferences,
  spanOf,
  type CompiledConsent,
} from '@fhir-fabric-gateway/mappings';
import { actorsOf, EVERYONE, type ConcernedActor } from '../../consent/explain/actors.ts';
import type { Agreement } from '../../consent/explain/agreements.ts';
import { explain as explainRules } from '../../consent/explain/explain.ts';
import { insufficientScope } from '../../consent/scopes.ts';
import { coversAllOf } from '../../consent/visibility.ts';
import { assertRoleMayRead } from '../../consent/roles.ts';
import type { Services } from '../../services.ts';
import { FhirError, badRequest, forbidden, gone, notFound } from '../errors.ts';
import { seenResource, visibilityOf } from '../interactions/visible.ts';
import type { FhirRequest, FhirResponse } from '../request.ts';
import type { Resource } from '../resource.ts';
import { assertDraft, isObject } from '../write/draft.ts';
import { parseStored } from '../write/subject.ts';
import { explainParameters } from './explain-parameters.ts';

const TAKEN = ['at', '_format', '_pretty'];
const PAGE = 1000;

/** What is explained: beside it `before` is in force, and with it `after`. */
interface Question {
  /** undefined: the record as a whole. */
  consent?: CompiledConsent;
  concerned: readonly Agreement[];
  before: readonly Agreement[];
  after: readonly Agreement[];
}

/** The `at` of the URL or of the Parameters, in milliseconds since 1970. Throws 400. */
function momentOf({ query, body, now }: FhirRequest): number {
  const unknown = query.find(([name]) => !TAKEN.includes(name));
  if (unknown) throw badRequest(`$explain does not take ${unknown[0]}.`, unknown[0]);
  const posted = inParameters(body?.resource, 'at')?.['valueInstant'];
  const given = query.find(([name]) => name === 'at')?.[1] ?? posted;
  if (given === undefined) return now;
  const span = typeof given === 'string' ? spanOf(given) : undefined;
  if (!span) throw badRequest('Must be a date, or a time with its zone.', 'at');
  return span[0];
}

function inParameters(resource: Resource | undefined, name: string) {
  if (resource?.resourceType !== 'Parameters' || !Array.isArray(resource['parameter'])) return undefined;
  return resource['parameter'].filter(isObject).find((one) => one['name'] === name);
}

/** Compiles what somebody means to sign as if it were signed. Throws 422 with what can't be enforced. */
function compiled(consent: Resource, { policyUris }: Services): CompiledConsent {
  const signed = ['draft', 'proposed'].includes(String(consent['status'])) ? 'active' : consent['status'];
  const result = compileConsent({ ...consent, status: signed ?? 'active' }, { policyUris });
  if (result.effect !== 'problems') return result;
  throw new FhirError(
    422,
    result.problems.map(({ expression, diagnostics }) => ({
      code: 'not-supported',
      diagnostics,
      expression: [expression],
    })),
  );
}

/** All that the patient has agreed to, as the patient sees it. */
async function allOf(request: FhirRequest, services: Services): Promise<Agreement[]> {
  const { principal } = request;
  const visibility = visibilityOf(request, 'read', 'Consent');
  const found: Agreement[] = [];
  let after: string | undefined;
  do {
    const page = await services.index.search({
      types: ['Consent'],
      parameters: [],
      compartment: { type: 'Patient', id: principal.patient ?? '' },
      visibility,
      lenient: false,
      sort: [],
      count: PAGE,
      ...(after !== undefined && { after }),
      total: 'none',
      ...{ include: [], includeIterate: [], revinclude: [], revincludeIterate: [] },
    });
    for (const stored of page.matches) {
      const resource = parseStored(stored);
      found.push({ id: stored.id, compiled: compileConsent(resource, { policyUris: services.policyUris }) });
    }
    after = page.after;
  } while (after !== undefined);
  return found;
}

/** A Consent that the patient means to sign: checked as a write would be, and kept nowhere. */
async function ofDraft(request: FhirRequest, services: Services): Promise<Question> {
  const { principal, body, trail } = request;
  const given = inParameters(body?.resource, 'consent')?.['resource'];
  const posted =
    body?.resource.resourceType === 'Parameters'
      ? isObject(given) && { resource: { ...given, resourceType: String(given['resourceType']) } }
      : body;
  if (posted === false) return ofRecord(request, services);
  const { resource } = assertDraft(posted, 'Consent', services);
  const consent = relativeReferences(resource, services.fhirBase);
  const { patient } = classify(consent);
  if (patient === undefined || patient !== principal.patient) throw notFound(`Patient/${patient ?? ''}`);
  trail.touch(patient, `Patient/${patient}`);
  const before = await allOf(request, services);
  const draft: Agreement = { compiled: compiled(consent, services) };
  const others = before.filter(({ id }) => id !== consent['id']);
  return { consent: draft.compiled, concerned: [draft], before, after: [...others, draft] };
}

async function ofRecord(request: FhirRequest, services: Services): Promise<Question> {
  const { patient = '' } = request.principal;
  request.trail.touch(patient, `Patient/${patient}`);
  const all = await allOf(request, services);
  return { concerned: all, before: all, after: all };
}

/** One that is there: to the patient beside all others, to another whom it names by itself. */
async function ofStored(request: FhirRequest, id: string, services: Services): Promise<Question> {
  const visibility = visibilityOf(request, 'read', 'Consent');
  const stored = await seenResource(request, visibility, 'Consent', id, services);
  if (stored.deleted) throw gone(`Consent/${id}`);
  const consent = compileConsent(parseStored(stored), { policyUris: services.policyUris });
  const own: Agreement = { id, compiled: consent };
  if (request.principal.requester.role !== 'patient')
    return { consent, concerned: [own], before: [], after: [own] };
  const all = await allOf(request, services);
  return { consent, concerned: [own], before: all.filter((one) => one.id !== id), after: all };
}

/** Whom the answer is about: the patient is told of everyone concerned, somebody else of themselves. */
async function whom(
  { principal }: FhirRequest,
  { consent, concerned, after, before }: Question,
  { index }: Services,
): Promise<ConcernedActor[]> {
  const { requester } = principal;
  if (requester.role !== 'patient') {
    const who = requester.person ?? requester.organization;
    const kind = requester.person === undefined ? 'systems' : 'person';
    return [{ kind, requester, ...(who !== undefined && { who }) }];
  }
  const all = [...after, ...before];
  const keeperOf = async (reference: string) => {
    const [type = '', id = ''] = reference.split('/');
    return (await index.get(type, id))?.organisation;
  };
  const named = await actorsOf(concerned, all, keeperOf);
  // What is for nobody in particular changes what everybody sees who is named elsewhere.
  const forAll =
    consent?.effect === 'privacy' || (consent?.effect === 'grant' && Object.hasOwn(consent.grants, '*'));
  return forAll ? actorsOf(all, all, keeperOf) : named.length > 0 ? named : [EVERYONE];
}

/**
 * `Consent/$explain` (explain-definition.ts): what a Consent would change, or changes, or all together say. Takes `at`.
 * A POST and the record as a whole are the patient's; one Consent is whoever's may see it, by itself and about them.
 * Throws 403 for others, 404 for what one may not see, 422 for what can't be enforced, as writing it would.
 */
export async function explainConsent(request: FhirRequest, services: Services): Promise<FhirResponse> {
  const { id, principal, body } = request;
  const { role } = principal.requester;
  const at = momentOf(request);
  assertRoleMayRead(role, 'Consent');
  const { scopes } = visibilityOf(request, 'read', 'Consent');
  // By some of the Consents the answer would be another.
  if (role === 'patient' && !coversAllOf(scopes, 'Consent', principal.patient))
    throw insufficientScope('read', 'Consent');
  if (id === undefined && role !== 'patient') throw forbidden(`A ${role} asks about one Consent, by its id.`);
  const ask =
    id !== undefined ? ofStored(request, id, services) : (body ? ofDraft : ofRecord)(request, services);
  const question = await ask;
  const actors = await whom(request, question, services);
  const explained = await explainRules(actors, question.after, question.before, at);
  if (!explained) throw tooMuch();
  return {
    status: 200,
    headers: {},
    body: JSON.stringify(explainParameters(question.consent?.effect, at, explained)),
  };
}

const tooMuch = () =>
  new FhirError(422, {
    code: 'too-costly',
    diagnostics: 'There are too many provisions and actors to explain at once: ask about one Consent.',
  });
