import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { AccountId } from '../../src/core/ids.ts';
import type { Person } from '../../src/testkit/index.ts';
import { testIdentity } from '../../src/testkit/identities.ts';
import { testPictures } from '../../src/testkit/test-pictures.ts';
import { accessibilityFindings, visit, type Visit, type VisitOptions } from './browser.ts';
import type { TestProvider } from './provider.ts';

/** What the journeys of companies are looked at with. */
export const looks = [
  { lang: 'zh-CN', device: 'phone' },
  { lang: 'en', device: 'desktop' },
] as const;
export type Look = Required<Pick<VisitOptions, 'lang' | 'device'>>;

/**
 * Looks at the page as it stands: axe, nothing wider than the screen, the language; keeps a picture where
 * `SHIMING_PICTURES` names a folder for them.
 */
export function createLooked(
  { lang, device }: Look,
  journey = '',
): (page: Page, name: string) => Promise<void> {
  let step = 0;
  return async (page, name) => {
    await page.waitForLoadState();
    const folder = process.env['SHIMING_PICTURES'];
    step += 1;
    if (folder !== undefined) {
      mkdirSync(folder, { recursive: true });
      const file = `${journey}${device}-${lang}-${String(step).padStart(2, '0')}-${name}.png`;
      await page.screenshot({ path: join(folder, file), fullPage: true });
    }
    expect(await accessibilityFindings(page), name).toEqual([]);
    const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(wider, `${name} is wider than the screen`).toBeLessThanOrEqual(0);
    expect(await page.getAttribute('html', 'lang')).toBe(lang);
  };
}

/** A browser that holds what somebody's script was given: it is signed in as they are. */
export async function browserOf(
  browser: Browser,
  { browser: { jar } }: Pick<Person, 'browser'>,
  issuer: string,
  look: Look,
): Promise<Visit> {
  const seen = await visit(browser, look);
  const cookies = jar
    .header(new URL(issuer))
    .split('; ')
    .map((pair) => pair.split(/=(.*)/s))
    .filter(([name]) => name !== 'shiming_lang');
  await seen.context.addCookies(cookies.map(([name = '', value = '']) => ({ name, value, url: issuer })));
  return seen;
}

/** Opens a page, signing somebody in on the way where it asks for that. */
export async function enter(
  { issuer }: Pick<TestProvider, 'issuer'>,
  { page }: Visit,
  accountId: AccountId,
  path: string,
): Promise<void> {
  await page.goto(`${issuer}${path}`);
  if (/\/interaction\//.test(page.url())) await finishSignIn(page, accountId);
}

/** Finishes the sign-in that stands in the browser. */
export async function finishSignIn(page: Page, accountId: AccountId): Promise<void> {
  await page.waitForURL(/\/interaction\//);
  const [, uid] = /\/interaction\/([\w-]+)/.exec(page.url()) ?? [];
  await page.goto(new URL(`/interaction/${uid}/as/${accountId}`, page.url()).href);
}

/** Presses the button of a form. */
export const press = (page: Page, form = 'main form') => page.click(`${form} button[type=submit]:visible`);

/** Hands a licence in where the page asks for a picture, as a machine reads it without doubt. */
export async function uploadLicence(
  page: Page,
  company: { readonly name: string; readonly code: string; readonly legalRepresentative: string },
): Promise<void> {
  const pictures = testPictures(testIdentity(1), { type: '有限责任公司', ...company });
  const picture = { name: 'licence.jpg', mimeType: 'image/jpeg', buffer: await pictures.licence() };
  await page.setInputFiles('input[type=file]', picture);
  await press(page, 'form:has(input[type=file])');
}
