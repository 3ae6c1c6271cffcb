import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { days } from '../../src/core/clock.ts';
import type { AccountId } from '../../src/core/ids.ts';
import {
  accessibilityFindings,
  choose,
  launchBrowser,
  visit,
  type VisitOptions,
} from '../support/browser.ts';
import { openSqlite } from '../support/databases.ts';
import { answerSteps } from '../support/readable-case.ts';
import { readablePictures } from '../support/readable.ts';
import { creditCode } from '../support/specimens.ts';
import {
  applicant,
  createVerificationRig,
  newAccount,
  personEntry,
  type VerificationRig,
} from '../support/verification.ts';
import { startVerifySite } from '../support/verify-site.ts';

const cleanups: (() => Promise<void> | void)[] = [];
let rig: VerificationRig;
let site: Awaited<ReturnType<typeof startVerifySite>>;
let browser: Browser;

beforeAll(async () => {
  rig = createVerificationRig(await openSqlite(cleanups));
  site = await startVerifySite(rig);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await site.close();
  await rig.close();
  for (const cleanup of cleanups.reverse()) await cleanup();
});

async function invited(accountId: AccountId): Promise<void> {
  await rig.database.transact(async (bound) => {
    const now = rig.database.clock.now();
    const company = await bound.companies.ensure(creditCode(), '海港机器人（深圳）有限公司');
    const dates = { verifiedAt: now, recheckAt: now + days(180) };
    await bound.companies.advance(company.id, company.state, 'verified', dates);
    const { id } = await bound.memberships.ensure(accountId, company.id);
    await bound.memberships.advance(id, 'requested', 'awaiting_admin', {});
  });
}

async function enter(accountId: AccountId, options: VisitOptions) {
  const visited = await visit(browser, options);
  const { page } = visited;
  const found: string[] = [];
  await visited.context.addCookies([{ name: 'account', value: accountId, url: site.issuer }]);
  return {
    ...visited,
    found,
    go: (path: string) => page.goto(`${site.issuer}${path}`),
    /** Looks at the page as it stands, and keeps a picture of it where that is asked for. */
    async check(name: string) {
      found.push(...(await accessibilityFindings(page)).map((one) => `${name} ${one}`));
      const wide = await page.evaluate<boolean>(
        'document.documentElement.scrollWidth > document.documentElement.clientWidth',
      );
      if (wide) found.push(`${name} scrolls sideways`);
      const folder = process.env['SCREENSHOTS'];
      if (folder) await page.screenshot({ path: `${folder}/${options.lang}-${name}.png`, fullPage: true });
    },
  };
}

const file = (buffer: Buffer) => ({ name: 'picture.jpg', mimeType: 'image/jpeg', buffer });

describe.each(['zh-CN', 'en'] as const)('on a phone in %s', (lang) => {
  it('the start asks how the company is shown, and offers to join one', async () => {
    const { page, check, found, complaints, go, close } = await enter(newAccount(), { lang });
    await go('/verify');
    await check('start');
    expect(await page.getAttribute('a.button[href="/company/join"]', 'href')).toBe('/company/join');
    await page.locator('main form button.button-primary').click();
    await page.waitForURL(/photo\/licence$/);
    await go('/verify/about');
    await check('about');
    expect(found).toEqual([]);
    expect(complaints()).toEqual([]);
    await close();
  });

  it('somebody who asked to join shows who they are, and nothing of a company', async () => {
    const accountId = newAccount();
    await invited(accountId);
    const pictures = readablePictures();
    const { page, check, found, complaints, go, close } = await enter(accountId, { lang });
    const press = () => page.locator('main form button.button-primary').last().click();
    const send = async (picture: Buffer, next: RegExp) => {
      await page.setInputFiles('input[name=picture]', file(picture));
      await page.locator('[data-upload] button[type=submit]').click();
      await page.waitForURL(next);
    };
    await go('/verify');
    await check('joined');
    expect(await page.textContent('main')).toContain('海港机器人（深圳）有限公司');
    await page.locator('main form button.button-primary').first().click();
    await page.waitForURL(/consent\/images$/);
    await check('consent');
    await page.locator('button[value=agree]').click();
    await choose(page, 'document_type', 'resident_id');
    await press();
    await page.waitForURL(/document-front$/);
    await send(await pictures.front(), /document-back$/);
    await send(await pictures.back(), /person$/);
    const { number, expiresOn } = personEntry(pictures.person);
    await page.fill('[name=name]', pictures.person.name);
    await page.fill('[name=number]', number);
    if ((await page.inputValue('[name=expires_on]')) === '') await page.fill('[name=expires_on]', expiresOn);
    await check('person');
    await press();
    await page.waitForURL(/route$/);
    await choose(page, 'route', 'hand_held');
    await press();
    await page.waitForURL(/hand-held$/);
    await send(await pictures.handHeld(), /check$/);
    await check('check');
    expect(await page.locator('main h2').count()).toBe(3);
    await press();
    await page.waitForURL(/status$/);
    await check('in-review');
    await rig.decide((await rig.verification.view(accountId))?.case.id ?? '');
    await go('/verify/status');
    await check('approved');
    await go('/verify/stop');
    await check('stop');
    expect(found).toEqual([]);
    expect(complaints()).toEqual([]);
    await close();
  });

  it('somebody who is verified chooses what to renew or to add', async () => {
    const who = applicant(rig.verification, newAccount());
    await who.must(rig.verification.start(who.accountId));
    await answerSteps(rig, who, readablePictures());
    await who.submit();
    const { page, check, found, go, close } = await enter(who.accountId, { lang });
    await go('/verify/about');
    await check('choices');
    await page.locator('form:has(input[name=scope][value=company]) button').click();
    await page.waitForURL(/photo\/licence$/);
    await check('further-licence');
    await go('/verify/stop');
    await check('further-stop');
    expect(found).toEqual([]);
    await close();
  });
});
