import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { creditCode, selfie, specimenPerson } from '../support/specimens.ts';
import { newAccount } from '../support/verification.ts';
import { openVerifySite, type OpenVerifySite } from '../support/verify-site.ts';
import {
  person,
  personFields,
  toCheck,
  toCompany,
  toConsent,
  toPerson,
  toRoute,
} from '../support/verify-steps.ts';

let site: OpenVerifySite;
beforeAll(async () => {
  site = await openVerifySite();
});
afterAll(() => site.close());

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
    expect((await site.rig.verification.view(accountId))?.case.answers.company?.name).toBe('第一家');
    const again = await two.submit(
      { ...stale, path: '/verify/company' },
      { company_name: '第二家', credit_code: code },
    );
    expect(again.status).toBe(303);
    expect((await site.rig.verification.view(accountId))?.case.answers.company?.name).toBe('第二家');
  });

  it('a check that was shown before a picture was changed is not submitted', async () => {
    const accountId = newAccount();
    const browser = site.browser(accountId);
    const check = await toCheck(browser, specimenPerson());
    await browser.upload(await browser.get('/verify/photo/selfie'), await selfie(person));
    expect((await browser.submit(check)).status).toBe(409);
    expect((await site.rig.verification.view(accountId))?.case.state).toBe('open');
  });

  it('a form without its token is refused', async () => {
    const browser = site.browser(newAccount());
    const page = await toConsent(browser);
    expect((await browser.submit(page, { answer: 'agree', _csrf: 'wrong' })).status).toBe(403);
  });
});
