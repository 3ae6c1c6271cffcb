import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findReadable } from '../support/leaks.ts';
import { handHeld, passportPage, selfie, specimenPerson } from '../support/specimens.ts';
import { applicant, newAccount, staffId } from '../support/verification.ts';
import { openVerifySite, testApp, type OpenVerifySite } from '../support/verify-site.ts';
import { person, personFields, toCheck, toConsent, toDocument, toRoute } from '../support/verify-steps.ts';

const withApp = newAccount();
let site: OpenVerifySite;
beforeAll(async () => {
  site = await openVerifySite({ [testApp.uid]: withApp });
});
afterAll(() => site.close());

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
    const caseId = (await site.rig.verification.view(accountId))!.case.id;
    await site.rig.decide(caseId, {
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
    await site.rig.decide(caseId);
    const done = await browser.get('/verify/status');
    expect(done.html).toContain('已通过');
    expect(done.html.match(/<time/g)?.length).toBeGreaterThanOrEqual(6);
    expect(done.html).not.toContain('请把灯打开');
    await site.rig.database.transact((stores) =>
      site.rig.verification.revokePerson(stores, { accountId, staffId, reason: 'reported_abuse' }),
    );
    const revoked = await browser.get('/verify/status');
    expect(revoked.html).toContain('已撤销');
    expect(revoked.html).toContain('经核实，');
  });

  it('shows a rejection with its reason, and a way on', async () => {
    const accountId = newAccount();
    const browser = site.browser(accountId, 'en');
    await browser.submit(await toCheck(browser, specimenPerson()));
    const caseId = (await site.rig.verification.view(accountId))!.case.id;
    await site.rig.decide(caseId, { decision: 'reject', reasons: [{ reason: 'document_altered' }] });
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

describe('an ID number', () => {
  it('that somebody else is verified with looks to an applicant like any other', async () => {
    const check = async (of: typeof person) => {
      const who = applicant(site.rig.verification, newAccount());
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
    const holder = applicant(site.rig.verification, newAccount());
    await holder.fill({ person: verified });
    const { case: submitted } = await holder.submit();
    await site.rig.decide(submitted.id);
    expect(await check(verified)).toBe(await check(specimenPerson()));
  });
});

describe('what is left on the disk', () => {
  it('holds no picture, name or number that can be read', async () => {
    const someone = specimenPerson({ name: '欧阳样本·测试人' });
    const who = applicant(site.rig.verification, newAccount());
    await who.fill({ person: someone });
    await site.rig.decide((await who.submit()).case.id);
    const secrets = { name: someone.name, number: someone.number };
    expect(findReadable(site.database.options.dataDir, secrets)).toEqual([]);
    expect(findReadable(site.rig.folder, secrets)).toEqual([]);
  });
});
