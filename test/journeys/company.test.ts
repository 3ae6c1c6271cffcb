import { afterAll, beforeAll, expect, it } from 'vitest';
import { days, ManualClock, minutes, systemClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { createVisitor } from '../../src/testkit/index.ts';
import { openCompanySite, signIn, type CompanySite, type Somebody } from '../support/company-site.ts';

const clock = new ManualClock();
const logged: string[] = [];
const log = createLog('debug', { write: (line) => void logged.push(line) });

let site: CompanySite;
beforeAll(async () => {
  site = await openCompanySite(clock, { overrides: { log } });
});
afterAll(() => site.provider.close());

const stores = () => site.provider.app.database.stores;
const statusOf = async ({ accountId }: Somebody) => (await stores().entitlements.status(accountId))?.status;

/** Fills in the form of the page that leads to `action`; to the page itself where it is empty. */
function press(who: Pick<Somebody, 'browser'>, action: string, fields = {}) {
  const { forms, text } = who.browser.page();
  const form = forms.find((one) => (action === '' ? one.action === '' : one.action.endsWith(action)));
  if (!form) throw new Error(`no form ${action}: ${text.slice(0, 300)}`);
  return who.browser.submitForm(form, fields);
}

async function administered() {
  const boss = await site.somebody();
  const company = await site.join(boss, { role: 'administrator' });
  return { boss, company, home: site.url(`/company/${company.id}`) };
}

/** Asks to join with the code, as the page leads. */
async function ask(who: Somebody, code: string) {
  await who.browser.open(site.url('/company/join'));
  await who.browser.submit({ credit_code: code }, { action: '/company/join' });
  const { forms } = who.browser.page();
  const form = forms.find(({ fields }) => fields.has('_csrf') && fields.has('credit_code'));
  return who.browser.submitForm(form!);
}

async function invite(boss: Somebody, home: string, fields: Record<string, string> = {}): Promise<string> {
  await boss.browser.open(`${home}/invitations`);
  const page = await press(boss, '/invitations', { role: 'recruiter', ...fields });
  expect(page.status).toBe(201);
  const [link] = /http:\/\/localhost:\d+\/company\/invitations\/[\w-]{43}/.exec(page.html) ?? [];
  return link ?? '';
}

it('says how to join where somebody belongs to no company', async () => {
  const { browser } = await site.somebody();
  const page = await browser.open(site.url('/company'));
  expect(page.text).toContain('You belong to no company yet');
  expect(page.text).toContain('ask its administrator for a link');
  await browser.open(site.url('/account'));
  expect((await browser.follow('/company')).url.pathname).toBe('/company');
});

it('lets somebody in by an administrator, who sees the verified name and nothing else', async () => {
  const { boss, company, home } = await administered();
  const who = await site.somebody();
  const asked = await ask(who, company.code.toLowerCase());
  expect(asked.url.pathname).toBe(`/company/${company.id}`);
  expect(asked.text).not.toContain(boss.name);
  await press(who, '/way', { way: 'administrator' });
  expect(who.browser.page().text).toContain('With the administrators');
  expect(await statusOf(who)).toBe('in_review');

  await boss.browser.open(home);
  expect(boss.browser.page().text).toContain(who.name);
  await boss.browser.follow('/members/mem_');
  const request = boss.browser.page();
  await press(boss, '/approve');
  expect(boss.browser.page().text).toContain('They may act for the company now');
  expect(await statusOf(who)).toBe('eligible');
  // The same form again.
  const again = await boss.browser.submitForm(
    request.forms.find(({ action }) => action.includes('/approve'))!,
  );
  expect(again.status).toBe(409);
  expect(again.text).toContain('dealt with meanwhile');
  const seen = await who.browser.open(home);
  expect(seen.text).toContain(boss.name);
  const activity = await boss.browser.open(`${home}/activity`);
  expect(activity.text).toContain('Somebody joined');
  expect(activity.text).toContain(who.name);
});

it('does not let in whose name is not verified', async () => {
  const { boss, company, home } = await administered();
  const who = await site.somebody({ verified: false });
  await ask(who, company.code);
  expect(who.browser.page().text).toContain('We do not know yet who you are');
  await press(who, '/way', { way: 'administrator' });
  await boss.browser.open(home);
  await boss.browser.follow('/members/mem_');
  expect(boss.browser.page().forms.some(({ action }) => action.includes('/approve'))).toBe(false);
});

it('says what is wrong with a code, and nothing of companies that cannot be joined', async () => {
  const { browser } = await site.somebody();
  const find = (code: string) =>
    browser.open(site.url(`/company/join?credit_code=${encodeURIComponent(code)}`));
  expect((await find('9131')).text).toContain('you entered 4');
  const unknown = await find('91310000MA1K000008');
  expect(unknown.status).toBe(422);
  const { company } = await administered();
  await stores().companies.advance(company.id, 'verified', 'revoked');
  const revoked = await find(company.code);
  expect(revoked.text.replaceAll(company.code, '')).toBe(unknown.text.replaceAll('91310000MA1K000008', ''));
});

it('declines and removes for a reason that the person reads, and takes the right at once', async () => {
  const { boss, company, home } = await administered();
  const who = await site.somebody();
  const { membershipId } = await site.join(who, { code: company.code });
  expect(await statusOf(who)).toBe('eligible');
  await boss.browser.open(`${home}/members/${membershipId}/remove`);
  expect((await press(boss, '')).text).toContain('Choose a reason');
  await press(boss, '', { reason: 'left_the_company' });
  expect(boss.browser.page().text).toContain('They were removed');
  expect(await statusOf(who)).toBe('limited');
  const list = await who.browser.open(home);
  expect(list.url.pathname).toBe('/company');
  expect(list.text).toContain('No longer works at the company');
  expect((await ask(who, company.code)).text).toContain('You can ask this company again from');
});

it('keeps the last administrator, who leaves once they handed over', async () => {
  const { boss, company, home } = await administered();
  await boss.browser.open(`${home}/leave`);
  const refused = await press(boss, '');
  expect(refused.status).toBe(409);
  expect(refused.text).toContain('Hand over first');
  const heir = await site.somebody();
  const { membershipId } = await site.join(heir, { code: company.code });
  await boss.browser.open(`${home}/members/${membershipId}/hand-over`);
  await press(boss, '');
  expect(boss.browser.page().text).toContain('You have handed over');
  expect(boss.browser.page().html).not.toContain('/invitations');
  await boss.browser.open(`${home}/leave`);
  await press(boss, '');
  expect(boss.browser.page().text).toContain('You have left the company');
  expect(await site.membership(heir, company.id)).toMatchObject({ role: 'administrator', state: 'active' });
});

it('refuses a form that was filled in upon something else', async () => {
  const { boss, company, home } = await administered();
  const who = await site.somebody();
  const { membershipId } = await site.join(who, { code: company.code });
  const page = await boss.browser.open(`${home}/members/${membershipId}`);
  const [role, end] = ['/role', '/end-date'].map((part) =>
    page.forms.find(({ action }) => action.endsWith(part))!,
  );
  expect((await boss.browser.submitForm(role!, { role: 'administrator' })).text).toContain(
    'The role was saved',
  );
  const stale = await boss.browser.submitForm(end!, { until: '2099-01-01' });
  expect(stale.status).toBe(409);
  expect(stale.text).toContain('changed meanwhile');
  const wrong = await press(boss, '/end-date', { until: '2027-02-30' });
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain('existing day');
});

it('explains an invitation before sign-in, leads through it and lets one person in', async () => {
  const { boss, company, home } = await administered();
  const link = await invite(boss, home);
  const secret = link.split('/').at(-1) ?? '';
  expect((await boss.browser.open(`${home}/invitations`)).html).not.toContain(secret);

  const stranger = createVisitor({ clock: systemClock, lang: 'en' });
  const page = await stranger.open(link);
  expect(page.text).toContain('Join 示例科技有限公司');
  expect(page.text).not.toContain(boss.name);
  expect(page.headers.get('referrer-policy')).toBe('same-origin');
  expect(page.headers.get('cache-control')).toBe('no-store');
  await stranger.follow('/company/invited');
  expect(stranger.page().url.href).not.toContain(secret);
  const guest = await site.provider.addAccount({ roles: ['recruiter'] });
  await signIn(stranger, guest);
  expect(stranger.page().url.href).toBe(link);
  await press({ browser: stranger }, '');
  expect(stranger.page().url.pathname).toBe(`/company/${company.id}`);
  expect(stranger.page().text).toContain('You have joined the company');
  expect(stranger.page().text).toContain('The identity is not verified');

  const late = await site.somebody();
  const used = await late.browser.open(link);
  expect(used.status).toBe(410);
  expect(used.text).toContain('used already');
  expect(logged.join('\n')).not.toContain(secret);
  const { knex } = site.provider.app.database.connection;
  for (const table of ['artifacts', 'sign_ins', 'events', 'company_activity', 'company_invitations'])
    expect(JSON.stringify(await knex(table)), table).not.toContain(secret);
});

it('opens no link that was withdrawn, expired or made by a former administrator', async () => {
  const { boss, company, home } = await administered();
  const guest = await site.somebody();
  const withdrawn = await invite(boss, home);
  await boss.browser.open(`${home}/invitations`);
  await press(boss, '/withdraw');
  expect((await guest.browser.open(withdrawn)).status).toBe(404);
  const old = await invite(boss, home);
  await guest.browser.open(old);
  clock.advance(days(7));
  const answer = await press(guest, '');
  expect([answer.status, answer.text]).toEqual([410, expect.stringContaining('has expired')]);
  const theirs = await invite(boss, home);
  const heir = await site.somebody();
  const { membershipId } = await site.join(heir, { code: company.code });
  await boss.browser.open(`${home}/members/${membershipId}/hand-over`);
  await press(boss, '');
  expect((await guest.browser.open(theirs)).status).toBe(404);
  expect((await guest.browser.open(site.url('/company/invitations/short'))).status).toBe(404);
});

it('lets somebody in by an address of the company, for as long as the proof lasts', async () => {
  const { boss, company, home } = await administered();
  await boss.browser.open(`${home}/domains`);
  expect((await press(boss, '/domains', { domain: 'qq.com' })).text).toContain(
    'Anybody can have an address there',
  );
  await press(boss, '/domains', { domain: '@beispiel.com.cn' });
  expect(boss.browser.page().text).toContain('beispiel.com.cn');
  const who = await site.somebody();
  await ask(who, company.code);
  await press(who, '/way', { way: 'company_email' });
  expect(who.browser.page().url.pathname).toMatch(/\/ways\/company-email$/);
  expect((await press(who, '/company-email', { email: 'li@example.org' })).text).toContain(
    'has not added the domain',
  );
  await press(who, '/company-email', { email: 'li@beispiel.com.cn' });
  await site.provider.app.jobs.drain();
  const [mail] = await stores().mailInbox.list(1, 'li@beispiel.com.cn' as never);
  const [code = ''] = /\b\d{6}\b/.exec(mail?.text ?? '') ?? [];
  expect((await press(who, '/code', { code: '000000' === code ? '000001' : '000000' })).text).toContain(
    'tries are left',
  );
  await press(who, '/code', { code });
  expect(who.browser.page().text).toContain('You have joined the company');
  expect(await site.membership(who, company.id)).toMatchObject({
    state: 'active',
    evidence: 'company_email',
    validUntil: clock.now() + days(180),
  });
  expect((await boss.browser.open(`${home}/domains`)).text).toContain('an address of this domain: 1.');
  expect((await press(boss, '/unbind')).text).toContain('The domain was removed');
  expect(await site.membership(who, company.id)).toMatchObject({
    state: 'due',
    validUntil: clock.now() + days(14),
  });
  await site.provider.app.jobs.drain();
  const account = await stores().accounts.find(who.accountId);
  const [told] = await stores().inbox.list(1, account!.phone);
  expect(told?.text).toContain('招聘的资格将于');
});

it('offers a company without an administrator to who may take it, and says what is left once there was one', async () => {
  const first = await site.somebody();
  const company = await site.join(first);
  const short = await site.somebody();
  const unverified = await site.somebody({ verified: false });
  for (const one of [short, unverified]) await site.join(one, { code: company.code });
  const { id, state } = await site.membership(short, company.id);
  await stores().memberships.advance(id, state as 'active', 'active', {
    validUntil: clock.now() + days(300),
  });
  const home = site.url(`/company/${company.id}`);
  const look = async (who: Somebody) => (await who.browser.open(home)).text;
  const offer = 'Nobody administers this company yet';
  expect(await look(first)).toContain(offer);
  for (const one of [short, unverified]) expect(await look(one)).not.toContain(offer);
  await first.browser.follow('/administer');
  await press(first, '');
  const own = await site.membership(first, company.id);
  await stores().memberships.advance(own.id, 'active', 'ended', { endedAt: clock.now() });
  expect(await look(short)).toContain('Our staff can appoint');
  expect(await look(short)).not.toContain(offer);
});

it('reminds administrators by text message, naming nobody, and says so on the page', async () => {
  const { boss, company, home } = await administered();
  await stores().companies.advance(company.id, 'verified', 'verified', {
    nextChangeAt: clock.now() + days(166),
  });
  clock.advance(days(166) + minutes(1));
  for (let turn = 0; turn < 3; turn += 1) await site.provider.app.sweeper.run();
  await site.provider.app.jobs.drain();
  const account = await stores().accounts.find(boss.accountId);
  const [message] = await stores().inbox.list(1, account!.phone);
  expect(message?.text).toContain('示例科技有限公司的认证将于');
  expect(message?.text).not.toContain(boss.name);
  const again = createVisitor({ clock: systemClock, lang: 'en' });
  await again.open(home);
  await signIn(again, boss.accountId);
  expect(again.page().text).toContain('has to be verified again by');
});
