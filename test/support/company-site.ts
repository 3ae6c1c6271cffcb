import type { AccountId, CompanyId, MembershipId } from '../../src/core/ids.ts';

import { days, systemClock, type ManualClock } from '../../src/core/clock.ts';
import { createVisitor, type Visitor } from '../../src/testkit/index.ts';
import { startProvider, type TestProvider } from './provider.ts';
import { joinCompany, type Joined } from './recruiters.ts';
import { specimenPerson } from './specimens.ts';
import { verifiedPerson } from './verified-person.ts';

export type Somebody = { readonly accountId: AccountId; readonly name: string; readonly browser: Visitor };

export type CompanySite = {
  readonly provider: TestProvider;
  /** Somebody signed in; verified unless said otherwise. */
  somebody(over?: { verified?: boolean; lang?: string; locale?: string }): Promise<Somebody>;
  /** Lets somebody act for a verified company, a new one without a code. */
  join(who: Somebody, over?: Parameters<typeof joinCompany>[2]): Promise<Joined>;
  membership(who: Somebody, companyId: CompanyId): Promise<{ id: MembershipId; state: string; role: string }>;
  url(path: string): string;
};

/** The whole program over HTTP, with people who are signed in without going through the pages of sign-in. */
export async function openCompanySite(
  clock: ManualClock,
  over: Parameters<typeof startProvider>[0] = {},
): Promise<CompanySite> {
  const provider = await startProvider({
    ...over,
    overrides: { clock, ...over.overrides },
    env: { SHIMING_MAIL_VENDOR: 'inbox', ...over.env },
  });
  const { database, entitlements } = provider.app;
  const url = (path: string) => `${provider.issuer}${path}`;
  return {
    provider,
    url,
    async somebody({ verified = true, lang = 'en', locale = 'zh-CN' } = {}) {
      const accountId = await provider.addAccount({ roles: ['recruiter'], locale });
      const { name, number } = specimenPerson();
      await database.transact(async (bound) => {
        const now = clock.now();
        if (verified)
          await bound.persons.verify(
            verifiedPerson(accountId, now, {
              claims: { name, documentNumber: number },
              validUntil: now + days(3650),
            }),
          );
        await entitlements.recompute(bound, accountId);
      });
      const browser = createVisitor({ clock: systemClock, lang });
      await browser.open(url('/company'));
      await signIn(browser, accountId);
      return { accountId, name, browser };
    },
    join: ({ accountId }, joined = {}) => joinCompany(provider.app, accountId, joined),
    async membership({ accountId }, companyId) {
      const found = await database.stores.memberships.findFor(accountId, companyId);
      if (!found) throw new Error('no membership');
      return found;
    },
  };
}

/** Finishes the sign-in that a page led to. */
export async function signIn(browser: Visitor, accountId: AccountId): Promise<void> {
  const [, uid] = /^\/interaction\/([\w-]+)\//.exec(browser.page().url.pathname) ?? [];
  if (uid === undefined) throw new Error(`no sign-in at ${browser.page().url.pathname}`);
  await browser.open(new URL(`/interaction/${uid}/as/${accountId}`, browser.page().url));
}
