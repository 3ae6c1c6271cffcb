import type { IncomingMessage } from 'node:http';
import type { Account, FindAccount } from 'oidc-provider';
import type { Clock } from '../core/clock.ts';
import type { AccountId } from '../core/ids.ts';
import type { AccountStanding } from '../entitlements/index.ts';
import { settleCompany, standingUnder } from './acting.ts';
import type { Catalogue } from './catalogue.ts';
import { answer, claimsAsked, partsOf } from './claims.ts';
import { narrow } from './grants.ts';
import { metBy, type LoadSubject } from './subject.ts';

/** An account as oidc-provider holds it during one request. */
export type ProviderAccount = Account & { readonly standing: AccountStanding };

/** The account's standing as of now: derived anew first when time or the account changed since the last derivation. */
export type ReadStanding = (
  accountId: AccountId,
  /** The request to the provider that asks, which may have fetched the standing already. */
  request?: IncomingMessage,
) => Promise<AccountStanding | undefined>;

export type AccountDependencies = {
  readonly readStanding: ReadStanding;
  readonly loadSubject: LoadSubject;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
};

/** Disabled and closed accounts do not exist for apps, whatever session or token names them. */
export function createFindAccount({
  readStanding,
  loadSubject,
  catalogue,
  clock,
}: AccountDependencies): FindAccount {
  return async (ctx, sub, token) => {
    const accountId = sub as AccountId;
    const standing = await readStanding(accountId, ctx.req);
    if (standing?.state !== 'active') return undefined;
    const { grant, route } = ctx.oidc;
    if (token && grant && route === 'token') {
      await settleCompany(grant, standing, catalogue);
      narrow(grant, catalogue, metBy(standingUnder(grant, standing)));
    }
    const account: ProviderAccount = {
      accountId,
      standing,
      async claims(use, scope, named) {
        // Where userinfo can be asked, the library keeps of an identity token what was asked for by name, and drops the
        // claims of the scopes (OpenID Connect Core section 5.4): nothing is opened for them.
        const byScope = use === 'id_token' && ctx.oidc.accessToken?.aud === undefined ? '' : scope;
        const rows = claimsAsked(new Set(byScope.split(' ')), Object.keys(named));
        // At userinfo the grant is known only after the account.
        const acting = standingUnder(ctx.oidc.grant, standing);
        const subject = await loadSubject(accountId, acting, partsOf(rows));
        return { sub, ...answer(rows, subject, metBy(acting), clock.now()) };
      },
    };
    return account;
  };
}
