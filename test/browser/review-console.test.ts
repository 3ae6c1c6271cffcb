import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { ManualClock } from '../../src/core/clock.ts';
import { createIds } from '../../src/core/ids.ts';
import { systemRandom } from '../../src/core/random.ts';
import type { KeyRing } from '../../src/core/seal.ts';
import type { Enrolment } from '../../src/review/index.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { accessibilityFindings, launchBrowser, visit, type Visit } from '../support/browser.ts';
import { createOptions } from '../support/databases.ts';
import { codeFor, createReviewRig, enrol, startConsole, type ReviewRig } from '../support/review.ts';

const screenshots = process.env['REVIEW_SCREENSHOTS'];

describe('the review console in a browser', () => {
  const cleanups: (() => Promise<void> | void)[] = [];
  let browser: Browser;
  let rig: ReviewRig;
  let base: string;

  beforeAll(async () => {
    const options = await createOptions('sqlite', cleanups);
    const clock = new ManualClock();
    const ring = (id: string): KeyRing => [{ id, key: systemRandom.bytes(32) }];
    const dependencies = {
      clock,
      random: systemRandom,
      ids: createIds(clock, systemRandom),
      keyEncryptionKeys: ring('kek'),
      indexKeys: ring('index'),
    };
    const database = await openDatabase(options, dependencies);
    cleanups.push(() => database.close());
    rig = createReviewRig({ ...database, clock, options, dependencies });
    cleanups.push(() => rig.close());
    const console = await startConsole(rig);
    cleanups.push(() => console.close());
    base = console.base;
    browser = await launchBrowser();
    cleanups.push(() => browser.close());
  });
  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  async function check({ page, complaints }: Visit, name: string): Promise<void> {
    if (screenshots) await page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
    expect(await accessibilityFindings(page), name).toEqual([]);
    expect(complaints(), name).toEqual([]);
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow), `${name} is wider than the screen`).toBe(0);
  }

  async function signIn(page: Page, enrolment: Enrolment): Promise<void> {
    await page.goto(`${base}/staff`);
    await page.fill('[name=login]', enrolment.staff.login);
    await page.fill('[name=password]', enrolment.password);
    await page.fill('[name=code]', codeFor(enrolment, rig.clock));
    await page.click('main button[type=submit]');
    await page.waitForURL('**/staff/password');
  }

  it.each([
    ['desktop', 'zh-CN'],
    ['desktop', 'en'],
    ['phone', 'zh-CN'],
    ['phone', 'en'],
  ] as const)('reviews from sign-in to the next case: %s, %s', async (device, lang) => {
    const waiting = await rig.submitted();
    const { number, name: typed } = waiting.person;
    await rig.seen(waiting.caseId, { number: `${number.slice(0, 17)}X`, name: typed });
    rig.clock.advance(1000);
    await rig.submitted();
    const enrolment = await enrol(rig.review, `${device}.${lang.toLowerCase()}`, 'senior');
    const seen = await visit(browser, { device, lang });
    const { page } = seen;
    const name = (step: string) => `${step}-${device}-${lang}`;
    try {
      await page.goto(`${base}/staff`);
      await check(seen, name('sign-in'));
      await signIn(page, enrolment);
      await check(seen, name('password'));
      await page.fill('[name=current]', enrolment.password);
      for (const field of ['next', 'again']) await page.fill(`[name=${field}]`, 'four words in a row');
      await page.click('main button[type=submit]');
      await page.waitForURL('**/staff?notice=password');
      await check(seen, name('queue'));
      await page.keyboard.press('n');
      await page.waitForURL(`**/staff/cases/${waiting.caseId}`, { waitUntil: 'load' });
      await check(seen, name('case'));
      await page.keyboard.press('1');
      await page.waitForSelector('dialog[open] img');
      await page.keyboard.press('r');
      await page.keyboard.press('+');
      const transform = await page.getAttribute('dialog[open] img', 'style');
      expect(transform).toContain('rotate(90deg) scale(1.5)');
      await check(seen, name('viewer'));
      await page.keyboard.press('Escape');
      // The picture goes back once the browser says that the dialog is closed.
      await page.waitForSelector('.evidence [data-image="1"] img');
      await page.fill('[name=note]', 'kept while the number is shown');
      await page.selectOption('[name=reveal_reason]', 'compare_with_image');
      await page.click('[formaction$="/reveal"]');
      await page.waitForSelector(`text=${number.slice(0, 6)} ${number.slice(6, 14)} ${number.slice(14)}`);
      await page.waitForLoadState('load');
      await check(seen, name('revealed'));
      expect(await page.inputValue('[name=note]')).toBe('kept while the number is shown');
      await page.locator('h1').click();
      await page.keyboard.press('s');
      expect(await page.isVisible('[name=redo_company]')).toBe(true);
      expect(await page.isVisible('[name=approve_reason]')).toBe(false);
      await page.locator('h1').click();
      await page.keyboard.press('a');
      await page.keyboard.press('Control+Enter');
      await page.waitForSelector('.error-summary');
      await check(seen, name('case-error'));
      await page.selectOption('[name=approve_reason]', 'evidence_consistent');
      await page.keyboard.press('Control+Enter');
      await page.waitForURL(`**/staff/cases/*?after=${waiting.caseId}`, { waitUntil: 'load' });
      await check(seen, name('next'));
      await page.goto(`${base}/staff/cases/${waiting.caseId}/decided`);
      await check(seen, name('decided'));
      expect(await rig.database.stores.persons.find(waiting.accountId)).toMatchObject({ state: 'verified' });
      await page.goto(`${base}/staff/cases/${waiting.caseId}/history`);
      await check(seen, name('history'));
      await page.goto(`${base}/staff/recruiters?query=${waiting.caseId}`);
      await page.click('summary');
      await check(seen, name('recruiter'));
      await page.goto(`${base}/staff/cases/${waiting.caseId}`);
      await check(seen, name('closed'));
    } finally {
      await seen.close();
      rig.clock.advance(60_000);
      await rig.database.connection.knex('verification_cases').delete();
    }
  });

  it.each([
    ['desktop', 'zh-CN'],
    ['phone', 'en'],
  ] as const)('shows what somebody before would decide, after the pictures: %s, %s', async (device, lang) => {
    const waiting = await rig.submitted();
    const first = await enrol(rig.review, `first.${device}`);
    await rig.lookAt(waiting.caseId, first.staff.id);
    const found = await rig.database.stores.cases.find(waiting.caseId);
    await rig.review.decisions.decide({
      caseId: waiting.caseId,
      staffId: first.staff.id,
      version: found?.version ?? 0,
      decision: 'reject',
      reasons: [{ reason: 'document_altered' }],
      message: '证件上的出生日期有改动痕迹。',
      note: 'The eighth digit is drawn over.',
    });
    const enrolment = await enrol(rig.review, `second.${device}`);
    const seen = await visit(browser, { device, lang });
    const { page } = seen;
    try {
      await signIn(page, enrolment);
      await page.fill('[name=current]', enrolment.password);
      for (const field of ['next', 'again']) await page.fill(`[name=${field}]`, 'four words in a row');
      await page.click('main button[type=submit]');
      await page.waitForURL('**/staff?notice=password');
      await check(seen, `second-queue-${device}-${lang}`);
      await page.keyboard.press('n');
      await page.waitForURL(`**/staff/cases/${waiting.caseId}`, { waitUntil: 'load' });
      expect(await page.content()).not.toContain('drawn over');
      await check(seen, `second-before-${device}-${lang}`);
      await page.click('[formaction$="/opinions"]');
      await page.waitForSelector('text=drawn over');
      await page.waitForLoadState('load');
      await check(seen, `second-opinion-${device}-${lang}`);
      await page.check('[name=decision][value^="agree:"]');
      expect(await page.isVisible('[name=message]')).toBe(false);
      await page.keyboard.press('Control+Enter');
      await page.waitForURL('**/decided');
      await check(seen, `second-decided-${device}-${lang}`);
      expect((await rig.database.stores.cases.find(waiting.caseId))?.state).toBe('rejected');
    } finally {
      await seen.close();
      await rig.database.connection.knex('verification_cases').delete();
    }
  });

  it('decides without script', async () => {
    const waiting = await rig.submitted();
    const enrolment = await enrol(rig.review, 'noscript');
    const seen = await visit(browser, { device: 'desktop', lang: 'en', script: false });
    const { page } = seen;
    await signIn(page, enrolment);
    await page.fill('[name=current]', enrolment.password);
    for (const field of ['next', 'again']) await page.fill(`[name=${field}]`, 'four words in a row');
    await page.click('main button[type=submit]');
    await page.click('form[action="/staff/next"] button');
    await page.check('[name=decision][value=resubmit]');
    await page.selectOption('[name=redo_holder]', 'face_not_visible');
    await page.fill('[name=message]', 'Please take off the hat.');
    await page.click('button[form=decide]:not([formaction])');
    await page.waitForURL('**/decided');
    expect((await rig.database.stores.cases.find(waiting.caseId))?.state).toBe('resubmission');
    await seen.close();
  });
});
