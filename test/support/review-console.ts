import { expect } from 'vitest';
import type { CaseId } from '../../src/core/ids.ts';
import type { Enrolment, StaffRole } from '../../src/review/index.ts';
import type { TestDatabase } from './databases.ts';
import { createReviewRig, enrol, startConsole, type Browser, type ReviewRig } from './review.ts';

export type WaitingCase = Awaited<ReturnType<ReviewRig['submitted']>>;
export type OpenConsole = Awaited<ReturnType<typeof openConsole>>;

/** The address of a case at the console. */
export const casePath = (caseId: CaseId, rest = '') => `/staff/cases/${caseId}${rest}`;
/** The addresses of the pictures on a page. */
export const images = (html: string) =>
  [...html.matchAll(/src="(\/staff\/images\/[^"]+)"/g)].map(([, src = '']) => src);
/** The version of the case that a page was made of. */
export const versionOf = (html: string) => /name="version" value="(\d+)"/.exec(html)?.[1] ?? '';
export const approval = (version: string) => ({
  decision: 'approve',
  approve_reason: 'evidence_consistent',
  version,
});

/** The console over HTTP, and people of the staff who sign in from an address each. */
export async function openConsole(database: TestDatabase) {
  const rig = createReviewRig(database);
  const console = await startConsole(rig);
  let people = 0;
  const staff = async (role: StaffRole = 'reviewer'): Promise<{ browser: Browser; enrolment: Enrolment }> => {
    const enrolment = await enrol(rig.review, `person${(people += 1)}`, role);
    const browser = console.browse(`203.0.113.${people}`);
    await browser.enter(enrolment, rig.clock);
    return { browser, enrolment };
  };
  return {
    rig,
    browse: console.browse,
    staff,
    /** One case that waits, and two reviewers who did nothing yet. */
    async anew() {
      const { knex } = rig.database.connection;
      await knex('verification_cases').delete();
      await knex('case_claims').delete();
      const waiting = await rig.submitted();
      return { waiting, ann: (await staff()).browser, bob: (await staff()).browser };
    },
    /** The page of a case for whoever claims it. */
    async claimed(browser: Browser, caseId: CaseId) {
      await browser.post(casePath(caseId, '/claim'));
      const page = await browser.get(casePath(caseId));
      expect(page.status).toBe(200);
      return page;
    },
    async close() {
      await console.close();
      await rig.close();
    },
  };
}
