import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { RecruiterStatus } from '../entitlements/index.ts';
import type { ProviderAccount } from './accounts.ts';
import { ownClientId } from './grants.ts';

const { Check, Prompt, base } = interactionPolicy;

/**
 * What may stand between a request and its answer, in this order: registering, signing in, verification as a
 * recruiter, consent. Each is one interaction; the dispatcher sends the person to its page.
 */
export function createPolicy(): interactionPolicy.DefaultPolicy {
  const policy = base();
  const login = policy.get('login');
  const consent = policy.get('consent');
  if (!login || !consent) throw new Error('oidc-provider has no login or consent prompt');
  // A session of an account that was disabled or closed meanwhile signs in again instead of failing.
  login.checks.add(
    new Check('account_unavailable', 'the signed-in account is not available', ({ oidc }) =>
      Boolean(oidc.session?.accountId && !oidc.account),
    ),
  );
  policy.add(new Prompt({ name: 'create', requestable: true }), 0);
  policy.add(
    new Prompt(
      { name: 'verification' },
      new Check(
        'recruiter_required',
        'the app asked for a verified recruiter',
        'interaction_required',
        needsVerification,
      ),
    ),
    2,
  );
  // Our own pages get nothing, so there is nothing to agree to, whatever kind of client they are.
  for (const check of consent.checks) {
    const original = check.check;
    check.check = (ctx) => (ctx.oidc.client?.clientId === ownClientId ? false : original(ctx));
  }
  return policy;
}

/** Statuses in which there is nothing the person could do now: the app gets the honest status instead. */
const settled: readonly RecruiterStatus[] = ['eligible', 'in_review'];

function needsVerification({ oidc }: KoaContextWithOIDC): boolean {
  if (oidc.result?.['verification'] || oidc.prompts.has('none') || !wantsEligible(oidc.claims)) return false;
  const status = (oidc.account as ProviderAccount | undefined)?.standing.status?.status;
  return !settled.includes(status ?? 'ineligible');
}

/** OpenID Connect Core section 5.5.1: an essential claim with the value, or one of the values, `eligible`. */
export function wantsEligible(claims: KoaContextWithOIDC['oidc']['claims']): boolean {
  return [claims.id_token, claims.userinfo].some((target) => {
    const wanted = target?.['recruiter_status'] as
      { essential?: boolean; value?: unknown; values?: unknown[] } | null | undefined;
    return Boolean(wanted?.essential && (wanted.value === 'eligible' || wanted.values?.includes('eligible')));
  });
}
