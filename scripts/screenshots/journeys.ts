import type { Page } from 'playwright-core';
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
  await page.goBack();
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
  visits('gallery', {
    all: '/dev/gallery',
    form: '/dev/gallery/form',
    console: '/dev/gallery/console',
  }),
];
