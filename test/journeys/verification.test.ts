import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findReadable } from '../support/leaks.ts';
import { openSqlite } from '../support/databases.ts';
import {
  businessLicence,
  creditCode,
  handHeld,
  idCardBack,
  idCardFront,
  passportPage,
  selfie,
  specimenCompany,
  specimenPerson,
} from '../support/specimens.ts';
import {
  applicant,
  createVerificationRig,
  newAccount,
  staffId,
  type VerificationRig,
} from '../support/verification.ts';
import { startVerifySite, testApp, type Page, type VerifyBrowser } from '../support/verify-site.ts';

let rig: VerificationRig;
let site: Awaited<ReturnType<typeof startVerifySite>>;
let dataDir: string;
const cleanups: (() => Promise<void> | void)[] = [];
const withApp = newAccount();

beforeAll(async () => {
  const database = await openSqlite(cleanups);
  dataDir = database.options.dataDir;
  rig = createVerificationRig(database);
  site = await startVerifySite(rig, { [testApp.uid]: withApp });
});
afterAll(async () => {
  await site.close();
  await rig.close();
  for (const cleanup of cleanups.reverse()) await cleanup();
});

const person = specimenPerson();
const company = specimenCompany();
const personFields = { name: person.name, number: person.number, expires_on: '2040-01-01' };

/** Starts and hands the licence in; ends at the company. */
async function toCompany(browser: VerifyBrowser): Promise<Page> {
  const started = await browser.submit(await browser.visit('/verify'), {}, '/verify/start');
  expect(started.location).toBe('/verify/photo/licence');
  const uploaded = await browser.upload(
    await browser.get('/verify/photo/licence'),
    await businessLicence(company),
  );
  expect(uploaded).toMatchObject({ status: 303, location: '/verify/company' });
  return browser.get('/verify/company');
}

/** Answers the company steps; ends at the consent for ID images. */
async function toConsent(browser: VerifyBrowser, code = creditCode()): Promise<Page> {
  const page = await toCompany(browser);
  const saved = await browser.submit(page, { company_name: company.name, credit_code: code });
  expect(saved.location).toBe('/verify/consent/images');
  return browser.get('/verify/consent/images');
}

/** Ends at the pictures of the document. */
async function toDocument(browser: VerifyBrowser, type = 'resident_id'): Promise<Page> {
  const agreed = await browser.submit(await toConsent(browser), { answer: 'agree' });
  expect(agreed.location).toBe('/verify/document');
  const chosen = await browser.submit(await browser.get('/verify/document'), { document_type: type });
  expect(chosen.location).toMatch(/^\/verify\/photo\/document-/);
  return browser.get(chosen.location as string);
}

async function toPerson(browser: VerifyBrowser, who = person): Promise<Page> {
  const front = await browser.upload(await toDocument(browser), await idCardFront(who));
  expect(front.location).toBe('/verify/photo/document-back');
  const back = await browser.upload(await browser.get('/verify/photo/document-back'), await idCardBack(who));
  expect(back.location).toBe('/verify/person');
  return browser.get('/verify/person');
}

async function toRoute(browser: VerifyBrowser, who = person): Promise<Page> {
  const page = await toPerson(browser, who);
  const saved = await browser.submit(page, { ...personFields, name: who.name, number: who.number });
  expect(saved.location).toBe('/verify/photo/supporting');
  const supporting = await browser.get('/verify/photo/supporting');
  const skipped = await browser.submit(supporting, {}, '/verify/skip/supporting');
  expect(skipped.location).toBe('/verify/route');
  return browser.get('/verify/route');
}

async function toCheck(browser: VerifyBrowser, who = person): Promise<Page> {
  const chosen = await browser.submit(await toRoute(browser, who), { route: 'face' });
  expect(chosen.location).toBe('/verify/consent/face');
  const agreed = await browser.submit(await browser.get('/verify/consent/face'), { answer: 'agree' });
  expect(agreed.location).toBe('/verify/photo/selfie');
  const taken = await browser.upload(await browser.get('/verify/photo/selfie'), await selfie(who));
  expect(taken.location).toBe('/verify/check');
  return browser.get('/verify/check');
}

const decide = (caseId: string, over: object = {}) =>
  rig.database.transact((stores) =>
    rig.verification.decideCase(stores, {
      caseId: caseId as never,
      staffId,
      decision: 'approve',
      reasons: [{ reason: 'evidence_consistent' }],
      ...over,
    }),
  );

describe('the journey of a recruiter', () => {
  it('goes from the start to a submitted case by the face, in Chinese', async () => {
    const browser = site.browser(newAccount());
    const check = await toCheck(browser);
    expect(check.html).toContain(`${person.number.slice(0, 6)}********${person.number.slice(-4)}`);
    expect(check.html).not.toContain(person.number);
    expect(check.html.match(/src="\/verify\/images\/img_/g)).toHaveLength(4);
    const submitted = await browser.submit(check);
    expect(submitted).toMatchObject({ status: 303, location: '/verify/status' });
    const status = await browser.get('/verify/status');
    expect(status.html).toContain('审核中');
    expect(status.html).toContain('近期由审核员查看的申请还不够多');
    expect((await browser.get('/verify')).location).toBe('/verify/status');
    expect((await browser.get('/verify/check')).location).toBe('/verify');
  });

  it('goes by the photo holding the ID, with a passport, in English', async () => {
    const browser = site.browser(newAccount(), 'en');
    const someone = specimenPerson();
    const taken = await browser.upload(await toDocument(browser, 'passport_cn'), await passportPage(someone));
    expect(taken.location).toBe('/verify/person');
    const page = await browser.get('/verify/person');
    expect(page.html).toContain('Chinese passport');
    const missing = await browser.submit(page, { ...personFields, number: someone.passport });
    expect(missing.status).toBe(422);
    expect(missing.html).toContain('Enter the birth date.');
    expect(missing.html).toContain(`value="${someone.passport}"`);
    const saved = await browser.submit(missing, {
      ...personFields,
      number: someone.passport,
      birth_date: '1990-05-05',
    });
    expect(saved.location).toBe('/verify/photo/supporting');
    await browser.submit(await browser.get('/verify/photo/supporting'), {}, '/verify/skip/supporting');
    await browser.submit(await browser.get('/verify/route'), { route: 'hand_held' });
    const held = await browser.upload(await browser.get('/verify/photo/hand-held'), await handHeld(someone));
    expect(held.location).toBe('/verify/check');
    expect((await browser.submit(await browser.get('/verify/check'))).location).toBe('/verify/status');
    expect((await browser.get('/verify/status')).html).toContain('In review');
  });

  it('leads a person who declines the face to the other route', async () => {
    const browser = site.browser(newAccount());
    await browser.submit(await toRoute(browser), { route: 'face' });
    const declined = await browser.submit(await browser.get('/verify/consent/face'), { answer: 'decline' });
    expect(declined.location).toBe('/verify/photo/hand-held');
    expect((await browser.get('/verify/photo/selfie')).location).toBe('/verify');
    const back = await browser.submit(await browser.get('/verify/route'), { route: 'face' });
    expect(back.location).toBe('/verify/consent/face');
  });

  it('explains what remains possible to a person who declines ID images', async () => {
    const browser = site.browser(newAccount());
    const declined = await browser.submit(await toConsent(browser), { answer: 'decline' });
    expect(declined.location).toBe('/verify/declined');
    expect((await browser.get('/verify/declined')).html).toContain('找工作');
    expect((await browser.get('/verify/person')).location).toBe('/verify');
    expect((await browser.get('/verify/photo/document-front')).location).toBe('/verify');
    const again = await browser.submit(await browser.get('/verify/consent/images'), { answer: 'agree' });
    expect(again.location).toBe('/verify/document');
  });

  it('goes on where it stopped, on another device', async () => {
    const accountId = newAccount();
    await toRoute(site.browser(accountId));
    const other = site.browser(accountId);
    expect((await other.visit('/verify')).path).toBe('/verify/route');
    expect((await other.get('/verify/person')).html).toContain(person.number);
  });

  it('sends whoever is not signed in to sign in and back', async () => {
    const page = await site.browser().get('/verify?interaction=12345678901');
    expect(page.location).toBe('/sign-in?return=%2Fverify%3Finteraction%3D12345678901');
    expect((await site.browser().request('/verify/start', { method: 'POST' })).status).toBeGreaterThanOrEqual(
      401,
    );
  });

  it('remembers the app it came from and leads back to it', async () => {
    const browser = site.browser(withApp);
    const start = await browser.get(`/verify?interaction=${testApp.uid}`);
    expect(start.html).toContain(testApp.name);
    await browser.submit(start, {}, '/verify/start');
    const status = await site.browser(withApp).get('/verify/status');
    expect(status.html).toContain(`/interaction/${testApp.uid}/continue`);
    expect(status.html).toContain(`返回 ${testApp.name}`);
    const foreign = await site.browser(newAccount()).get(`/verify?interaction=${testApp.uid}`);
    expect(foreign.html).not.toContain(testApp.name);
  });

  it('asks for the named steps only, with the reason and the message', async () => {
    const accountId = newAccount();
    const browser = site.browser(accountId);
    await browser.submit(await toCheck(browser, specimenPerson()));
    const caseId = (await rig.verification.view(accountId))!.case.id;
    await decide(caseId, {
      decision: 'resubmit',
      reasons: [{ reason: 'face_not_visible', step: 'holder' }],
      message: '请把灯打开 <b>',
    });
    const status = await browser.visit('/verify');
    expect(status.path).toBe('/verify/status');
    expect(status.html).toContain('需要补充');
    expect(status.html).toContain('请把灯打开 &lt;b&gt;');
    expect(status.html).toContain('href="/verify/photo/selfie"');
    const page = await browser.get('/verify/photo/selfie');
    expect(page.html).toContain('请把灯打开');
    expect((await browser.get('/verify/company')).location).toBe('/verify');
    expect((await browser.get('/verify/check')).location).toBe('/verify');
    const taken = await browser.upload(page, await selfie(person));
    expect(taken.location).toBe('/verify/check');
    expect((await browser.submit(await browser.get('/verify/check'))).location).toBe('/verify/status');
    await decide(caseId);
    const done = await browser.get('/verify/status');
    expect(done.html).toContain('已通过');
    expect(done.html.match(/<time/g)?.length).toBeGreaterThanOrEqual(6);
    expect(done.html).not.toContain('请把灯打开');
    await rig.database.transact((stores) =>
      rig.verification.revokePerson(stores, { accountId, staffId, reason: 'reported_abuse' }),
    );
    const revoked = await browser.get('/verify/status');
    expect(revoked.html).toContain('已撤销');
    expect(revoked.html).toContain('经核实，');
  });

  it('shows a rejection with its reason, and a way on', async () => {
    const accountId = newAccount();
    const browser = site.browser(accountId, 'en');
    await browser.submit(await toCheck(browser, specimenPerson()));
    const caseId = (await rig.verification.view(accountId))!.case.id;
    await decide(caseId, { decision: 'reject', reasons: [{ reason: 'document_altered' }] });
    const status = await browser.get('/verify/status');
    expect(status.html).toContain('signs of alteration');
    expect(status.html).toContain('help@shiming.test');
    expect((await browser.submit(status, {}, '/verify/start')).location).toBe('/verify/photo/licence');
  });

  it('stops and deletes at any time', async () => {
    const browser = site.browser(newAccount());
    await toRoute(browser);
    const image = /\/verify\/images\/img_\w+/.exec(
      (await browser.get('/verify/photo/document-front')).html,
    )?.[0] as string;
    expect((await browser.get(image)).status).toBe(200);
    const stop = await browser.get('/verify/stop');
    expect((await browser.submit(stop)).location).toBe('/verify/status');
    expect((await browser.get('/verify/status')).html).toContain('已停止');
    expect((await browser.get(image)).status).toBe(404);
    expect((await browser.get('/verify')).html).toContain('招聘者认证');
  });
});

describe('what is typed wrongly', () => {
  it('company: says it and keeps it', async () => {
    const browser = site.browser(newAccount());
    const page = await toCompany(browser);
    const cases: [Record<string, string>, string][] = [
      [{}, '请填写公司名称'],
      [{ company_name: '甲', credit_code: '123' }, '您填写了 3 位'],
      [{ company_name: '甲', credit_code: '9144030019231745OF' }, '第 17 位的“O”'],
      [{ company_name: '<script>', credit_code: creditCode() }, '不能使用的字符'],
      [{ company_name: '名'.repeat(201), credit_code: creditCode() }, '最多 200 个字'],
    ];
    for (const [fields, message] of cases) {
      const refused = await browser.submit(page, fields);
      expect(refused.status).toBe(422);
      expect(refused.html).toContain(message);
    }
    const doubtful = { company_name: '甲', credit_code: '91350211M0000XUF46' };
    const warned = await browser.submit(page, doubtful);
    expect(warned.status).toBe(422);
    expect(warned.html).toContain('name="confirmed"');
    const accepted = await browser.submit({ ...warned, path: page.path }, { ...doubtful, confirmed: '1' });
    expect(accepted.location).toBe('/verify/consent/images');
    const huge = await browser.submit(page, { company_name: 'x'.repeat(100_000) });
    expect(huge.status).toBe(413);
  });

  it('person: says it and keeps it', async () => {
    const browser = site.browser(newAccount());
    const page = await toPerson(browser);
    const cases: [Record<string, string>, string][] = [
      [{ number: '110105194912310021' }, '校验位对不上'],
      [{ number: '11010519490229002X' }, '出生日期不存在'],
      [{ number: '440524188001010014' }, '超过 120 岁'],
      [{ number: '81000019980902013X' }, '另一种证件'],
      [{ number: '110105491231002' }, '旧版证件'],
      [{ name: '王😀' }, '“😀”不能使用'],
      [{ name: '' }, '请填写姓名'],
      [{ expires_on: '2001-01-01' }, '有效期到 2001年1月1日'],
      [{ expires_on: '' }, '请填写有效期截止日'],
    ];
    for (const [fields, message] of cases) {
      const refused = await browser.submit(page, { ...personFields, ...fields });
      expect(refused.status).toBe(422);
      expect(refused.html).toContain(message);
      if (fields['number']) expect(refused.html).toContain(`value="${fields['number']}"`);
    }
    const long = await browser.submit(page, { ...personFields, expires_on: '', long_term: '1' });
    expect(long.location).toBe('/verify/photo/supporting');
  });

  it('choices: says that one is needed', async () => {
    const browser = site.browser(newAccount());
    expect((await browser.submit(await toConsent(browser), {})).status).toBe(422);
    const other = site.browser(newAccount());
    expect((await other.submit(await toRoute(other), { route: 'iris' })).status).toBe(422);
    const type = await other.submit(await other.get('/verify/document'), { document_type: 'library_card' });
    expect(type.status).toBe(422);
    expect(type.html).toContain('请选择证件类型');
  });

  it('a form from another tab changes nothing and loses nothing', async () => {
    const accountId = newAccount();
    const [one, two] = [site.browser(accountId), site.browser(accountId)];
    await toCompany(one);
    const [first, second] = [await one.get('/verify/company'), await two.get('/verify/company')];
    const code = creditCode();
    await one.submit(first, { company_name: '第一家', credit_code: code });
    const stale = await two.submit(second, { company_name: '第二家', credit_code: code });
    expect(stale.status).toBe(409);
    expect(stale.html).toContain('另一个标签页');
    expect(stale.html).toContain('value="第二家"');
    expect((await rig.verification.view(accountId))?.case.answers.company?.name).toBe('第一家');
    const again = await two.submit(
      { ...stale, path: '/verify/company' },
      { company_name: '第二家', credit_code: code },
    );
    expect(again.status).toBe(303);
    expect((await rig.verification.view(accountId))?.case.answers.company?.name).toBe('第二家');
  });

  it('a check that was shown before a picture was changed is not submitted', async () => {
    const accountId = newAccount();
    const browser = site.browser(accountId);
    const check = await toCheck(browser, specimenPerson());
    await browser.upload(await browser.get('/verify/photo/selfie'), await selfie(person));
    expect((await browser.submit(check)).status).toBe(409);
    expect((await rig.verification.view(accountId))?.case.state).toBe('open');
  });

  it('a form without its token is refused', async () => {
    const browser = site.browser(newAccount());
    const page = await toConsent(browser);
    expect((await browser.submit(page, { answer: 'agree', _csrf: 'wrong' })).status).toBe(403);
  });
});

describe('pictures', () => {
  let browser: VerifyBrowser;
  let page: Page;
  beforeAll(async () => {
    browser = site.browser(newAccount());
    await browser.submit(await browser.get('/verify'), {}, '/verify/start');
    page = await browser.get('/verify/photo/licence');
  });

  const heic = Buffer.concat([Buffer.of(0, 0, 0, 24), Buffer.from('ftypheic\0\0\0\0mif1heic')]);
  it.each([
    ['nothing', () => Buffer.alloc(0), 422, '没有收到图片'],
    ['HEIC', () => heic, 422, 'HEIC'],
    ['PDF', () => Buffer.from('%PDF-1.7'), 422, 'PDF'],
    ['SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 422, '矢量图'],
    ['a program', () => Buffer.from('\x7fELF'), 422, '不是能识别的图片'],
    ['16 MB', () => Buffer.alloc(16 * 1024 * 1024, 1), 413, '超过 15 MB'],
  ])('%s is refused on the page it came from', async (_name, make, status, message) => {
    const refused = await browser.upload(page, make());
    expect(refused.status).toBe(status);
    expect(refused.html).toContain(message);
    expect(refused.html).toContain('name="picture"');
  });

  it('answers scripts with JSON', async () => {
    const headers = { accept: 'application/json' };
    const refused = await browser.upload(page, Buffer.from('%PDF-1.7'), { headers });
    expect(JSON.parse(refused.html)).toMatchObject({ errors: [{ field: 'picture' }] });
    const taken = await browser.upload(page, await businessLicence(company), { headers });
    expect(JSON.parse(taken.html)).toEqual({ location: '/verify' });
  });

  it('are refused without a token, with another site’s, or in a form of another kind', async () => {
    const picture = await businessLicence(company);
    expect((await browser.upload(page, picture, { fields: { _csrf: 'wrong' } })).status).toBe(403);
    const foreign = await browser.upload(page, picture, { headers: { origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
    expect((await browser.submit(page, {})).status).toBe(415);
    expect((await browser.upload(page, picture, { name: 'other' })).status).toBe(422);
    const malformed = await browser.request(page.path, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x\r\nbroken',
    });
    expect(malformed.status).toBe(400);
    const bare = await browser.request(page.path, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data' },
      body: 'x',
    });
    expect(bare.status).toBe(400);
  });

  it('are shown to their owner only, and never cached', async () => {
    await browser.upload(page, await businessLicence(company));
    const shown = await browser.get('/verify/photo/licence');
    const path = /\/verify\/images\/img_\w+/.exec(shown.html)?.[0] as string;
    const picture = await browser.get(path);
    expect(picture.status).toBe(200);
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect(picture.headers.get('cache-control')).toBe('no-store');
    expect((await site.browser(newAccount()).get(path)).status).toBe(404);
    expect((await site.browser().get(path)).status).toBe(302);
    expect((await browser.get('/verify/images/img_00000000000000000000000000')).status).toBe(404);
    expect((await browser.get('/verify/images/..%2f..%2fetc%2fpasswd')).status).toBe(404);
    expect((await browser.get('/verify/photo/passwords')).status).toBe(404);
  });

  it('are not taken before their step', async () => {
    const early = await browser.upload({ ...page, path: '/verify/photo/selfie' }, await selfie(person));
    expect(early.location).toBe('/verify');
  });

  it('are not shown again after the submission', async () => {
    const accountId = newAccount();
    const owner = site.browser(accountId);
    const check = await toCheck(owner, specimenPerson());
    const path = /\/verify\/images\/img_\w+/.exec(check.html)?.[0] as string;
    expect((await owner.get(path)).status).toBe(200);
    await owner.submit(check);
    expect((await owner.get(path)).status).toBe(404);
  });
});

describe('uploads that never end', () => {
  it('take no place from anybody else', async () => {
    const [slow, quick] = [site.browser(newAccount()), site.browser(newAccount())];
    const boundary = 'x'.repeat(20);
    const ending = new AbortController();
    const begin = async () => {
      const body = new ReadableStream({
        start: (stream) => stream.enqueue(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data`)),
      });
      const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
      const init = { method: 'POST', body, headers, duplex: 'half', signal: ending.signal };
      await slow.request('/verify/photo/licence', init as RequestInit).catch(() => undefined);
    };
    await toConsent(slow);
    await toConsent(quick);
    const page = await quick.get('/verify/photo/licence');
    const begun = Array.from({ length: 6 }, begin);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const taken = await quick.upload(page, await businessLicence(company));
    expect(taken.status).toBe(303);
    ending.abort();
    await Promise.all(begun);
  });
});

describe('an ID number', () => {
  it('that somebody else is verified with looks to an applicant like any other', async () => {
    const check = async (of: typeof person) => {
      const who = applicant(rig.verification, newAccount());
      await who.fill({ person: of });
      const { html } = await site.browser(who.accountId).get('/verify/check');
      expect(html).toContain(of.number.slice(-4));
      // What differs by itself: the number, addresses of pictures and the token of the form.
      return html
        .replaceAll(/\d{6}\*+\w{4}|img_\w+|value="[\w-]{43}"/g, '')
        .replaceAll(of.name, '')
        .replaceAll(/<dd>[^<]*<\/dd>/g, '');
    };
    const verified = specimenPerson();
    const holder = applicant(rig.verification, newAccount());
    await holder.fill({ person: verified });
    const { case: submitted } = await holder.submit();
    await rig.database.transact((bound) =>
      rig.verification.decideCase(bound, {
        caseId: submitted.id,
        staffId,
        decision: 'approve',
        reasons: [{ reason: 'evidence_consistent' }],
      }),
    );
    expect(await check(verified)).toBe(await check(specimenPerson()));
  });
});

describe('what is left on the disk', () => {
  it('holds no picture, name or number that can be read', async () => {
    const someone = specimenPerson({ name: '欧阳样本·测试人' });
    const who = applicant(rig.verification, newAccount());
    await who.fill({ person: someone });
    await decide((await who.submit()).case.id);
    const secrets = { name: someone.name, number: someone.number };
    expect(findReadable(dataDir, secrets)).toEqual([]);
    expect(findReadable(rig.folder, secrets)).toEqual([]);
  });
});
