import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readableVisitor, type ReadableVisitor } from '../support/readable-visitor.ts';
import { specimenPerson, type SpecimenPerson } from '../support/specimens.ts';
import { newAccount, staffId } from '../support/verification.ts';
import {
  openVerifySite,
  type OpenVerifySite,
  type Page,
  type VerifyBrowser,
} from '../support/verify-site.ts';

let site: OpenVerifySite;
beforeAll(async () => {
  site = await openVerifySite();
});
afterAll(() => site.close());

const someone = (person?: SpecimenPerson) => readableVisitor(site, person);

describe('the status', () => {
  it('follows the machine without reload, for the owner only', async () => {
    const one = someone();
    await one.toFace();
    await one.checkFace(await one.browser.get('/verify/photo/selfie'));
    const json = async (browser: VerifyBrowser) => browser.get('/verify/status.json');
    expect(JSON.parse((await json(one.browser)).html)).toMatchObject({ state: 'open' });
    const { case: current } = (await site.rig.verification.view(one.accountId))!;
    await site.rig.verification.submit({ accountId: one.accountId, version: current.version });
    const waiting = await one.browser.get('/verify/status');
    expect(waiting.html).toContain('<noscript><meta http-equiv="refresh" content="5"></noscript>');
    expect(waiting.html).toContain('data-follow="/verify/status.json"');
    await site.rig.verification.examine(current.id);
    const answer = await json(one.browser);
    expect(JSON.parse(answer.html)).toMatchObject({ state: 'approved' });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(JSON.parse((await json(site.browser(newAccount()))).html)).toEqual({ state: 'none', version: 0 });
    expect((await json(site.browser())).status).toBe(302);
  });

  it('takes one objection to a rejection, and keeps what was written when it is too long', async () => {
    const one = someone();
    await one.toFace();
    await one.checkFace(await one.browser.get('/verify/photo/selfie'), { answers: [] });
    await one.submit();
    const caseId = (await site.rig.verification.view(one.accountId))!.case.id;
    const reject = () =>
      site.database.transact((stores) =>
        site.rig.verification.decideCase(stores, {
          caseId,
          staffId,
          decision: 'reject',
          reasons: [{ reason: 'document_altered' }],
        }),
      );
    await reject();
    const page = await one.browser.get('/verify/status');
    expect(page.html).toContain('action="/verify/appeal"');
    const object = (appeal: string, fields = {}) =>
      one.browser.submit(page, { appeal, ...fields }, '/verify/appeal');
    expect((await object('', {})).html).toContain('请写明您的理由');
    const long = await object('理'.repeat(2001));
    expect(long.status).toBe(422);
    expect(long.html).toContain('您写了 2001 个');
    expect(long.html).toContain('理'.repeat(2001));
    expect((await object('不对', { _csrf: 'wrong' })).status).toBe(403);
    const other = site.browser(newAccount());
    await other.submit(await other.visit('/verify'), { appeal: '不对' }, '/verify/appeal');
    expect(await one.state()).toBe('rejected');
    expect((await object('证件是原件 <b>')).location).toBe('/verify/status');
    expect(await one.state()).toBe('in_review');
    expect((await one.browser.get('/verify/status')).html).toContain('另一位审核员会重新查看');
    await reject();
    const final = await one.browser.get('/verify/status');
    expect(final.html).not.toContain('action="/verify/appeal"');
    expect(final.html).toContain('help@shiming.test');
  });

  it('tells of an older account only to who proved to be the same person', async () => {
    const person = specimenPerson();
    const first = someone(person);
    await first.toFace();
    await first.checkFace(await first.browser.get('/verify/photo/selfie'));
    await first.submit();
    expect(await first.state()).toBe('approved');
    const told = async (check: (one: ReadableVisitor, page: Page) => Promise<unknown>) => {
      const one = someone(person);
      await one.toFace();
      await check(one, await one.browser.get('/verify/photo/selfie'));
      await one.submit();
      expect(await one.state()).toBe('in_review');
      return (await one.browser.get('/verify/status')).html.includes('可能已经有一个认证过的账号');
    };
    expect(await told((one, page) => one.checkFace(page, { who: { seed: 'thief' } }))).toBe(false);
    expect(await told((one, page) => one.checkFace(page, { answers: [] }))).toBe(false);
    expect(await told((one, page) => one.checkFace(page))).toBe(true);
  });
});
