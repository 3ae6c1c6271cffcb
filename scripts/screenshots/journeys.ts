import type { Page } from 'playwright-core';
import {
  businessLicence,
  idCardBack,
  idCardFront,
  selfie,
  specimenCompany,
  specimenPerson,
} from '../../test/support/specimens.ts';
import type { Installation } from './installation.ts';

export type Look = { device: 'phone' | 'desktop'; lang: 'zh-CN' | 'en'; scheme: 'light' | 'dark' };

export type Walk = {
  page: Page;
  /** Takes a picture of the whole page. */
  shot: (name: string, of?: Page) => Promise<void>;
  look: Look;
  installation: Installation;
};

export type Journey = { name: string; walk: (walk: Walk) => Promise<void> };

const visits = (name: string, paths: Readonly<Record<string, string>>): Journey => ({
  name,
  async walk({ page, shot }) {
    for (const [step, path] of Object.entries(paths)) {
      await page.goto(path);
      await shot(step);
    }
  },
});

let people = 0;

/** A number nobody has used in this installation. */
const newNumber = (): string => `1380013${String(8000 + ++people)}`;

async function codeFor({ page, installation }: Walk, number: string): Promise<string> {
  const answer = await page.request.get(`${installation.origin}/dev/inbox.json?phone=%2B86${number}`);
  const { messages } = (await answer.json()) as { messages: { code: string }[] };
  return messages[0]?.code ?? '';
}

const submit = (page: Page) => page.locator('main form button.button-primary').first().click();

/** From the demo app through registration and consent back to it. */
async function signUp(walk: Walk, role: 'candidate' | 'recruiter', show: boolean): Promise<void> {
  const { page, installation } = walk;
  const shot = show ? walk.shot : async () => undefined;
  const number = newNumber();
  await page.goto(installation.demo);
  await shot('demo');
  await page.goto(`${installation.demo}/sign-in?as=newcomer`);
  await shot('phone');
  await page.locator('[name=phone]').fill('138 0013');
  await submit(page);
  await shot('phone-wrong');
  await page.locator('[name=phone]').fill(number);
  await submit(page);
  await page.locator('[data-code]').waitFor();
  await shot('code');
  const code = await codeFor(walk, number);
  await page.locator('[data-code]').fill(code === '000000' ? '000001' : '000000');
  await page.locator('.error-summary').waitFor();
  await shot('code-wrong');
  await page.getByRole('link', { name: /没有收到|No message/ }).click();
  await shot('help');
  await page.locator('.back a').click();
  await page.locator('[data-code]').fill(code);
  await page.locator('[name=accept]').waitFor();
  await shot('agreement');
  await page.locator('[name=accept]').check();
  await submit(page);
  await shot('role');
  await page.locator(`[name=role][value=${role}]`).check();
  await submit(page);
  await page.locator('[value=allow]').waitFor();
  await shot('consent');
  await page.locator('[value=allow]').click();
  await page.waitForURL(`${installation.demo}/**`);
  await shot('demo-signed-in');
}

async function account(walk: Walk): Promise<void> {
  const { page, shot } = walk;
  await signUp(walk, 'candidate', false);
  await page.goto('/account');
  await shot('overview');
  await page.goto('/account/profile');
  await page.locator('[name=name]').fill('阿卜杜热西提·买买提艾力·吐尔逊江·努尔麦麦提');
  await page.locator('[name=email]').fill('name@');
  await submit(page);
  await shot('profile-wrong');
  await page.locator('[name=email]').fill('name@example.cn');
  await submit(page);
  await shot('profile-saved');
  await page.goto('/account/password');
  await shot('password');
  await page.goto('/account/apps');
  await shot('apps');
  await page.goto('/dev/inbox');
  await shot('inbox');
  await page.goto('/dev/inbox?email=');
  await shot('inbox-mail');
}

/** A recruiter's whole verification, with pictures drawn for it; ends on the status page. */
async function verify(walk: Walk, show = true): Promise<void> {
  const { page } = walk;
  const shot = show ? walk.shot : async () => undefined;
  const person = specimenPerson();
  const company = specimenCompany();
  const choose = async (picture: Promise<Buffer>): Promise<void> => {
    await page
      .locator('[type=file]')
      .setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await picture });
  };
  await signUp(walk, 'recruiter', false);
  await page.goto('/account');
  await shot('account-next');
  await page.goto('/verify');
  await shot('start');
  await page.locator('form[action="/verify/start"] button').click();
  await page.locator('[type=file]').waitFor();
  await shot('licence');
  const send = async (picture: Promise<Buffer>): Promise<void> => {
    await choose(picture);
    await page.locator('[data-upload] button[type=submit]').click();
  };
  await send(idCardFront(person));
  await page.locator('.complaint').waitFor();
  await shot('licence-complaint');
  await send(businessLicence(company));
  await page.waitForURL('**/company');
  await shot('company-read');
  await page.locator('[name=credit_code]').fill('12345');
  await submit(page);
  await page.locator('.error-summary').waitFor();
  await shot('company-wrong');
  await page.locator('[name=company_name]').fill(company.name);
  await page.locator('[name=credit_code]').fill(company.code);
  await submit(page);
  await page.locator('[name=answer][value=agree]').waitFor();
  await shot('consent-images');
  await page.locator('[name=answer][value=agree]').click();
  await page.waitForURL('**/document');
  await shot('document-type');
  await page.locator('[name=document_type]').first().check();
  await submit(page);
  await page.waitForURL('**/document-front');
  await page.locator('[data-camera-open]').click();
  await page.locator('[data-camera-take]').waitFor();
  await page.waitForTimeout(500);
  await shot('camera');
  await page.reload();
  await send(idCardFront(person));
  await page.waitForURL('**/document-back');
  await send(idCardBack(person));
  await page.waitForURL('**/person');
  await shot('person-read');
  const other = specimenPerson({ birthdate: person.birthdate, sex: person.sex });
  await page.locator('[name=name]').fill(person.name);
  await page.locator('[name=number]').fill(other.number);
  await page.locator('[name=expires_on]').fill('2040-01-01');
  await submit(page);
  await page.locator('.error-summary').waitFor();
  await shot('person-differs');
  await page.locator('[name=number]').fill(person.number);
  await submit(page);
  await page.waitForURL('**/supporting');
  await shot('supporting');
  await page.locator('form[action="/verify/skip/supporting"] button').click();
  await page.waitForURL('**/route');
  await shot('route');
  await page.locator('[name=route][value=face]').check();
  await submit(page);
  await shot('consent-face');
  await page.locator('[name=answer][value=agree]').click();
  await page.locator('[type=file]').waitFor();
  await shot('face');
  await send(selfie(person));
  await page.locator('.complaint, form [name=version]').first().waitFor({ state: 'attached' });
  const insist = page.locator('form[action="/verify/insist/selfie"] button');
  if (await insist.isVisible()) await insist.click();
  await page.waitForURL('**/check');
  await page.locator('.photo img').last().scrollIntoViewIfNeeded();
  await page.waitForTimeout(500);
  await shot('check');
  await submit(page);
  await page.waitForURL('**/status');
  await shot('status');
  await page.goto('/verify/stop');
  await shot('stop');
}

/** A reviewer signs in, takes the oldest case and approves it. */
async function review(walk: Walk): Promise<void> {
  const { page, shot, installation, look } = walk;
  await verify(walk, false);
  await page.goto(`${installation.origin}/dev/staff`);
  const [login, password, code] = await page.locator('.summary dd:not(.summary-action)').allInnerTexts();
  await page.goto('/staff/sign-in');
  await shot('sign-in');
  await page.locator('[name=login]').fill(login ?? '');
  await page.locator('[name=password]').fill(password ?? '');
  await page.locator('[name=code]').fill((code ?? '').slice(0, 6));
  await submit(page);
  await page.waitForURL('**/staff**');
  await shot('queue');
  await page.locator('form[action="/staff/next"] button').click();
  await page.locator('[name=decision]').first().waitFor();
  await page.waitForTimeout(1500);
  await shot('case');
  await page.locator('[name=decision][value=resubmit]').check();
  await shot('case-resubmit');
  await page.locator('[form=decide].button-primary').click();
  await shot('case-wrong');
  await page.locator('[name=decision][value=approve]').check();
  await page.locator('[name=approve_reason]').selectOption({ index: 1 });
  await page.locator('[form=decide].button-primary').click();
  await shot(`decided-${look.lang}`);
  await page.goto('/verify/status');
  await shot('status-approved');
  await page.goto('/account');
  await shot('account-approved');
}

/** What a person sees, in the order in which they see it. */
export const journeys: readonly Journey[] = [
  visits('open', {
    home: '/',
    agreement: '/legal/agreement',
    privacy: '/legal/privacy',
    missing: '/no-such-page',
  }),
  { name: 'sign-up', walk: (walk) => signUp(walk, 'recruiter', true) },
  { name: 'account', walk: account },
  { name: 'verify', walk: verify },
  { name: 'review', walk: review },
  visits('gallery', {
    all: '/dev/gallery',
    form: '/dev/gallery/form',
    console: '/dev/gallery/console',
  }),
];
