import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { errors, type Interaction, type InteractionResults } from 'oidc-provider';
import { FhirError } from '../fhir/errors.ts';
import { authorizePage } from '../ui/pages/authorize.ts';
import { formTarget, sendPage } from '../ui/pages/layout.ts';
import { loginPage } from '../ui/pages/login.ts';
import { patientPage } from '../ui/pages/patient.ts';
import { problemPage } from '../ui/pages/problem.ts';
import type { Account, AccountStore } from './accounts.ts';
import type { ClientStore } from './clients.ts';
import { LIFETIMES } from './endpoints.ts';
import { fromOurPage, readForm } from './form.ts';
import { CONTEXT_SCOPES, sensibleFor } from './granting.ts';
import type { LoginThrottle } from './login-throttle.ts';
import type { TokenState } from './token-state.ts';

export interface InteractionParts {
  provider: Provider;
  baseUrl: string;
  fhirBase: string;
  accounts: AccountStore;
  clients: ClientStore;
  state: TokenState;
  throttle: LoginThrottle;
}

/** What a page needs to know of the interaction that it belongs to. */
interface Frame {
  app: string;
  action: string;
  formTargets: readonly string[];
}

const param = (interaction: Interaction, name: string): string | undefined => {
  const value = interaction.params[name];
  return typeof value === 'string' ? value : undefined;
};

async function frameOf(parts: InteractionParts, interaction: Interaction, action: string): Promise<Frame> {
  const id = param(interaction, 'client_id') ?? '';
  const target = formTarget(param(interaction, 'redirect_uri') ?? '');
  return {
    app: (await parts.clients.get(id))?.name ?? id,
    action,
    formTargets: target === undefined ? [] : [target],
  };
}

/** The scopes to ask the user about, and the patient that they are for. */
function askable(
  interaction: Interaction,
  account: Account,
): { scopes: string[]; patient: string | undefined } {
  const chosen = interaction.lastSubmission?.patient;
  const patient = account.patient ?? (typeof chosen === 'string' ? chosen : undefined);
  const requested = param(interaction, 'scope')?.split(' ') ?? [];
  return { scopes: sensibleFor(account.role, requested, patient !== undefined), patient };
}

async function showPage(
  ctx: Context,
  parts: InteractionParts,
  interaction: Interaction,
  frame: Frame,
): Promise<void> {
  const { prompt } = interaction;
  if (prompt.name === 'login') {
    const hint = param(interaction, 'login_hint');
    sendPage(ctx, 200, loginPage({ ...frame, ...(hint !== undefined && { username: hint }) }));
  } else if (prompt.name === 'patient') {
    sendPage(ctx, 200, patientPage(frame));
  } else {
    const account = await parts.accounts.get(interaction.session?.accountId ?? '');
    if (!account) throw new errors.SessionNotFound('the account is gone');
    const { scopes, patient } = askable(interaction, account);
    const returnsTo = URL.parse(param(interaction, 'redirect_uri') ?? '')?.host || 'an app on this device';
    const record = account.patient === undefined ? `the record of patient ${patient ?? ''}` : 'your record';
    sendPage(ctx, 200, authorizePage({ ...frame, user: account.display, record, scopes, returnsTo }));
  }
}

type Answer = InteractionResults | 'answered';

async function logIn(
  ctx: Context,
  parts: InteractionParts,
  interaction: Interaction,
  frame: Frame,
  form: URLSearchParams,
): Promise<Answer> {
  const username = form.get('username') ?? '';
  const again = (status: number, problem: string): Answer => {
    sendPage(ctx, status, loginPage({ ...frame, username, problem }));
    return 'answered';
  };
  const wait = await parts.throttle.attempt(username, ctx.ip);
  if (wait > 0) {
    ctx.set('Retry-After', String(wait));
    return again(429, `Too many attempts. Try again in ${wait} seconds.`);
  }
  const account = await parts.accounts.authenticate(username, form.get('password') ?? '');
  if (!account) return again(403, 'E-mail address or password is wrong.');
  await parts.throttle.succeeded(username, ctx.ip);
  if (interaction.session && interaction.session.accountId !== account.id) {
    // Somebody else takes over this browser: what the one before had open ends with the old session.
    await parts.state.deleteOfSession(interaction.session.uid);
    interaction.session = undefined;
    await interaction.persist();
  }
  return { login: { accountId: account.id, amr: ['pwd'], remember: false } };
}

const PATIENT_ID = /^(?:Patient\/)?([A-Za-z0-9.-]{1,64})$/;

function choosePatient(ctx: Context, frame: Frame, form: URLSearchParams): Answer {
  const [, patient] = PATIENT_ID.exec(form.get('patient')?.trim() ?? '') ?? [];
  if (patient !== undefined) return { patient };
  sendPage(
    ctx,
    422,
    patientPage({ ...frame, problem: 'An id has up to 64 letters, digits, dots and hyphens.' }),
  );
  return 'answered';
}

async function authorise(
  parts: InteractionParts,
  interaction: Interaction,
  form: URLSearchParams,
): Promise<Answer> {
  const account = await parts.accounts.get(interaction.session?.accountId ?? '');
  const clientId = param(interaction, 'client_id');
  if (account?.status !== 'active' || clientId === undefined)
    throw new errors.SessionNotFound('the account is gone');
  const { scopes, patient } = askable(interaction, account);
  const ticked = scopes.filter((scope) => form.getAll('scope').includes(scope));
  if (form.get('decision') !== 'allow' || ticked.length === 0) {
    return { error: 'access_denied', error_description: 'the user did not allow it' };
  }
  const grant = new parts.provider.Grant({ accountId: account.id, clientId });
  grant.addOIDCScope(ticked.filter((scope) => (CONTEXT_SCOPES as readonly string[]).includes(scope)));
  grant.addResourceScope(parts.fhirBase, ticked);
  const grantId = await grant.save();
  if (account.patient === undefined && patient !== undefined) {
    await parts.state.putPatient(grantId, patient, Math.floor(Date.now() / 1000) + LIFETIMES.offline);
  }
  return { consent: { grantId } };
}

async function submit(
  ctx: Context,
  parts: InteractionParts,
  interaction: Interaction,
  frame: Frame,
): Promise<void> {
  const form = fromOurPage(ctx.req, parts.baseUrl) ? await readForm(ctx.req) : undefined;
  if (!form) {
    sendPage(
      ctx,
      400,
      problemPage('This did not work', 'The form was not sent by this page. Go back and try again.'),
    );
    return;
  }
  const { name } = interaction.prompt;
  const answer =
    name === 'login'
      ? await logIn(ctx, parts, interaction, frame, form)
      : name === 'patient'
        ? choosePatient(ctx, frame, form)
        : await authorise(parts, interaction, form);
  if (answer === 'answered') return;
  ctx.status = 303;
  ctx.set('Cache-Control', 'no-store');
  ctx.redirect(await parts.provider.interactionResult(ctx.req, ctx.res, answer));
}

/**
 * The pages between an authorization request and its answer: login, choice of a patient, authorisation. GET shows the
 * page that is due, POST takes its form. Who may see or send them is decided by the interaction's cookie, which is
 * bound to this path, to the browser (`SameSite=Lax`, `HttpOnly`) and to half an hour.
 */
export async function serveInteraction(ctx: Context, parts: InteractionParts): Promise<void> {
  try {
    const interaction = await parts.provider.interactionDetails(ctx.req, ctx.res);
    const frame = await frameOf(parts, interaction, ctx.path);
    if (ctx.method === 'POST') await submit(ctx, parts, interaction, frame);
    else if (ctx.method === 'GET' || ctx.method === 'HEAD') await showPage(ctx, parts, interaction, frame);
    else {
      ctx.set('Allow', 'GET, HEAD, POST');
      ctx.status = 405;
    }
  } catch (error) {
    if (error instanceof errors.SessionNotFound) {
      const text =
        'This page has been answered already, or was open for too long. Go back to the app and start again.';
      sendPage(ctx, 400, problemPage('This login has ended', text));
    } else if (error instanceof FhirError) {
      ctx.set(error.headers);
      sendPage(ctx, error.status, problemPage('This did not work', error.message));
    } else throw error;
  }
}
