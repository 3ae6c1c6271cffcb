import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { days, ManualClock, minutes } from '../../src/core/clock.ts';
import type { CompanyId } from '../../src/core/ids.ts';
import { startTestProvider, type Person, type TestProvider } from '../../src/testkit/index.ts';
import { testPictures, type PictureContent } from '../../src/testkit/test-pictures.ts';
import type { TestCompany } from '../../src/testkit/identities.ts';
import { signInReviewer } from '../support/recruiting.ts';
import { hostileUploads } from '../support/hostile/uploads.ts';

/** Company evidence over HTTP: renewal after a lapse, letter, account class and deposit, and whom none of it is for. */

let provider: TestProvider;
let owner: Person;
let companyId: CompanyId;

beforeAll(async () => {
  // Sessions of the provider follow the real clock: what is to be half a year old begins half a year ago.
  const clock = new ManualClock();
  clock.advance(-days(182));
  provider = await startTestProvider({ settings: { SHIMING_DEPOSIT_SENDER: 'fake' }, clock });
  owner = provider.person({ role: 'recruiter', lang: 'en' });
  expect(await owner.verify()).toBe('approved');
  companyId = (await provider.app.database.stores.companies.findByCode(owner.company.code))!.id;
});
afterAll(() => provider.close());

const accountOf = async ({ phone }: Person) =>
  (await provider.app.database.stores.accounts.findByPhone(phone as never))!.id;
const at = (page: string, id: string = companyId) => `${provider.issuer}/company/${id}/${page}`;
const company = () => provider.app.database.stores.companies.find(companyId);
const membershipOf = async (person: Person) =>
  provider.app.database.stores.memberships.findFor(await accountOf(person), companyId);
const statusRow = async (person: Person) =>
  provider.app.database.stores.entitlements.status(await accountOf(person));
const statusOf = async (person: Person) => (await statusRow(person))?.status;

/** Codes work once: the next sign-in takes a later one. */
const reviewerAnew = () => {
  provider.clock.advance(minutes(1));
  return signInReviewer(provider.issuer, provider.clock);
};

const file = (bytes: Buffer) => new File([new Uint8Array(bytes)], 'a.jpg', { type: 'image/jpeg' });
const licence = async (saying: Partial<TestCompany> = {}, over: PictureContent = {}) =>
  file(
    await testPictures(owner.identity, {
      ...owner.company,
      legalRepresentative: owner.identity.name,
      ...saying,
    }).licence(over),
  );

/** Somebody verified with a company of their own who asked to act for this one. */
async function asking(): Promise<Person> {
  const person = provider.person({ role: 'recruiter', lang: 'en' });
  await person.verify();
  const accountId = await accountOf(person);
  await provider.app.database.transact(async (bound) => {
    const { id } = await bound.memberships.ensure(accountId, companyId);
    await bound.memberships.advance(id, 'requested', 'evidence_pending');
  });
  return person;
}

async function upload({ browser }: Person, page: string, picture: File) {
  await browser.open(at(page));
  return browser.submit({ picture }, { action: `/${page}/picture` });
}

describe('a company that changed its name', () => {
  it('waits for a reviewer, who accepts it', async () => {
    await upload(owner, 'renew', await licence({ name: '样本新名有限公司' }));
    const page = await owner.browser.submit({}, { action: '/renew/send' });
    expect(page.text).toContain('Handed in on');
    const reviewer = await reviewerAnew();
    await reviewer.open(`${provider.issuer}/staff/company-checks`);
    const shown = await reviewer.submit({}, { action: '/claim' });
    expect(shown.text).toContain('样本新名有限公司');
    const picture = await reviewer.open(`${shown.url.href}/picture`);
    expect(picture.status).toBe(200);
    await reviewer.open(shown.url);
    await reviewer.submit({ decision: 'approve', name: '样本新名有限公司' }, { action: '/decide' });
    expect((await company())?.name).toBe('样本新名有限公司');
  });
});

describe('a letter of authorisation', () => {
  it('is printed for the member, sealed, handed in and accepted', async () => {
    const member = await asking();
    await member.browser.open(`${provider.issuer}/company/${companyId}`);
    const chosen = await member.browser.submit({ way: 'authorisation_letter' }, { holding: 'way' });
    expect(chosen.url.pathname).toBe(`/company/${companyId}/letter`);
    const printed = await fetch(at('letter/print?until=2099-06-30'), {
      headers: { cookie: member.browser.jar.header(new URL(provider.issuer)) ?? '' },
    });
    expect(printed.headers.get('content-type')).toBe('application/pdf');
    expect(printed.headers.get('cache-control')).toBe('no-store');
    expect(printed.headers.get('content-disposition')).toBe(
      'attachment; filename="letter-of-authorisation.pdf"',
    );
    expect(
      Buffer.from(await printed.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');

    await upload(member, 'letter', await licence());
    const wrong = await member.browser.submit({ until: '2001-01-01' }, { action: '/letter/send' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('That day is over');
    await member.browser.submit({ until: '2099-06-30' }, { action: '/letter/send' });
    expect((await membershipOf(member))?.state).toBe('in_review');

    const reviewer = await reviewerAnew();
    await reviewer.open(`${provider.issuer}/staff/company-checks`);
    await reviewer.submit({}, { action: '/claim' });
    const done = await reviewer.submit({ decision: 'approve' }, { action: '/decide' });
    expect(done.url.search).toBe('?notice=decided');
    expect(await membershipOf(member)).toMatchObject({ state: 'active', evidence: 'authorisation_letter' });
    expect((await member.browser.open(at('letter'))).text).toContain('Accepted on');
  });

  it('can be taken back, and its picture is gone at once', async () => {
    const member = await asking();
    await upload(member, 'letter', await licence());
    expect((await member.browser.open(at('letter/picture'))).status).toBe(200);
    await member.browser.open(at('letter'));
    await member.browser.submit({}, { action: '/letter/send' });
    await member.browser.submit({}, { action: '/letter/withdraw' });
    expect((await membershipOf(member))?.state).toBe('evidence_pending');
    expect((await member.browser.open(at('letter/picture'))).status).toBe(404);
  });
});

describe('a deposit', () => {
  it('makes a member of who knows its amount', async () => {
    const member = await asking();
    await member.browser.open(at('deposit'));
    expect((await member.browser.submit({ account_number: '12' })).text).toContain('8 to 30 digits');
    await member.browser.submit({ account_number: '6222 0000 1111 2237' });
    await provider.app.jobs.drain();
    const page = await member.browser.open(at('deposit'));
    expect(page.text).toContain('ending in 2237');
    expect(page.html).not.toContain('0.37');
    expect((await member.browser.submit({ amount: 'much' }, { action: '/confirm' })).text).toContain(
      'between 0.01',
    );
    expect((await member.browser.submit({ amount: '0.36' }, { action: '/confirm' })).text).toContain(
      'not the amount',
    );
    await member.browser.submit({ amount: '0.37' }, { action: '/confirm' });
    expect(await membershipOf(member)).toMatchObject({ state: 'active', evidence: 'micro_deposit' });
  });

  it('is over after three wrong amounts, and a company has three in a month', async () => {
    const member = await asking();
    for (const account of ['6222000011112241', '0002000011112242']) {
      await member.browser.open(at('deposit'));
      await member.browser.submit({ account_number: account });
      await provider.app.jobs.drain();
      for (let wrong = 0; wrong < 3 && account.startsWith('6'); wrong++) {
        await member.browser.open(at('deposit'));
        await member.browser.submit({ amount: '0.01' }, { action: '/confirm' });
      }
      const said = (await member.browser.open(at('deposit'))).text;
      expect(said).toContain(account.startsWith('6') ? 'wrong three times' : 'The bank refused');
    }
    const refused = await member.browser.submit({ account_number: '6222000011112243' });
    expect(refused.status).toBe(429);
    expect(refused.text).toContain('as many deposits as it can');
    expect((await membershipOf(member))?.state).toBe('evidence_pending');
  });
});

describe('a company that recruits for others', () => {
  it('has nobody who may publish until its licence is accepted', async () => {
    await owner.browser.open(at('class'));
    const refused = await owner.browser.submit({ account_class: 'public' }, { holding: 'account_class' });
    expect(refused.text).toContain('Only institutions of the state');
    await owner.browser.open(at('class'));
    await owner.browser.submit({ account_class: 'commercial' }, { holding: 'account_class' });
    expect(await statusOf(owner)).toBe('limited');
    await upload(owner, 'class', await licence());
    const wrong = await owner.browser.submit({ licence_number: '' }, { action: '/class/send' });
    expect(wrong.text).toContain('Enter the number of the licence');
    await owner.browser.submit({ licence_number: '(京)人服证字[2026]第0100号' }, { action: '/class/send' });
    const reviewer = await reviewerAnew();
    await reviewer.open(`${provider.issuer}/staff/company-checks`);
    await reviewer.submit({}, { action: '/claim' });
    await reviewer.submit({ decision: 'approve' }, { action: '/decide' });
    expect(await statusOf(owner)).toBe('eligible');
  });
});

describe('company evidence', () => {
  const routes = [
    'GET renew',
    'GET letter',
    'GET class',
    'GET deposit',
    'GET renew/picture',
    'GET letter/picture',
    'GET class/picture',
    'GET letter/print',
    'POST renew/send',
    'POST letter/send',
    'POST class/send',
    'POST renew/withdraw',
    'POST letter/withdraw',
    'POST class/withdraw',
    'POST deposit/withdraw',
    'POST class',
    'POST deposit',
    'POST deposit/confirm',
    'POST renew/picture',
    'POST letter/picture',
    'POST class/picture',
  ] as const;

  async function ask(person: Person, route: string, id?: string) {
    const [method = '', path = ''] = route.split(' ');
    const home = await person.browser.open(`${provider.issuer}/account`);
    const token = /name="_csrf" value="([^"]+)"/.exec(home.html)?.[1] ?? '';
    const cookie = person.browser.jar.header(new URL(provider.issuer)) ?? '';
    const fields = {
      _csrf: token,
      account_class: 'commercial',
      account_number: '6222000011112243',
      amount: '0.10',
    };
    const form = new FormData();
    form.set('_csrf', token);
    form.set('picture', await licence());
    const body = path.endsWith('/picture') ? form : new URLSearchParams(fields);
    const init = method === 'POST' ? { method, body } : { method };
    const { status } = await fetch(at(path, id), {
      ...init,
      redirect: 'manual',
      headers: { cookie, accept: 'text/html' },
    });
    return status;
  }

  it('does not exist for recruiters of other companies, on any route', async () => {
    const stranger = provider.person({ role: 'recruiter', lang: 'en' });
    await stranger.verify();
    for (const route of routes) expect(await ask(stranger, route), route).toBe(404);
    for (const route of routes) expect(await ask(owner, route, `com_${'0'.repeat(26)}`), route).toBe(404);
    for (const route of routes) expect([404, 415], route).toContain(await ask(owner, route, '..%2fx'));
  });

  it('of the company is not taken from a member who does not represent it', async () => {
    const member = await asking();
    const before = await company();
    for (const route of [
      'POST renew/picture',
      'POST class/picture',
      'POST renew/send',
      'POST class/send',
      'POST class',
    ])
      expect(await ask(member, route), route).toBe(403);
    expect(await company()).toEqual(before);
  });

  it('is not shown to a member who was removed, and asks who is not signed in to do so', async () => {
    const member = await asking();
    const { id } = (await membershipOf(member))!;
    await provider.app.database.stores.memberships.advance(id, 'evidence_pending', 'ended');
    for (const route of routes) expect(await ask(member, route), route).toBe(404);
    const { status, headers } = await fetch(at('renew'), {
      redirect: 'manual',
      headers: { accept: 'text/html' },
    });
    expect([status, headers.get('location')]).toEqual([303, expect.stringContaining('/auth')]);
  });

  it.each(hostileUploads.filter(({ ends }) => ends !== 'taken'))('refuses $name', async ({ make, ends }) => {
    const page = await upload(owner, 'renew', file(await make()));
    expect(page.status).toBe(ends === 'too_large' ? 413 : 422);
  });
});

describe('a company that lapsed', () => {
  it('is verified again by its licence, without anybody’s personal case', async () => {
    const reasons = async () => (await statusRow(owner))?.reasons;
    provider.clock.advance(days(181));
    await provider.app.sweeper.run();
    expect((await company())?.state).toBe('lapsed');
    expect(await reasons()).toContain('company_lapsed');
    await owner.walk(at('renew'), ({ url }) => url.pathname.endsWith('/renew'));
    expect((await upload(owner, 'renew', await licence({ name: (await company())!.name }))).text).toContain(
      'Hand in',
    );
    const page = await owner.browser.submit({}, { action: '/renew/send' });
    expect(page.text).toContain('Accepted on');
    // What is left is their own check, which is as old.
    expect(await reasons()).toEqual(['person_check_too_old']);
    expect((await company())?.state).toBe('verified');
  });
});
