import {
  businessLicence,
  idCardBack,
  idCardFront,
  selfie,
  specimenCompany,
  specimenPerson,
  withFakeCode,
  type SpecimenPerson,
} from './specimens.ts';
import { newAccount } from './verification.ts';
import type { OpenVerifySite, Page, VerifyBrowser } from './verify-site.ts';

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
export const backLines = (until = '2040.01.01'): string[] => [
  '中华人民共和国',
  '居民身份证',
  '签发机关样本市公安局',
  `有效期限2020.01.01-${until}`,
];

/** A person at the pages whose pictures are read, with a recogniser that sees what each picture says of itself. */
export function readableVisitor(
  site: OpenVerifySite,
  person: SpecimenPerson = specimenPerson(),
  language = 'zh-CN',
) {
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
  const state = async () => (await site.rig.verification.view(accountId))!.case.state;
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

export type ReadableVisitor = ReturnType<typeof readableVisitor>;
