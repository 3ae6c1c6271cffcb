import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Router from '@koa/router';
import { ManualClock } from '../../src/core/clock.ts';
import type { CompanyId } from '../../src/core/ids.ts';
import { companyAccess } from '../../src/http/company-access.ts';
import { requireDeclared } from '../../src/http/staff-access.ts';
import { openCompanySite, type CompanySite, type Somebody } from '../support/company-site.ts';
import { createVisitor } from '../../src/testkit/index.ts';

/** Who may use a route, written down a second time on purpose: whoever changes the table changes this one, too. */
const anyone = ['GET /company/invitations/:secret'];
const visitors = [
  'GET /company',
  'GET /company/join',
  'POST /company/join',
  'GET /company/invited',
  'POST /company/invitations/:secret',
];
const places = [
  'GET /company/:id',
  'POST /company/:id/way',
  'GET /company/:id/leave',
  'POST /company/:id/leave',
  'GET /company/:id/ways/company-email',
  'POST /company/:id/ways/company-email',
  'POST /company/:id/ways/company-email/code',
  'GET /company/:id/ways/authorisation-letter',
  'GET /company/:id/ways/micro-deposit',
  ...['letter', 'renew', 'class'].flatMap((page) => [
    `GET /company/:id/${page}`,
    `GET /company/:id/${page}/picture`,
    `POST /company/:id/${page}/withdraw`,
  ]),
  'GET /company/:id/letter/print',
  'POST /company/:id/letter/picture',
  'POST /company/:id/letter/send',
  'GET /company/:id/deposit',
  'POST /company/:id/deposit',
  'POST /company/:id/deposit/confirm',
  'POST /company/:id/deposit/withdraw',
];
const representatives = [
  'POST /company/:id/renew/picture',
  'POST /company/:id/renew/send',
  'POST /company/:id/class',
  'POST /company/:id/class/picture',
  'POST /company/:id/class/send',
];
const members = ['GET /company/:id/administer', 'POST /company/:id/administer'];
const ofMember = ['decline', 'remove', 'hand-over'].flatMap((act) => [
  `GET /company/:id/members/:member/${act}`,
  `POST /company/:id/members/:member/${act}`,
]);
const administrators = [
  'GET /company/:id/members/:member',
  'POST /company/:id/members/:member/approve',
  'POST /company/:id/members/:member/role',
  'POST /company/:id/members/:member/end-date',
  ...ofMember,
  'GET /company/:id/invitations',
  'POST /company/:id/invitations',
  'POST /company/:id/invitations/:invitation/withdraw',
  'GET /company/:id/domains',
  'POST /company/:id/domains',
  'POST /company/:id/domains/unbind',
  'GET /company/:id/activity',
];
const all = [...anyone, ...visitors, ...places, ...members, ...representatives, ...administrators];
const ofCompany = [...places, ...members, ...representatives, ...administrators];

let site: CompanySite;
let companyId: CompanyId;
let boss: Somebody;
let addresses: Readonly<Record<string, string>>;
const people: Record<string, Somebody> = {};

beforeAll(async () => {
  site = await openCompanySite(new ManualClock());
  boss = await site.somebody();
  const company = await site.join(boss, { role: 'administrator' });
  companyId = company.id;
  const { stores, transact } = site.provider.app.database;
  const put = async (
    name: string,
    state: 'active' | 'removed' | 'revoked' | 'lapsed' | 'ended',
    role = 'recruiter',
  ) => {
    const who = await site.somebody();
    const { membershipId } = await site.join(who, { code: company.code, role: role as 'recruiter' });
    if (state !== 'active')
      await transact((bound) => bound.memberships.advance(membershipId, 'active', state, { endedAt: 1 }));
    people[name] = who;
  };
  await put('recruiter', 'active');
  await put('removed administrator', 'removed', 'administrator');
  await put('revoked administrator', 'revoked', 'administrator');
  await put('former recruiter', 'ended');
  await put('lapsed administrator', 'lapsed', 'administrator');
  people['administrator elsewhere'] = await site.somebody();
  await site.join(people['administrator elsewhere'], { role: 'administrator' });
  people['nobody'] = await site.somebody();
  people['who asks'] = await site.somebody();
  await people['who asks'].browser.open(site.url(`/company/join?credit_code=${company.code}`));
  const asking = people['who asks'].browser;
  const form = asking.page().forms.find(({ fields }) => fields.has('_csrf') && fields.has('credit_code'));
  await asking.submitForm(form!);
  const asks = people['who asks'];
  if (!(await stores.memberships.findFor(asks.accountId, companyId)))
    throw new Error(`not asked: ${asks.browser.page().text.slice(0, 300)}`);
  addresses = {
    ':id': companyId,
    ':member': (await site.membership(boss, companyId)).id,
    ':invitation': 'inv_00000000000000000000000000',
    ':secret': 'A'.repeat(43),
  };
});
afterAll(() => site.provider.close());

/** What a route answers to somebody who leaves every field empty. */
async function ask({ browser }: Pick<Somebody, 'browser'>, route: string) {
  const [method = '', path = ''] = route.split(' ');
  const address = Object.entries(addresses).reduce(
    (found, [name, value]) => found.replace(name, value),
    path,
  );
  const url = site.url(address);
  if (method === 'GET') return (await browser.open(url)).status;
  await browser.open(site.url('/'));
  const token = await csrfOf(browser);
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'text/html',
      cookie: browser.jar.header(new URL(url)),
    },
    body: new URLSearchParams({ _csrf: token }),
  });
  return response.status;
}

/** The invitation does not exist, and nothing was handed in that could be seen, confirmed or taken back. */
const isAbsent = (route: string): boolean =>
  route.includes(':invitation') ||
  /^GET .*\/picture$|^POST .*\/(deposit\/confirm|(letter|renew|class|deposit)\/withdraw)$/.test(route);

async function csrfOf(browser: Somebody['browser']): Promise<string> {
  for (const path of ['/company', '/legal/agreement']) {
    const { html } = await browser.open(site.url(path));
    const token = /name="_csrf" value="([^"]+)"/.exec(html)?.[1];
    if (token !== undefined) return token;
  }
  throw new Error('no page with a token');
}

describe('access to the pages of companies', () => {
  it('is written down for every route, and for none that is not there', () => {
    expect(Object.keys(companyAccess).sort()).toEqual([...all].sort());
    const forgotten = new Router<never>();
    forgotten.get('/company/:id/secrets', () => undefined);
    expect(() => requireDeclared([forgotten as never], companyAccess)).toThrow('GET /company/:id/secrets');
  });

  it('leads who is not signed in to sign-in, and takes no form of theirs', async () => {
    for (const route of all) {
      const stranger = { browser: createVisitor({ clock: new ManualClock(), lang: 'en' }) };
      const status = await ask(stranger, route);
      const { pathname } = stranger.browser.page().url;
      if (anyone.includes(route)) expect(pathname, route).toContain('/company/invitations/');
      else if (route.startsWith('GET')) expect(pathname, route).toMatch(/^\/interaction\//);
      else expect(status, route).toBe(401);
    }
  });

  const former = ['removed administrator', 'revoked administrator', 'former recruiter'];
  it.each(['administrator elsewhere', 'nobody', ...former])(
    'shows a company to nobody who does not belong to it: %s',
    async (name) => {
      const led = former.includes(name) ? ['GET /company/:id'] : [];
      for (const route of ofCompany.filter((one) => !led.includes(one)))
        expect(await ask(people[name] as Somebody, route), route).toBe(404);
    },
  );

  it.each(former)('leads who had a place to their own companies: %s', async (name) => {
    const who = people[name] as Somebody;
    expect(await ask(who, 'GET /company/:id')).toBe(200);
    expect(who.browser.page().url.pathname).toBe('/company');
    expect(who.browser.page().text).not.toContain(boss.name);
  });

  it.each(['recruiter', 'who asks', 'lapsed administrator'])(
    'gives nothing of administrators to: %s',
    async (name) => {
      for (const route of [...administrators, ...representatives])
        expect(await ask(people[name] as Somebody, route), route).toBe(403);
      for (const route of members)
        expect(await ask(people[name] as Somebody, route), route).toBe(
          name !== 'recruiter' ? 403 : route.startsWith('GET') ? 200 : 409,
        );
    },
  );

  it('gives administrators every page, and leaves the last one in place', async () => {
    for (const route of ofCompany) {
      const status = await ask(boss, route);
      const named = isAbsent(route) ? [404] : route.startsWith('GET') ? [200, 303] : [409, 415, 422];
      expect(named, `${route} ${status}`).toContain(status);
    }
    expect(await site.membership(boss, companyId)).toMatchObject({ state: 'active', role: 'administrator' });
  });

  it('does not act on the members of another company', async () => {
    const other = people['administrator elsewhere'] as Somebody;
    const [elsewhere] = await site.provider.app.database.stores.memberships.listByAccount(other.accountId);
    const page = await other.browser.open(
      site.url(`/company/${elsewhere!.companyId}/members/${addresses[':member']}`),
    );
    expect(page.status).toBe(404);
    expect(page.text).not.toContain(boss.name);
  });
});
