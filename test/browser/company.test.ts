import type { Browser, Page } from 'playwright-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailboxOf, parseEmail } from '../../src/accounts/index.ts';
import { days, ManualClock } from '../../src/core/clock.ts';
import type { CompanyId } from '../../src/core/ids.ts';
import {
  accessibilityFindings,
  choose,
  launchBrowser,
  visit,
  type Visit,
  type VisitOptions,
} from '../support/browser.ts';
import { openCompanySite, type CompanySite, type Somebody } from '../support/company-site.ts';

/** Members of a company in a real browser: joining, inviting, removing and leaving, every page looked at with axe. */

let browser: Browser;
let site: CompanySite;
beforeAll(async () => {
  [browser, site] = await Promise.all([launchBrowser(), openCompanySite(new ManualClock())]);
});
afterAll(async () => {
  await browser.close();
  await site.provider.close();
});

/** Signs somebody in on the way to a page. */
async function enter(
  { page }: Visit,
  { accountId }: Pick<Somebody, 'accountId'>,
  path: string,
): Promise<void> {
  await page.goto(site.url(path));
  await finish(page, accountId);
}

/** A member who acts by an address of a domain of the company, and by nothing else. */
async function byMail(companyId: CompanyId): Promise<void> {
  const read = parseEmail('li@beispiel.com.cn');
  if (!read.ok) throw new Error(read.reason);
  const { email, domain } = read;
  const { stores, handle } = site.provider.app.database;
  const accountId = await site.provider.addAccount({ roles: ['recruiter'] });
  const now = handle.clock.now();
  const expiresAt = now + days(90);
  await stores.companyEmails.bind(companyId, domain, accountId);
  const proof = { accountId, companyId, domain, email, provedAt: now, expiresAt };
  await stores.companyEmails.prove({ ...proof, mailbox: mailboxOf(email) });
  const { id } = await stores.memberships.ensure(accountId, companyId);
  const change = { evidence: 'company_email', validUntil: expiresAt, nextChangeAt: expiresAt } as const;
  await stores.memberships.advance(id, 'requested', 'active', change);
}

async function finish(page: Page, accountId: string): Promise<void> {
  await page.waitForURL(/\/interaction\//);
  const [, uid] = /\/interaction\/([\w-]+)/.exec(page.url()) ?? [];
  await page.goto(site.url(`/interaction/${uid}/as/${accountId}`));
}

describe.each([
  { lang: 'zh-CN', device: 'phone' },
  { lang: 'en', device: 'desktop' },
] as const)(
  'members of a company, in $lang on a $device',
  (look: VisitOptions & { lang: string; device: string }) => {
    let step = 0;
    /** Looks at the page as it stands; keeps a picture where a folder for them is named. */
    async function looked(page: Page, name: string): Promise<void> {
      await page.waitForLoadState();
      const folder = process.env['SHIMING_PICTURES'];
      step += 1;
      if (folder !== undefined) {
        mkdirSync(folder, { recursive: true });
        const file = `${look.device}-${look.lang}-${String(step).padStart(2, '0')}-${name}.png`;
        await page.screenshot({ path: join(folder, file), fullPage: true });
      }
      expect(await accessibilityFindings(page), name).toEqual([]);
      const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(wider, `${name} is wider than the screen`).toBeLessThanOrEqual(0);
      expect(await page.getAttribute('html', 'lang')).toBe(look.lang);
    }
    const send = (page: Page, within = 'main form') => page.click(`${within} button[type=submit]`);

    it('joins by an administrator, who then removes them', async () => {
      const boss = await site.somebody();
      const { code, id } = await site.join(boss, { role: 'administrator' });
      const newcomer = await site.somebody();
      const person = await visit(browser, look);
      await enter(person, newcomer, '/company');
      await looked(person.page, 'none');
      await person.page.click('a[href="/company/join"]');
      await person.page.fill('input[name=credit_code]', '9131');
      await send(person.page, 'form[method=get]');
      await looked(person.page, 'wrong-code');
      await person.page.fill('input[name=credit_code]', code);
      await send(person.page, 'form[method=get]');
      await looked(person.page, 'found');
      await send(person.page, 'form[method=post][action="/company/join"]');
      await looked(person.page, 'ways');
      await choose(person.page, 'way', 'administrator');
      await send(person.page, 'form[action$="/way"]');
      await looked(person.page, 'waiting');

      const desk = await visit(browser, look);
      await enter(desk, boss, `/company/${id}`);
      await looked(desk.page, 'requests');
      await desk.page.click('.record a[href*="/members/"]');
      await looked(desk.page, 'request');
      await send(desk.page, 'form[action$="/approve"]');
      await looked(desk.page, 'approved');
      await person.page.goto(site.url(`/company/${id}`));
      await looked(person.page, 'recruiter');
      await person.page.goto(site.url('/company'));
      await looked(person.page, 'list');

      await desk.page.goto(site.url(`/company/${id}/activity`));
      await looked(desk.page, 'activity');
      const { id: member } = await site.membership(newcomer, id);
      await desk.page.goto(site.url(`/company/${id}/members/${member}`));
      await looked(desk.page, 'member');
      await desk.page.click('a[href$="/remove"]');
      await looked(desk.page, 'remove');
      await choose(desk.page, 'reason', 'left_the_company');
      await send(desk.page, 'main form:has([name=reason])');
      await looked(desk.page, 'removed');
      await person.page.goto(site.url('/company'));
      await looked(person.page, 'no-longer');
      expect(await site.membership(newcomer, id)).toMatchObject({ state: 'removed' });
      expect([...person.complaints(), ...desk.complaints()]).toEqual([]);
      await person.close();
      await desk.close();
    });

    it('joins by an invitation through sign-in, and leaves', async () => {
      const boss = await site.somebody();
      const { id } = await site.join(boss, { role: 'administrator' });
      const desk = await visit(browser, look);
      await enter(desk, boss, `/company/${id}/invitations`);
      await looked(desk.page, 'invitations');
      await send(desk.page, 'form[action$="/invitations"]');
      await looked(desk.page, 'link-made');
      const link = await desk.page.inputValue('input[name=link]');

      const guest = await visit(browser, look);
      await guest.page.goto(link);
      await looked(guest.page, 'link');
      await guest.page.click('a[href="/company/invited"]');
      const accountId = await site.provider.addAccount({ roles: ['recruiter'] });
      await finish(guest.page, accountId);
      expect(guest.page.url()).toBe(link);
      await looked(guest.page, 'link-signed-in');
      await send(guest.page);
      await looked(guest.page, 'joined');
      await guest.page.click('a[href$="/leave"]');
      await looked(guest.page, 'leave');
      await send(guest.page, 'main form:not([action])');
      await guest.page.waitForURL(/\/company\?done=left$/);
      await guest.page.goto(link);
      await looked(guest.page, 'link-used');
      await byMail(id);
      await desk.page.goto(site.url(`/company/${id}/domains`));
      await desk.page.waitForSelector('.notice-warning');
      await looked(desk.page, 'domains');
      await desk.page.goto(site.url(`/company/${id}/leave`));
      await send(desk.page, 'main form:not([action])');
      await looked(desk.page, 'last-administrator');
      expect([...guest.complaints(), ...desk.complaints()]).toEqual([]);
      await guest.close();
      await desk.close();
    });
  },
);
