import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Clock } from '../core/clock.ts';
import type { AccountId } from '../core/ids.ts';
import { actedFor, actFor, chooseCompany } from './acting.ts';
import type { Catalogue } from './catalogue.ts';
import { agreed, covers, nothing, recordUnasked, type ConsentStore, type Grantable } from './consents.ts';
import { extend, grantedBy, ownClientId, requested, type Grant } from './grants.ts';

export type KnownConsents = Pick<ConsentStore, 'find' | 'write'>;

/**
 * The grant an authorization request runs under: the browser session's own, completed from what the person agreed to
 * before in whatever browser, for the company they act for. First-party apps are granted what they ask for, which is
 * noted; the service's own pages nothing at all.
 */
export function loadExistingGrant(consents: KnownConsents, catalogue: Catalogue, clock: Clock) {
  const load = agreedGrant(consents);
  return async (ctx: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { grant, changed, unasked } = await load(ctx);
    if (!grant) return undefined;
    if (unasked) {
      const { accountId = '', clientId = '' } = grant;
      await recordUnasked(consents, { ...unasked, accountId: accountId as AccountId, clientId }, clock.now());
    }
    const choice = chooseCompany(ctx, grant, catalogue);
    if (choice.ask || choice.companyId === undefined || choice.companyId === actedFor(grant)) {
      if (changed) await grant.save();
      return grant;
    }
    const acting = actedFor(grant) === undefined ? grant : await succeed(ctx, grant);
    actFor(acting, choice.companyId);
    await acting.save();
    return acting;
  };
}

/** What was issued under a grant named its company, so that it ends with the grant when another one is chosen. */
async function succeed({ oidc: { provider } }: KoaContextWithOIDC, grant: Grant): Promise<Grant> {
  const { accountId = '', clientId = '' } = grant;
  const successor = new provider.Grant({ accountId, clientId });
  extend(successor, grantedBy(grant));
  if (grant.jti) {
    await provider.AccessToken.revokeByGrantId(grant.jti);
    await grant.destroy();
  }
  return successor;
}

type Loaded = {
  readonly grant: Grant | undefined;
  readonly changed: boolean;
  /** What a first-party app is given with this request. */
  readonly unasked?: Grantable;
};

function agreedGrant(consents: KnownConsents) {
  return async (ctx: KoaContextWithOIDC): Promise<Loaded> => {
    const { client, session, account, provider, result } = ctx.oidc;
    if (!client || !session || !account) return { grant: undefined, changed: false };
    const { clientId } = client;
    const fresh = () => new provider.Grant({ accountId: account.accountId, clientId });
    if (clientId === ownClientId) {
      const grant = fresh();
      grant.addOIDCScope('openid');
      return { grant, changed: false };
    }
    const consentedNow = (result?.['consent'] as { grantId?: string } | undefined)?.grantId;
    const grantId = consentedNow ?? session.grantIdFor(clientId);
    const existing = grantId ? await provider.Grant.find(grantId) : undefined;
    const want = requested(ctx);
    if (existing && covers(grantedBy(existing), want)) return { grant: existing, changed: false };
    const unasked = client['first_party'] ? want : undefined;
    const given = unasked ?? (await agreed(consents, account.accountId as AccountId, clientId)) ?? nothing;
    if (covers(existing ? grantedBy(existing) : nothing, given)) return { grant: existing, changed: false };
    const grant = existing ?? fresh();
    extend(grant, given);
    return { grant, changed: true, ...(unasked && { unasked }) };
  };
}
