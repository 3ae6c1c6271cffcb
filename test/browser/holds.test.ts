import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ManualClock } from '../../src/core/clock.ts';
import type { AccountId } from '../../src/core/ids.ts';
import { accessibilityFindings, choose, launchBrowser, visit, type Visit } from '../support/browser.ts';
import { startProvider, type TestProvider } from '../support/provider.ts';
import { makeEligible } from '../support/recruiters.ts';
import { openStaffBrowser } from '../support/staff-browser.ts';

let provider: TestProvider;
let chromium: Browser;
const clock = new ManualClock();
beforeAll(async () => {
  provider = await startProvider({ overrides: { clock } });
  chromium = await launchBrowser();
});
afterAll(async () => {
  await chromium.close();
  await provider.close();
});

const senior = () => openStaffBrowser(chromium, { ...provider, clock }, { device: 'desktop', lang: 'en' });

/** Somebody at their account page, on a phone. */
async function atHome(accountId: AccountId): Promise<Visit> {
  const person = await visit(chromium, { device: 'phone', lang: 'zh-CN' });
  await person.page.goto(`${provider.issuer}/account`);
  const interaction = /^(\/interaction\/[\w-]+)\//.exec(new URL(person.page.url()).pathname)?.[1];
  await person.page.goto(`${provider.issuer}${interaction}/as/${accountId}`);
  return person;
}

it('holds somebody, who objects, and lifts it: each in their own browser', async () => {
  const accountId = await provider.addAccount({ roles: ['recruiter'] });
  await makeEligible(provider.app, accountId);
  const recruiters = `${provider.issuer}/staff/recruiters?query=${accountId}`;

  const li = await senior();
  await li.page.goto(recruiters);
  await li.page.getByText('Hold this recruiter').click();
  const form = li.page.locator('form[action="/staff/recruiters/hold"]');
  await form.locator('select').selectOption('identity_in_doubt');
  await form.getByRole('button').click();
  // Without a note it comes back open, with what was chosen.
  expect(await form.locator('select').inputValue()).toBe('identity_in_doubt');
  await form.getByRole('textbox').fill('Signed in from two cities at once');
  await form.getByRole('button').click();
  await li.page.getByText('The recruiter is held.').waitFor();
  expect(await accessibilityFindings(li.page)).toEqual([]);

  const person = await atHome(accountId);
  await person.page.getByRole('heading', { name: '招聘资格已暂停' }).waitFor();
  expect(await accessibilityFindings(person.page)).toEqual([]);
  await person.page.getByRole('link', { name: '查看原因并申诉' }).click();
  expect(await person.page.getByText('我们无法确定使用此账号的是通过认证的本人').count()).toBe(1);
  expect(await accessibilityFindings(person.page)).toEqual([]);
  await person.page.getByRole('button', { name: '提交申诉' }).click();
  await person.page.getByText('请写明您的理由').first().waitFor();
  await person.page.getByLabel('您的理由').fill('那天我在出差，只有我本人使用。');
  await person.page.getByRole('button', { name: '提交申诉' }).click();
  await person.page.getByText('我们已收到您的申诉').waitFor();

  await li.page.goto(recruiters);
  await li.page.getByText('somebody else decides the objection').waitFor();
  const wang = await senior();
  await wang.page.goto(`${provider.issuer}/staff/recruiters`);
  await wang.page.locator(`a[href$="query=${accountId}"]`).first().click();
  await wang.page.getByText('那天我在出差').waitFor();
  await wang.page.getByText('Decide the objection').click();
  expect(await accessibilityFindings(wang.page)).toEqual([]);
  await choose(wang.page, 'outcome', 'grant');
  await wang.page.locator('form[action="/staff/recruiters/appeal"]').getByRole('button').click();
  await wang.page.getByText('The objection is granted').waitFor();

  await person.page.goto(`${provider.issuer}/account`);
  expect(await person.page.getByText('招聘资格已暂停').count()).toBe(0);
  for (const one of [li, wang, person]) {
    expect(one.complaints().filter((line) => !line.includes('422'))).toEqual([]);
    await one.close();
  }
});
