import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoApp } from '../../examples/demo-app/server.ts';
import { startTestProvider, type TestProvider } from '../../src/testkit/index.ts';
import { accessibilityFindings, choose, launchBrowser, visit } from '../support/browser.ts';
import { specimenApplicant, type Applicant } from '../support/recruiting.ts';
import { businessLicence, handHeld, idCardBack, idCardFront } from '../support/specimens.ts';
import { startRegisteredDemo } from '../support/demo-app.ts';

/** The main job in a real browser on a phone, its camera fed from a picture; the reviewer sits at a desktop. */

let browser: Browser;
let provider: TestProvider;
let demo: DemoApp;

beforeAll(async () => {
  [browser, provider] = await Promise.all([
    launchBrowser(await handHeld(specimenApplicant().person)),
    startTestProvider(),
  ]);
  demo = await startRegisteredDemo(provider);
});
afterAll(async () => {
  await browser.close();
  await demo.close();
  await provider.close();
});

/** Presses the button of the form that holds a control. */
const send = (page: Page, holding: string) =>
  page.click(`form:has([name="${holding}"]) button[type=submit]:visible`);

/** Waits for a page, and looks at it: axe, and nothing wider than the screen. */
async function arrive(page: Page, path: string | RegExp): Promise<void> {
  await page.waitForURL(({ pathname }) =>
    typeof path === 'string' ? pathname === path : path.test(pathname),
  );
  await page.waitForLoadState();
  expect(await accessibilityFindings(page), `axe on ${page.url()}`).toEqual([]);
  const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  expect(wider, `${page.url()} is wider than the screen`).toBeLessThanOrEqual(0);
}

async function choosePicture(page: Page, picture: Buffer): Promise<void> {
  await page.setInputFiles('input[type=file]', {
    name: 'photo.jpg',
    mimeType: 'image/jpeg',
    buffer: picture,
  });
  await send(page, 'picture');
}

/** The face check with the camera: it opens, asks for what it asks and sends by itself. */
async function checkFace(page: Page): Promise<void> {
  await page.click('[data-camera-open]');
  await expect.poll(() => page.evaluate('document.querySelector("video").videoWidth')).toBeGreaterThan(0);
  expect(await accessibilityFindings(page), 'the camera is open').toEqual([]);
}

async function register(page: Page): Promise<void> {
  const { phone, newestCode } = provider.person();
  await arrive(page, /\/phone$/);
  await page.fill('input[name=phone]', phone.replace('+86', ''));
  await send(page, 'phone');
  await arrive(page, /\/code$/);
  await page.fill('input[name=code]', await newestCode());
  await arrive(page, /\/agreement$/);
  await choose(page, 'accept', '1');
  await send(page, 'accept');
  await arrive(page, /\/role$/);
  await choose(page, 'role', 'recruiter');
  await send(page, 'role');
}

async function verify(page: Page, { person, company }: Applicant): Promise<void> {
  await arrive(page, '/verify');
  await page.click('form[action="/verify/start"] button[type=submit]');
  await arrive(page, '/verify/photo/licence');
  await choosePicture(page, await businessLicence(company));
  await arrive(page, '/verify/company');
  await page.fill('input[name=company_name]', company.name);
  await page.fill('input[name=credit_code]', company.code);
  await send(page, 'company_name');
  await arrive(page, '/verify/consent/images');
  await page.click('button[value=agree]');
  await arrive(page, '/verify/document');
  await choose(page, 'document_type', 'resident_id');
  await send(page, 'document_type');
  await arrive(page, '/verify/photo/document-front');
  await choosePicture(page, await idCardFront(person));
  await arrive(page, '/verify/photo/document-back');
  await choosePicture(page, await idCardBack(person));
  await arrive(page, '/verify/person');
  await page.fill('input[name=name]', person.name);
  await page.fill('input[name=number]', person.number);
  await page.fill('input[name=expires_on]', '2040-01-01');
  await send(page, 'number');
  await arrive(page, '/verify/photo/supporting');
  await page.click('form[action="/verify/skip/supporting"] button');
  await arrive(page, '/verify/route');
  await choose(page, 'route', 'face');
  await send(page, 'route');
  await arrive(page, '/verify/consent/face');
  await page.click('button[value=agree]');
  await arrive(page, '/verify/photo/selfie');
  await checkFace(page);
  await arrive(page, '/verify/check');
  expect(
    await page.evaluate('[...document.images].every((image) => image.complete || image.loading === "lazy")'),
  ).toBe(true);
  await page.click('main form button[type=submit]');
  await arrive(page, '/verify/status');
}

async function approve(lang: 'zh-CN' | 'en'): Promise<void> {
  const reviewer = await visit(browser, { device: 'desktop', lang });
  const { page } = reviewer;
  const answer = await fetch(`${provider.issuer}/dev/staff.json`);
  const { login, password, code } = (await answer.json()) as Record<'login' | 'password' | 'code', string>;
  await page.goto(`${provider.issuer}/staff`);
  await arrive(page, '/staff/sign-in');
  await page.fill('input[name=login]', login);
  await page.fill('input[name=password]', password);
  await page.fill('input[name=code]', code);
  await send(page, 'password');
  await arrive(page, '/staff');
  await page.click('form[action="/staff/next"] button');
  await arrive(page, /^\/staff\/cases\/[^/]+$/);
  expect(
    await page.evaluate('[...document.images].every((image) => image.complete && image.naturalWidth > 0)'),
  ).toBe(true);
  await choose(page, 'decision', 'approve');
  await page.selectOption('select[name=approve_reason]', 'evidence_consistent');
  await page.click('button[form=decide][type=submit]:not([formaction])');
  await arrive(page, /\/decided$/);
  expect(reviewer.complaints()).toEqual([]);
  await reviewer.close();
}

describe.each(['zh-CN', 'en'] as const)('a recruiter on a phone, in %s', (lang) => {
  it('comes from the demo app, is verified with the camera and approved, and may publish', async () => {
    const recruiter = await visit(browser, { lang });
    const { page } = recruiter;
    await page.goto(demo.url);
    await page.click('a[href*="as=recruiter"]');
    await register(page);
    await page.waitForURL(({ pathname }) => /consent$|^\/verify$/.test(pathname));
    if (page.url().endsWith('consent')) {
      await arrive(page, /consent$/);
      await page.click('button[value=allow]');
    }
    await verify(page, specimenApplicant());
    expect(await page.getAttribute('html', 'lang')).toBe(lang);
    await page.click('a[href$="/continue"]');
    await page.waitForURL(({ pathname, origin }) => pathname.endsWith('/consent') || origin === demo.url);
    if (page.url().endsWith('/consent')) {
      await arrive(page, /consent$/);
      await page.click('button[value=allow]');
    }
    await page.waitForURL(`${demo.url}/`);
    expect(await page.getAttribute('[data-claim=recruiter_status]', 'data-value')).toBe('in_review');
    expect(await page.locator('[data-scope="job:publish"]').count()).toBe(0);

    await approve(lang);
    await page.click('form[action="/refresh"] button');
    await page.waitForSelector('[data-scope="job:publish"]');
    await page.click('form[action="/publish"] button');
    await page.waitForSelector('.note:not(.bad)');
    await arrive(page, '/');
    expect(recruiter.complaints()).toEqual([]);
    await recruiter.close();
  });
});
