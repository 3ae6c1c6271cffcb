import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MembershipState } from '../../src/companies/index.ts';
import { days, minutes } from '../../src/core/clock.ts';
import type { AccountId } from '../../src/core/ids.ts';
import { startTestProvider, type Person, type TestProvider } from '../../src/testkit/index.ts';
import { creditCode } from '../support/specimens.ts';

let provider: TestProvider;
beforeAll(async () => {
  provider = await startTestProvider();
});
afterAll(() => provider.close());

/** Somebody who registered as a recruiter, and is not verified. */
async function registered(): Promise<{ person: Person; accountId: AccountId }> {
  const person = provider.person({ role: 'recruiter', lang: 'en' });
  await person.walk(`${provider.issuer}/verify`, ({ url }) => url.pathname === '/verify');
  const account = await provider.app.database.stores.accounts.findByPhone(person.phone as never);
  if (!account) throw new Error('no account');
  return { person, accountId: account.id };
}

/** What an invitation that is accepted leaves, or a request: a membership of a company that stands. */
async function join(accountId: AccountId, to: MembershipState): Promise<void> {
  const { database, entitlements } = provider.app;
  const now = provider.clock.now();
  await database.transact(async (bound) => {
    const company = await bound.companies.ensure(creditCode(), 'Harbour Robotics');
    const dates = { verifiedAt: now, recheckAt: now + days(180) };
    await bound.companies.advance(company.id, company.state, 'verified', dates);
    const { id, state } = await bound.memberships.ensure(accountId, company.id);
    await bound.memberships.advance(id, state, to, {});
    await entitlements.recompute(bound, accountId);
  });
}

const status = (accountId: AccountId) => provider.app.database.stores.entitlements.status(accountId);
const pathsOf = (person: Person) => {
  const seen: string[] = [];
  const { open, submit, submitForm } = person.browser;
  const note = async <T extends { url: URL }>(page: Promise<T>) => {
    seen.push((await page).url.pathname);
    return page;
  };
  Object.assign(person.browser, {
    open: (url: string) => note(open(url)),
    submit: (...given: Parameters<typeof submit>) => note(submit(...given)),
    submitForm: (...given: Parameters<typeof submitForm>) => note(submitForm(...given)),
  });
  return seen;
};

describe('somebody who was invited', () => {
  it('is verified as a person, without a licence, and may recruit at once', async () => {
    const { person, accountId } = await registered();
    await join(accountId, 'active');
    const start = await person.browser.open('/verify');
    expect(start.text).toContain('You act for Harbour Robotics.');
    expect(start.text).not.toContain('the business licence, on paper');
    const seen = pathsOf(person);
    expect(await person.verify()).toBe('approved');
    expect(seen).toContain('/verify/photo/selfie');
    for (const path of ['/verify/photo/licence', '/verify/company', '/verify/photo/supporting'])
      expect(seen).not.toContain(path);
    expect(await status(accountId)).toMatchObject({ status: 'eligible', reasons: [], nextStep: 'none' });
    const page = await person.browser.open('/verify/status');
    expect(page.text).toContain('Who you are is verified');
  });

  it('waits for nothing but the company where an administrator has not answered', async () => {
    const { person, accountId } = await registered();
    await join(accountId, 'awaiting_admin');
    expect(await person.verify()).toBe('approved');
    expect(await status(accountId)).toMatchObject({
      status: 'in_review',
      reasons: ['membership_awaiting_admin'],
      nextStep: 'ask_administrator',
    });
    await join(accountId, 'active');
    expect(await status(accountId)).toMatchObject({ status: 'eligible' });
  });

  it('accepts in the middle of a verification with a licence, and goes on without it', async () => {
    const { person, accountId } = await registered();
    const begun = await person.browser.submit({}, { action: '/verify/start' });
    expect(begun.url.pathname).toBe('/verify/photo/licence');
    await join(accountId, 'active');
    const moved = await person.browser.open('/verify');
    expect(moved.url.pathname).toBe('/verify/consent/images');
    expect((await person.browser.open('/verify/company')).url.pathname).toBe('/verify/consent/images');
    expect(await person.verify()).toBe('approved');
    expect(await status(accountId)).toMatchObject({ status: 'eligible' });
  });
});

describe('somebody who is verified', () => {
  it('adds a further company by its licence, and shows no document', async () => {
    const { person, accountId } = await registered();
    expect(await person.verify()).toBe('approved');
    const before = await provider.app.database.stores.persons.find(accountId);
    provider.clock.advance(minutes(2));
    const seen = pathsOf(person);
    expect(await person.verify({ scope: 'company', company: { code: creditCode(), name: '第二公司' } })).toBe(
      'approved',
    );
    expect(seen).toContain('/verify/photo/licence');
    expect(seen.filter((path) => /document|person|selfie|consent|route/.test(path))).toEqual([]);
    expect(await provider.app.database.stores.persons.find(accountId)).toEqual(before);
    const held = await provider.app.database.stores.memberships.listByAccount(accountId);
    expect(held.map(({ state }) => state)).toEqual(['active', 'active']);
    const stop = await person.browser.open('/verify/stop');
    expect(stop.text).toContain('Your own verification and your other companies stay');
  });

  it('is never verified for a company alone by a forged form while not verified', async () => {
    const { person } = await registered();
    const page = await person.browser.open('/verify');
    const form = page.forms.find(({ action }) => action.includes('/verify/start'));
    if (!form) throw new Error('no form');
    await person.browser.submitForm(form, { scope: 'company' });
    const check = await person.browser.open('/verify/check');
    expect(check.url.pathname).toBe('/verify/photo/licence');
    expect((await person.browser.open('/verify/about')).text).toContain('Verify yourself and your company');
    const odd = await person.browser.submitForm(form, { scope: 'everything' });
    expect(odd.status).toBe(200);
  });
});

describe('the last administrator of a company', () => {
  const stores = () => provider.app.database.stores;
  const officeOf = async (accountId: AccountId) => {
    const [membership] = await stores().memberships.listByAccount(accountId);
    const { id, state } = membership!;
    await stores().memberships.advance(id, state, state, { role: 'administrator' });
    return membership!;
  };

  it('is warned before they stop, and may still; then nobody administers it', async () => {
    const { person, accountId } = await registered();
    expect(await person.verify()).toBe('approved');
    expect((await person.browser.open('/verify/stop')).text).not.toContain('last administrator');
    const { companyId } = await officeOf(accountId);
    const company = (await stores().companies.find(companyId))!;
    const stop = await person.browser.open('/verify/stop');
    expect(stop.text).toContain(`You are the last administrator of ${company.name}`);
    expect(stop.text).toContain('ask our staff to appoint');
    expect(stop.html).toContain(`href="/company/${companyId}"`);
    const form = stop.forms.find(({ action }) => action === '' || action.includes('/verify/stop'))!;
    await person.browser.submitForm(form, {});
    const [left] = await stores().memberships.listByCompany(companyId);
    expect(left).toMatchObject({ state: 'ended', role: 'recruiter' });
  });

  it('is not warned where another one stays, and is where that one has an end', async () => {
    const { person, accountId } = await registered();
    expect(await person.verify()).toBe('approved');
    const { companyId } = await officeOf(accountId);
    const other = await registered();
    const { id } = await stores().memberships.ensure(other.accountId, companyId);
    await stores().memberships.advance(id, 'requested', 'active', { role: 'administrator' });
    expect((await person.browser.open('/verify/stop')).text).not.toContain('last administrator');
    const validUntil = provider.clock.now() + days(30);
    await stores().memberships.advance(id, 'active', 'active', { validUntil });
    expect((await person.browser.open('/verify/stop')).text).toContain('You are the last administrator of');
  });

  it('keeps the office where only the person was verified, and is told what it is worth', async () => {
    const { person, accountId } = await registered();
    await join(accountId, 'active');
    expect(await person.verify()).toBe('approved');
    await officeOf(accountId);
    const stop = await person.browser.open('/verify/stop');
    expect(stop.text).toContain('You are the last administrator of Harbour Robotics');
    expect(stop.text).toContain('until you are verified again');
  });
});
