import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestProvider, type TestProvider } from '../../src/testkit/index.ts';
import {
  accessibilityFindings,
  choose,
  launchBrowser,
  visit,
  type VisitOptions,
} from '../support/browser.ts';

let browser: Browser;
let provider: TestProvider;

beforeAll(async () => {
  [browser, provider] = await Promise.all([launchBrowser(), startTestProvider()]);
});

afterAll(async () => {
  await browser.close();
  await provider.close();
});

const looks = [
  { device: 'phone', lang: 'zh-CN', script: true },
  { device: 'desktop', lang: 'en', script: true },
  { device: 'phone', lang: 'en', script: false },
  { device: 'desktop', lang: 'zh-CN', script: false },
] as const satisfies VisitOptions[];

describe.each(looks)('on a $device in $lang, script: $script', (look) => {
  it('somebody moves to another number, by way of one that is taken', async () => {
    const [old, taken, next] = [provider.person(), provider.person(), provider.person()];
    await taken.walk(`${provider.issuer}/account`, ({ url }) => url.pathname === '/account');
    provider.clock.advance(61_000);
    const person = await visit(browser, look);
    const { page } = person;
    let step = 0;

    async function looked(on: Page, name: string): Promise<void> {
      await on.waitForLoadState();
      const folder = process.env['SHIMING_PICTURES'];
      step += 1;
      if (folder !== undefined) {
        mkdirSync(folder, { recursive: true });
        const file = `${look.device}-${look.lang}-${String(step).padStart(2, '0')}-${name}.png`;
        await on.screenshot({ path: join(folder, file), fullPage: true });
      }
      if (look.script) expect(await accessibilityFindings(on), name).toEqual([]);
      if (look.script)
        expect(await on.evaluate('document.documentElement.scrollWidth - innerWidth'), name).toBe(0);
    }
    const send = (action: string) => page.click(`form[action$="${action}"] button[type=submit]`);
    /** With script the page submits itself once the code is complete. */
    const enterCode = async (code: string) => {
      await page.fill('input[name=code]', code);
      if (!look.script) await send('/code');
    };
    const enterNumber = async (phone: string) => {
      await page.fill('input[name=phone]', phone.replace('+86', ''));
      await send(page.url().includes('/account/number') ? '/account/number' : '/phone');
    };

    await page.goto(`${provider.issuer}/account`);
    await enterNumber(old.phone);
    await page.waitForURL(/\/code$/);
    await enterCode(await old.newestCode());
    await page.waitForURL(/\/agreement$/);
    if (look.script) await choose(page, 'accept', '1');
    else await page.check('input[name=accept]', { force: true });
    await send('/agreement');
    await choose(page, 'role', 'candidate');
    await send('/role');
    await page.waitForURL(`${provider.issuer}/account`);
    await looked(page, 'overview');

    await page.click('main a[href="/account/number"] >> visible=true');
    await page.waitForURL(/\/account\/number$/);
    await looked(page, 'number');
    await enterNumber('12');
    await looked(page, 'wrong-number');
    await enterNumber(taken.phone);
    await page.waitForURL(/\/account\/number\/code$/);
    await looked(page, 'code');
    await enterCode('000000');
    await page.waitForSelector('.has-error');
    await looked(page, 'wrong-code');
    await enterCode(await taken.newestCode());
    await page.waitForURL(/\/account\/number\/taken$/);
    await looked(page, 'taken');

    await page.click('main a[href="/account/number"] >> nth=-1');
    await page.waitForURL(/\/account\/number$/);
    await enterNumber(next.phone);
    await page.waitForURL(/\/account\/number\/code$/);
    await page.goBack();
    await page.goForward();
    await enterCode(await next.newestCode());
    await page.waitForURL(/\/account\/number\?changed$/);
    expect(await page.textContent('main')).toContain(next.phone.slice(-4));
    await looked(page, 'changed');
    const [notice] = await provider.messages(old.phone);
    expect(notice?.text).toContain(look.lang === 'en' ? 'has a new number' : '已更换手机号');
    expect(person.complaints()).toEqual([]);
    await person.close();
  });
});
