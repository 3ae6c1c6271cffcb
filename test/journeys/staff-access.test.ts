import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Router from '@koa/router';
import { staffPages } from '../../src/http/pages/staff/index.ts';
import { requireDeclared, staffRoutes } from '../../src/http/staff-access.ts';
import { staffRoleNames, type StaffRole } from '../../src/review/index.ts';
import { openSqlite } from '../support/databases.ts';
import { createReviewRig, enrol, startConsole, type Browser, type ReviewRig } from '../support/review.ts';

const all = staffRoleNames;
const reviewing: readonly StaffRole[] = ['reviewer', 'senior'];

/** Who may use a route, written down a second time on purpose: whoever changes the table changes this one, too. */
const expected: Readonly<Record<string, readonly StaffRole[] | 'anyone'>> = {
  'GET /staff/sign-in': 'anyone',
  'POST /staff/sign-in': 'anyone',
  'POST /staff/sign-out': 'anyone',
  'GET /staff/password': all,
  'POST /staff/password': all,
  'GET /staff': all,
  'POST /staff/next': reviewing,
  'GET /staff/cases/:id': reviewing,
  'POST /staff/cases/:id/claim': reviewing,
  'POST /staff/cases/:id/release': reviewing,
  'POST /staff/cases/:id/reveal': reviewing,
  'POST /staff/cases/:id/opinions': reviewing,
  'POST /staff/cases/:id/decide': reviewing,
  'GET /staff/cases/:id/decided': reviewing,
  'GET /staff/cases/:id/history': all,
  'GET /staff/images/:id': reviewing,
  'GET /staff/images/:id/parts/:part': reviewing,
  'GET /staff/company-checks': reviewing,
  'GET /staff/company-checks/:id': reviewing,
  'GET /staff/company-checks/:id/picture': reviewing,
  'POST /staff/company-checks/:id/claim': reviewing,
  'POST /staff/company-checks/:id/release': reviewing,
  'POST /staff/company-checks/:id/decide': reviewing,
  'GET /staff/recruiters': ['senior', 'administrator'],
  'POST /staff/recruiters/revoke': ['senior'],
  'POST /staff/recruiters/hold': ['senior'],
  'POST /staff/recruiters/lift': ['senior'],
  'POST /staff/recruiters/appeal': ['senior'],
  'POST /staff/recruiters/disable': ['administrator'],
  'POST /staff/recruiters/enable': ['administrator'],
  'POST /staff/recruiters/appoint': ['senior'],
  'GET /staff/dashboard': ['senior', 'auditor', 'administrator'],
  'GET /staff/people': ['administrator'],
  'POST /staff/people': ['administrator'],
  'POST /staff/people/:id': ['administrator'],
  'GET /staff/signals': ['administrator'],
  'POST /staff/signals/:id': ['administrator'],
  'GET /staff/audit': ['auditor'],
  'POST /staff/audit/export': ['auditor'],
};

const cleanups: (() => Promise<void> | void)[] = [];
let rig: ReviewRig;
let console: Awaited<ReturnType<typeof startConsole>>;
let registered: string[];

beforeAll(async () => {
  rig = createReviewRig(await openSqlite(cleanups));
  console = await startConsole(rig);
  registered = staffRoutes(
    staffPages({
      clock: rig.clock,
      issuer: 'http://localhost',
      review: rig.review,
      signals: rig.signals.operations,
    }),
  );
});
afterAll(async () => {
  await console.close();
  await rig.close();
  for (const cleanup of cleanups.reverse()) await cleanup();
});

/** An address of the route with an id that names nothing. */
function ask(browser: Browser, route: string) {
  const [method = '', path = ''] = route.split(' ');
  const kinds: Readonly<Record<string, string>> = {
    cases: 'cas',
    images: 'img',
    people: 'stf',
    'company-checks': 'chk',
  };
  const [, , kind = ''] = path.split('/');
  const address = path.replace(':id', `${kinds[kind] ?? 'cas'}_${'0'.repeat(26)}`).replace(':part', 'number');
  return method === 'GET' ? browser.get(address) : browser.post(address);
}

describe('access to the console', () => {
  it('is written down for every route, and for none that is not there', () => {
    expect(registered.length).toBeGreaterThan(15);
    expect(Object.keys(expected).sort()).toEqual([...registered].sort());
  });

  it('keeps the program from starting when a route has none', () => {
    const forgotten = new Router<never>();
    forgotten.get('/staff/secrets', () => undefined);
    expect(() => requireDeclared([forgotten as never])).toThrow('GET /staff/secrets');
  });

  it('is refused on every route to who is not signed in', async () => {
    const stranger = console.browse('203.0.113.200');
    for (const [route, who] of Object.entries(expected)) {
      const { status, location } = await ask(stranger, route);
      if (who === 'anyone') expect(status, route).not.toBe(401);
      else if (location === undefined) expect(status, route).toBe(401);
      else expect(location, route).toMatch(/^\/staff\/sign-in\?return=/);
    }
  });

  it('is refused to who still has the password that was handed out', async () => {
    const enrolment = await enrol(rig.review, 'fresh', 'senior');
    const browser = console.browse('203.0.113.201');
    await browser.signIn(enrolment, rig.clock);
    for (const [route, who] of Object.entries(expected)) {
      if (who === 'anyone' || route.endsWith('/staff/password')) continue;
      expect((await ask(browser, route)).location, route).toBe('/staff/password');
    }
  });

  it.each(staffRoleNames)('is given on each route as the table says: %s', async (role) => {
    const browser = console.browse(`203.0.113.${all.indexOf(role) + 1}`);
    await browser.enter(await enrol(rig.review, `the-${role}`, role), rig.clock);
    const seen: Record<string, boolean> = {};
    const wanted: Record<string, boolean> = {};
    for (const [route, who] of Object.entries(expected)) {
      if (who === 'anyone') continue;
      const { status, location } = await ask(browser, route);
      expect(location ?? '', route).not.toContain('/staff/sign-in');
      // The record of a case is for who oversees or took part; without a case nobody is refused it.
      seen[route] = status !== 403;
      wanted[route] = who.includes(role);
    }
    expect(seen).toEqual(wanted);
  });
});
