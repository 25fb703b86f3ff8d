import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { needsPatient } from './granting.ts';

const { Check, Prompt, base } = interactionPolicy;

const requested = (ctx: KoaContextWithOIDC): string[] => [...ctx.oidc.requestParamScopes];

/**
 * What a user is asked before an app gets a code: to log in, to choose a patient where the app works on one and the user
 * is none, and to authorise. The last is asked every time: nothing that was granted to an app once is granted again
 * unseen.
 *
 * @param hasPatient whether an account is a patient's own
 */
export function gatewayPolicy(
  hasPatient: (accountId: string) => Promise<boolean>,
): interactionPolicy.DefaultPolicy {
  const policy = base();
  policy
    .get('login')
    ?.checks.add(
      new Check(
        'account_gone',
        'the account is not active any more',
        (ctx) => ctx.oidc.session?.accountId !== undefined && ctx.oidc.account === undefined,
      ),
    );

  const choosesPatient = new Check(
    'patient_needed',
    'a patient must be chosen',
    'interaction_required',
    async (ctx) => {
      const { account, result } = ctx.oidc;
      return (
        account !== undefined &&
        needsPatient(requested(ctx)) &&
        typeof result?.patient !== 'string' &&
        !(await hasPatient(account.accountId))
      );
    },
  );
  policy.add(new Prompt({ name: 'patient', requestable: false }, choosesPatient), 1);

  const consent = policy.get('consent');
  consent?.checks.clear();
  consent?.checks.add(
    new Check(
      'not_authorised',
      'the user has not authorised this',
      'consent_required',
      (ctx) => !ctx.oidc.result?.consent,
    ),
  );
  return policy;
}
