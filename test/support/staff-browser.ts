import type { Browser } from 'playwright-core';
import type { App } from '../../src/app.ts';
import type { ManualClock } from '../../src/core/clock.ts';
import { visit, type Visit, type VisitOptions } from './browser.ts';
import { createBrowser, enrol } from './review.ts';

let people = 0;

/** A senior reviewer at the console, signed in. */
export async function openStaffBrowser(
  browser: Browser,
  { app, issuer, clock }: { app: App; issuer: string; clock: ManualClock },
  look: VisitOptions,
): Promise<Visit> {
  people += 1;
  const signedIn = createBrowser(issuer, `203.0.113.${people}`);
  await signedIn.enter(await enrol(app.review, `senior${people}`, 'senior'), clock);
  const staff = await visit(browser, look);
  const cookies = [...signedIn.cookies].map(([name, value]) => ({ name, value, url: issuer }));
  await staff.context.addCookies(cookies.filter(({ name }) => !name.endsWith('lang')));
  return staff;
}
