import { afterAll, beforeAll, expect, it } from 'vitest';
import { ManualClock } from '../../src/core/clock.ts';
import { leaveCompany } from '../support/recruiters.ts';
import { openCompanySite, type CompanySite } from '../support/company-site.ts';

/** What somebody reads who lost their place at a company. */

let site: CompanySite;
beforeAll(async () => {
  site = await openCompanySite(new ManualClock());
});
afterAll(() => site.provider.close());

const pages = ['/account', '/company', '/verify'] as const;

it.each([
  ['removed', /An administrator of 甲公司 removed you on/, 'they can let you in again'],
  ['revoked', /Our staff ended your membership of 甲公司 on/, 'our staff look at it anew'],
  ['ended', /You have not acted for 甲公司 since/, 'To recruit again, join a company'],
] as const)('says how it ended, and what can be done: %s', async (how, title, remedy) => {
  const who = await site.somebody();
  const joined = await site.join(who, { name: '甲公司' });
  for (const page of pages.slice(0, 2))
    expect((await who.browser.open(site.url(page))).text).not.toMatch(title);
  await leaveCompany(site.provider.app, who.accountId, joined, how);
  for (const page of pages) {
    const { text } = await who.browser.open(site.url(page));
    expect(text, page).toMatch(title);
    expect(text, page).toContain('Your own verification stays');
    expect(text, page).toContain(remedy);
  }
});

it('does not promise a verification that there is not', async () => {
  const who = await site.somebody({ verified: false });
  await leaveCompany(site.provider.app, who.accountId, await site.join(who, { name: '甲公司' }), 'removed');
  const { text } = await who.browser.open(site.url('/account'));
  expect(text).toContain('An administrator of 甲公司 removed you');
  expect(text).not.toContain('Your own verification stays');
});

it('says nothing while another place is left, and names the one lost last', async () => {
  const who = await site.somebody();
  const first = await site.join(who, { name: '甲公司' });
  const second = await site.join(who, { name: '乙公司' });
  await leaveCompany(site.provider.app, who.accountId, first, 'removed');
  expect((await who.browser.open(site.url('/account'))).text).not.toContain('removed you');
  (site.provider.app.database.handle.clock as ManualClock).advance(1);
  await leaveCompany(site.provider.app, who.accountId, second, 'removed');
  const { text } = await who.browser.open(site.url('/account'));
  expect(text).toContain('An administrator of 乙公司 removed you');
  expect(text).not.toContain('甲公司');
});

it('says nothing of a request that came to nothing', async () => {
  const who = await site.somebody();
  const { database } = site.provider.app;
  const company = await site.join(await site.somebody(), { name: '甲公司' });
  await database.transact(async ({ memberships }) => {
    const { id } = await memberships.ensure(who.accountId, company.id);
    await memberships.advance(id, 'requested', 'ended', { endedAt: 1, endedReason: 'not_known' });
  });
  const { text } = await who.browser.open(site.url('/company'));
  expect(text).toContain('You belong to no company yet');
  expect(text).not.toContain('You have not acted for');
});
