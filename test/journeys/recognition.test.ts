import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../src/core/clock.ts';
import { openSqlite, type TestDatabase } from '../support/databases.ts';
import {
  businessLicence,
  handHeld,
  idCardBack,
  idCardFront,
  selfie,
  specimenCompany,
  specimenPerson,
  withFakeCode,
  type SpecimenPerson,
} from '../support/specimens.ts';
import { createVerificationRig, newAccount, staffId, type VerificationRig } from '../support/verification.ts';
import { startVerifySite, type Page, type VerifyBrowser } from '../support/verify-site.ts';

/** The pages of a person whose pictures are read, with a recogniser that sees what each picture says of itself. */

let rig: VerificationRig;
let database: TestDatabase;
let site: Awaited<ReturnType<typeof startVerifySite>>;
const cleanups: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  database = await openSqlite(cleanups);
  rig = createVerificationRig(database);
  site = await startVerifySite(rig);
});
afterAll(async () => {
  await site.close();
  await rig.close();
  for (const cleanup of cleanups.reverse()) await cleanup();
});

const long = (day: string): string => {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
};
const frontLines = ({ name, sex, birthdate, address, number }: SpecimenPerson): string[] => [
  `姓名${name}`,
  `性别${sex === 'male' ? '男' : '女'}民族汉`,
  `出生${long(birthdate)}`,
  `住址${address}`,
  `公民身份号码${number}`,
];
const backLines = (until = '2040.01.01'): string[] => [
  '中华人民共和国',
  '居民身份证',
  '签发机关样本市公安局',
  `有效期限2020.01.01-${until}`,
];

/** A person at the pages, whose pictures say what the recogniser sees. */
function someone(person = specimenPerson(), language = 'zh-CN') {
  const accountId = newAccount();
  const browser: VerifyBrowser = site.browser(accountId, language);
  const company = specimenCompany({ legalRepresentative: person.name });
  const face = { seed: person.number };
  const take = async (kind: string, picture: Promise<Buffer>, seen: object): Promise<Page> => {
    const page = await browser.get(`/verify/photo/${kind}`);
    return browser.upload(page, await withFakeCode(await picture, seen));
  };
  const front = (seen: object = {}) =>
    take('document-front', idCardFront(person), { lines: frontLines(person), faces: [face], ...seen });
  const back = (until?: string) => take('document-back', idCardBack(person), { lines: backLines(until) });
  const form = async (path: string, fields: Record<string, string>): Promise<Page> =>
    browser.submit(await browser.get(path), fields);

  const start = async () => {
    await browser.submit(await browser.visit('/verify'), {}, '/verify/start');
    const lines = [
      '营业执照',
      `统一社会信用代码${company.code}`,
      `名称${company.name}`,
      '类型有限责任公司',
      `法定代表人${company.legalRepresentative}`,
    ];
    return take('licence', businessLicence(company), { lines });
  };
  /** Confirms whatever stands in a form as it is. */
  const confirm = async (path: string, over: Record<string, string> = {}): Promise<Page> => {
    const page = await browser.get(path);
    const filled = [...page.html.matchAll(/<input id="f-\w+" name="(\w+)" type="\w+" value="([^"]*)"/g)];
    const dates = [...page.html.matchAll(/type="date" id="f-\w+" name="(\w+)" value="([^"]*)"/g)];
    const values = [...filled, ...dates].map(([, name, value]) => [name, value] as [string, string]);
    return browser.submit(page, { ...Object.fromEntries(values), ...over });
  };
  const toDocument = async () => {
    await start();
    await confirm('/verify/company');
    await form('/verify/consent/images', { answer: 'agree' });
    await form('/verify/document', { document_type: 'resident_id' });
  };
  const toPerson = async () => {
    await toDocument();
    await front();
    await back();
  };
  const toFace = async (over: Record<string, string> = {}) => {
    await toPerson();
    await confirm('/verify/person', over);
    await browser.submit(await browser.get('/verify/photo/supporting'), {}, '/verify/skip/supporting');
    await form('/verify/route', { route: 'face' });
    await form('/verify/consent/face', { answer: 'agree' });
  };
  const promptsOf = (page: Page): string[] =>
    (/data-prompts="([a-z ]+)"/.exec(page.html)?.[1] ?? '').split(' ');
  /** Sends the face check as the camera does; `answers` says what each frame shows. */
  const checkFace = async (
    page: Page,
    { answers, who = face }: { answers?: readonly string[]; who?: { seed: string } } = {},
  ): Promise<Page> => {
    const show = { left: { yaw: 25 }, right: { yaw: -25 }, blink: { eyesOpen: 0.05 }, front: {} };
    const drawn = await selfie(person);
    const frame = async (name: string) => {
      const seen = { faces: [{ ...who, ...show[name as keyof typeof show] }], quality: { sharpness: 400 } };
      return new Blob([new Uint8Array(await withFakeCode(drawn, seen))], { type: 'image/jpeg' });
    };
    const body = new FormData();
    for (const [name, value] of Object.entries(browser.hidden(page))) body.set(name, value);
    body.set('picture', await frame('front'), 'front.jpg');
    for (const [at, name] of (answers ?? promptsOf(page)).entries())
      body.set(`frame_${at + 1}`, await frame(name), `${name}.jpg`);
    return browser.request('/verify/photo/selfie', { method: 'POST', body });
  };
  const submit = async () => browser.submit(await browser.get('/verify/check'));
  const state = async () => (await rig.verification.view(accountId))!.case.state;
  return {
    accountId,
    browser,
    person,
    company,
    start,
    confirm,
    toDocument,
    toPerson,
    toFace,
    promptsOf,
    checkFace,
    submit,
    state,
    front,
    back,
    take,
  };
}

describe('what was read', () => {
  it('fills the form of the company, with the picture of each line beside it', async () => {
    const one = someone();
    expect((await one.start()).location).toBe('/verify/company');
    const page = await one.browser.get('/verify/company');
    expect(page.html).toContain(`value="${one.company.name}"`);
    expect(page.html).toContain(`value="${one.company.code}"`);
    expect(page.html).toContain('/verify/read/licence/credit_code');
    expect((await one.confirm('/verify/company')).location).toBe('/verify/consent/images');
  });

  it('fills the form of the person, asks for the name to be checked, and goes on when confirmed', async () => {
    const one = someone();
    await one.toPerson();
    const page = await one.browser.get('/verify/person');
    const { name, number } = one.person;
    expect(page.html).toContain(`value="${name}"`);
    expect(page.html).toContain(`value="${number}"`);
    expect(page.html).toContain('value="2040-01-01"');
    expect(page.html).toContain(`${number.slice(0, 6)} ${number.slice(6, 14)} ${number.slice(14)}`);
    expect(page.html).toContain('逐字核对');
    expect((await one.confirm('/verify/person')).location).toBe('/verify/photo/supporting');
  });

  it('is shown to its owner only, and never cached', async () => {
    const one = someone();
    await one.toPerson();
    const crop = await one.browser.get('/verify/read/document-front/number');
    expect(crop.status).toBe(200);
    expect(crop.headers.get('content-type')).toBe('image/jpeg');
    expect(crop.headers.get('cache-control')).toBe('no-store');
    const other = someone();
    await other.toDocument();
    expect((await other.browser.get('/verify/read/document-front/number')).status).toBe(404);
    expect((await one.browser.get('/verify/read/document-front/address')).status).toBe(404);
    expect((await one.browser.get('/verify/read/document-front/__proto__')).status).toBe(404);
    expect((await one.browser.get('/verify/read/nothing/number')).status).toBe(404);
  });

  it('that differs from what is typed is told by the group of digits; who insists goes on', async () => {
    const one = someone(specimenPerson({ number: '11010519491231002X' }));
    await one.toPerson();
    const cases = [
      ['310105194912310027', '前 6 位（地区）'],
      ['110105195012310029', '第 7 至 14 位（出生日期）'],
      ['110105194912310134', '第 15 至 17 位（顺序码）'],
    ] as const;
    for (const [number, message] of cases) {
      const refused = await one.confirm('/verify/person', { number });
      expect(refused.status).toBe(422);
      expect(refused.html).toContain(message);
      expect(refused.html).toContain('name="confirmed"');
      expect(refused.html).not.toContain('#f-birth_date');
    }
    const [number] = cases[0];
    const accepted = await one.confirm('/verify/person', { number, confirmed: '1' });
    expect(accepted.location).toBe('/verify/photo/supporting');
  });

  it('tells at once that the document ran out, with the date', async () => {
    const one = someone();
    await one.toDocument();
    await one.front();
    await one.back('2021.05.06');
    const page = await one.browser.get('/verify/person');
    expect(page.html).toContain('有效期到 2021年5月6日');
    expect((await one.confirm('/verify/person')).status).toBe(422);
  });

  it('tells at once that somebody is too young', async () => {
    const one = someone(specimenPerson({ birthdate: '2018-02-03' }), 'en');
    await one.toPerson();
    expect((await one.browser.get('/verify/person')).html).toContain('16 or older');
  });
});

describe('a picture that cannot be used', () => {
  it('is shown with what to do, and taken again', async () => {
    const one = someone();
    await one.toDocument();
    const refused = await one.front({ lines: [], quality: { brightness: 0.05 } });
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('照片太暗');
    expect(refused.html).toMatch(/class="complaint"[\s\S]*\/verify\/images\/img_/);
    expect(refused.html).toContain('action="/verify/insist/document-front"');
    expect((await one.browser.get('/verify')).location).toBe('/verify/photo/document-front');
    expect((await one.front()).location).toBe('/verify/photo/document-back');
    expect((await one.browser.get('/verify/photo/document-front')).html).not.toContain('class="complaint"');
  });

  it('of the wrong side says so', async () => {
    const one = someone();
    await one.toDocument();
    const refused = await one.front({ lines: backLines() });
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('另一面');
  });

  it('is used all the same when the person insists, and a person looks', async () => {
    const one = someone();
    await one.toDocument();
    const refused = await one.front({ lines: [], quality: { brightness: 0.05 } });
    const insisted = await one.browser.submit(refused, {}, '/verify/insist/document-front');
    expect(insisted.location).toBe('/verify/photo/document-back');
    await one.back();
    const { name, number } = one.person;
    const typed = await one.confirm('/verify/person', { name, number });
    expect(typed.location).toBe('/verify/photo/supporting');
    expect((await rig.verification.view(one.accountId))!.images).toContainEqual(
      expect.objectContaining({ kind: 'document_front', insisted: true }),
    );
  });
});

describe('the face check', () => {
  it('asks for two movements, others at every visit', async () => {
    const one = someone();
    await one.toFace();
    const seen = new Set<string>();
    for (let visit = 0; visit < 12; visit++) {
      const prompts = one.promptsOf(await one.browser.get('/verify/photo/selfie'));
      expect(new Set(prompts).size).toBe(2);
      for (const prompt of prompts) expect(['left', 'right', 'blink']).toContain(prompt);
      seen.add(prompts.join());
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  it('passes who follows, and the machine approves a legal representative in one go', async () => {
    const one = someone();
    await one.toFace();
    const passed = await one.checkFace(await one.browser.get('/verify/photo/selfie'));
    expect(passed.location).toBe('/verify/check');
    await one.submit();
    expect(await one.state()).toBe('approved');
    const status = await one.browser.get('/verify/status');
    expect(status.html).toContain('已通过');
    expect(status.html).toMatch(/审核通过[\s\S]{0,300}系统/);
    expect(status.html).not.toContain('refresh');
  });

  it('tells who did not follow, and offers the other route', async () => {
    const one = someone();
    await one.toFace();
    const page = await one.browser.get('/verify/photo/selfie');
    const failed = await one.checkFace(page, { answers: ['front', 'front'] });
    expect(failed.status).toBe(422);
    expect(failed.html).toContain('没有看清您按提示做的动作');
    expect(failed.html).toMatch(/class="complaint"[\s\S]*href="\/verify\/route"/);
    const again = await one.checkFace({ ...failed, path: '/verify/photo/selfie' });
    expect(again.location).toBe('/verify/check');
  });

  it.each([
    [
      'that were answered before',
      async (one: ReturnType<typeof someone>, page: Page) => {
        const prompts = one.promptsOf(page);
        await one.checkFace(page, { answers: prompts });
        return prompts;
      },
    ],
    [
      'that are too old',
      async (one: ReturnType<typeof someone>, page: Page) => {
        database.clock.advance(minutes(11));
        return one.promptsOf(page);
      },
    ],
    ['that were never asked', async () => ['left']],
  ] as const)('does not count prompts %s: a person looks', async (_, answersOf) => {
    const one = someone();
    await one.toFace();
    const page = await one.browser.get('/verify/photo/selfie');
    await one.checkFace(page, { answers: await answersOf(one, page) });
    await one.submit();
    expect(await one.state()).toBe('in_review');
  });

  it('of a stranger is not approved by the machine', async () => {
    const one = someone();
    await one.toFace();
    await one.checkFace(await one.browser.get('/verify/photo/selfie'), { who: { seed: 'stranger' } });
    await one.submit();
    expect(await one.state()).toBe('in_review');
  });

  it('from a file works, and says before that a person looks', async () => {
    const one = someone();
    await one.toFace();
    const page = await one.browser.get('/verify/photo/selfie');
    expect(page.html).toContain('上传的照片由审核员查看');
    expect((await one.checkFace(page, { answers: [] })).location).toBe('/verify/check');
    await one.submit();
    expect(await one.state()).toBe('in_review');
  });
});

describe('the status', () => {
  it('follows the machine without reload, for the owner only', async () => {
    const one = someone();
    await one.toFace();
    await one.checkFace(await one.browser.get('/verify/photo/selfie'));
    const json = async (browser: VerifyBrowser) => browser.get('/verify/status.json');
    expect(JSON.parse((await json(one.browser)).html)).toMatchObject({ state: 'open' });
    const { case: current } = (await rig.verification.view(one.accountId))!;
    await rig.verification.submit({ accountId: one.accountId, version: current.version });
    const waiting = await one.browser.get('/verify/status');
    expect(waiting.html).toContain('<noscript><meta http-equiv="refresh" content="5"></noscript>');
    expect(waiting.html).toContain('data-follow="/verify/status.json"');
    await rig.verification.examine(current.id);
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
    const caseId = (await rig.verification.view(one.accountId))!.case.id;
    const reject = () =>
      database.transact((stores) =>
        rig.verification.decideCase(stores, {
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
    const told = async (check: (one: ReturnType<typeof someone>, page: Page) => Promise<unknown>) => {
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

describe('comparing faces on the route with the document in hand', () => {
  /** Everything up to the check; `answers` are given in turn to the optional question on the page of that photo. */
  const handedIn = async (...answers: ('agree' | 'decline')[]) => {
    const one = someone();
    await one.toPerson();
    await one.confirm('/verify/person');
    await one.browser.submit(
      await one.browser.get('/verify/photo/supporting'),
      {},
      '/verify/skip/supporting',
    );
    await one.browser.submit(await one.browser.get('/verify/route'), { route: 'hand_held' });
    for (const answer of answers) {
      const asked = await one.browser.get('/verify/photo/hand-held');
      const saved = await one.browser.submit(asked, { answer }, '/verify/consent/face');
      expect(saved.location).toBe('/verify/photo/hand-held#compare');
    }
    const held = { faces: [0.7, 0.8].map((like) => ({ seed: one.person.number, like })) };
    expect((await one.take('hand-held', handHeld(one.person), held)).location).toBe('/verify/check');
    const page = await one.browser.get('/verify/photo/hand-held');
    const check = await one.browser.get('/verify/check');
    await one.submit();
    const { case: submitted } = (await rig.verification.view(one.accountId))!;
    expect(submitted.state).toBe('in_review');
    const match = submitted.findings.find(({ code }) => code === 'face_match');
    return { one, page, check, match };
  };

  it('happens to nobody who did not agree to it', async () => {
    const { page, check, match } = await handedIn();
    expect(page.html).toContain('同意由程序比对');
    expect(check.html).toContain('仅由审核员比对');
    expect(match).toMatchObject({ outcome: 'not_run', detail: 'no_consent' });
  });

  it('helps the reviewer, who decides, once somebody agreed', async () => {
    const { one, page, check, match } = await handedIn('agree');
    expect(page.html).toContain('您已同意：由程序比对人脸');
    expect(check.html).toContain('由程序比对，供审核员参考');
    expect(match).toMatchObject({ outcome: 'measured', value: expect.closeTo(0.7, 1) as number });
    const receipts = await database.stores.receipts.list(one.accountId);
    expect(receipts.filter(({ purpose }) => purpose === 'face')).toHaveLength(1);
  });

  it('ends when the consent is taken back, and the photo stays', async () => {
    const { page, match } = await handedIn('agree', 'decline');
    expect(page.html).toContain('同意由程序比对');
    expect(match).toMatchObject({ outcome: 'not_run', detail: 'no_consent' });
  });
});
