import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { ProviderAccount } from './accounts.ts';
import { chooseCompany, companyDetails, standingFor } from './acting.ts';
import type { Catalogue } from './catalogue.ts';
import { ownClientId } from './grants.ts';
import { mustVerify } from './wanted-status.ts';

const { Check, Prompt, base } = interactionPolicy;

/**
 * What may stand between a request and its answer, in this order: registering, signing in, the company to act for,
 * verification as a recruiter, consent. Each is one interaction; the dispatcher sends the person to its page.
 */
export function createPolicy(catalogue: Catalogue): interactionPolicy.DefaultPolicy {
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
  // Who has no companies to choose between chooses the account itself (OpenID Connect Core section 3.1.2.1).
  login.checks.add(
    new Check('account_selection', 'the app asked for another choice of account', (ctx) => {
      const { prompts, result } = ctx.oidc;
      if (!prompts.has('select_account') || result?.['login'] || result?.['company']) return false;
      return !asksForCompany(ctx, catalogue);
    }),
  );
  policy.add(new Prompt({ name: 'create', requestable: true }), 0);
  const company = new Prompt(
    { name: 'select_account', requestable: true },
    new Check('company_choice', 'the person has to choose the company they act for', (ctx) =>
      asksForCompany(ctx, catalogue),
    ),
  );
  // Asked for or not, it is a question only for somebody who has a choice.
  company.checks.remove('select_account_prompt');
  policy.add(company, 2);
  policy.add(
    new Prompt(
      { name: 'verification' },
      new Check(
        'recruiter_required',
        'the app asked for a verified recruiter',
        'interaction_required',
        (ctx) => needsVerification(ctx, catalogue),
      ),
    ),
    3,
  );
  consent.details = async (ctx) => companyDetails(ctx, catalogue);
  // Our own pages get nothing, so there is nothing to agree to, whatever kind of client they are.
  for (const check of consent.checks) {
    const original = check.check;
    check.check = (ctx) => (ctx.oidc.client?.clientId === ownClientId ? false : original(ctx));
  }
  return policy;
}

/** Whether the person is to choose the company they act for; who signs in first chooses afterwards. */
function asksForCompany(ctx: KoaContextWithOIDC, catalogue: Catalogue): boolean {
  const { account, grant } = ctx.oidc;
  return account !== undefined && chooseCompany(ctx, grant, catalogue).ask;
}

function needsVerification(ctx: KoaContextWithOIDC, catalogue: Catalogue): boolean {
  const { account, grant } = ctx.oidc;
  const standing = (account as ProviderAccount | undefined)?.standing;
  if (!standing) return mustVerify(ctx, undefined);
  const choice = chooseCompany(ctx, grant, catalogue);
  return mustVerify(ctx, standingFor(choice.ask ? undefined : choice.companyId, standing).status?.status);
}
