import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFindings, launchBrowser, visit } from '../support/browser.ts';
import { startProgram, type Program } from '../support/program.ts';

let browser: Browser;
let program: Program;
const data = mkdtempSync(join(tmpdir(), 'shiming-design-'));

beforeAll(async () => {
  program = await startProgram({ dataDir: data, env: { SHIMING_LOG_LEVEL: 'error' } });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await program.end('SIGTERM');
  rmSync(data, { recursive: true, force: true });
});

const paths = [
  '/',
  '/legal/privacy',
  '/legal/agreement',
  '/dev/gallery',
  '/dev/gallery/form',
  '/dev/gallery/console',
  '/no-such-page',
];

const looks = [
  ['phone', 'zh-CN', 'light'],
  ['phone', 'en', 'dark'],
  ['desktop', 'zh-CN', 'dark'],
  ['desktop', 'en', 'light'],
] as const;

describe.each(looks)('on a %s in %s, %s', (device, lang, colorScheme) => {
  it.each(paths)('%s is accessible, fits the width and breaks no policy', async (path) => {
    const { page, complaints, close } = await visit(browser, { device, lang });
    await page.emulateMedia({ colorScheme });
    await page.goto(program.url + path);
    expect(await page.locator('html').getAttribute('lang')).toBe(lang);
    expect(await accessibilityFindings(page)).toEqual([]);
    expect(await sidewaysScroll(page)).toBe(0);
    expect(complaints()).toEqual([]);
    await close();
  });
});

describe('the scripts', () => {
  it('send the form once when the sixth digit is there, however it was typed', async () => {
    const { page, close } = await visit(browser);
    await page.goto(`${program.url}/dev/gallery/form`);
    const sent: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.postData() ?? ''));
    await page.route('**/dev/gallery/form', (route) =>
      route.request().method() === 'POST' ? route.fulfill({ status: 204 }) : route.continue(),
    );
    await page.locator('[data-code]').evaluate('(input) => input.setAttribute("data-autosubmit", "")');
    await page.locator('[data-code]').fill('１２３ 45');
    expect(await page.locator('[data-code]').inputValue()).toBe('12345');
    expect(sent).toEqual([]);
    await page.locator('[data-code]').fill('１２３ 456');
    await page.waitForTimeout(200);
    await page.locator('form:has([data-code]) button[type=submit]').click();
    await page.waitForTimeout(200);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toContain('code=123456');
    await close();
  });

  it('count down to the moment at which a code may be sent again', async () => {
    const { page, close } = await visit(browser, { lang: 'en' });
    await page.clock.install();
    await page.goto(`${program.url}/dev/gallery/form`);
    const resend = page.getByRole('button', { name: 'Send the code again' });
    expect(await resend.isDisabled()).toBe(true);
    expect(await page.getByText('another code in 42 seconds').count()).toBe(1);
    await page.clock.fastForward(10_000);
    expect(await page.getByText('another code in 32 seconds').count()).toBe(1);
    await page.clock.fastForward(33_000);
    expect(await resend.isEnabled()).toBe(true);
    await close();
  });

  it('lead the focus to what is wrong', async () => {
    const { page, close } = await visit(browser);
    await page.goto(`${program.url}/dev/gallery/form`);
    expect(await page.evaluate<string>('document.activeElement.className')).toBe('error-summary');
    await page.locator('.error-summary a').first().click();
    expect(await page.evaluate<string>('document.activeElement.name')).toBe('phone');
    await close();
  });

  it('are not needed: without them the form and the waiting time are there', async () => {
    const { page, close } = await visit(browser, { script: false, lang: 'en' });
    await page.goto(`${program.url}/dev/gallery/form`);
    expect(await page.getByRole('button', { name: 'Send the code again' }).isEnabled()).toBe(true);
    expect(await page.getByText('another code in 42 seconds').isVisible()).toBe(true);
    await close();
  });
});

async function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate<number>('Math.max(0, document.documentElement.scrollWidth - window.innerWidth)');
}
