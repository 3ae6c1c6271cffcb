import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqlite, type TestDatabase } from '../support/databases.ts';
import { createMembersRig, type MembersRig } from '../support/members.ts';
import { openConsole, type OpenConsole } from '../support/review-console.ts';
import type { Browser } from '../support/review.ts';

const cleanups: (() => Promise<void> | void)[] = [];
let database: TestDatabase;
let desk: OpenConsole;
let members: MembersRig;
let senior: Browser;
beforeAll(async () => {
  database = await openSqlite(cleanups);
  desk = await openConsole(database);
  members = createMembersRig(database);
  senior = (await desk.staff('senior')).browser;
});
afterAll(async () => {
  await desk.close();
  for (const cleanup of cleanups.reverse()) await cleanup();
});

it('gives a company that nobody administers an administrator, on the audit log', async () => {
  const { id: companyId, code } = await members.company();
  const boss = await members.join(await members.person(), companyId, 'administrator');
  const next = await members.join(await members.person(), companyId);
  const unverified = await members.join(await members.person({ verified: false }), companyId);
  const look = () => senior.get(`/staff/recruiters?query=${code}&lang=en`);
  const appoint = (member: string) => senior.post('/staff/recruiters/appoint', { query: code, member });
  expect((await look()).html).not.toContain('/staff/recruiters/appoint');
  expect((await appoint(next)).status).toBe(409);

  await database.stores.memberships.advance(boss, 'active', 'revoked', { role: 'recruiter' });
  expect((await look()).html).toContain('/staff/recruiters/appoint');
  expect((await appoint('')).status).toBe(422);
  const refused = await appoint(unverified);
  expect([refused.status, refused.html]).toEqual([409, expect.stringContaining('may not recruit')]);
  expect((await appoint(next)).location).toContain('notice=appointed');
  expect(await database.stores.memberships.find(next)).toMatchObject({ role: 'administrator' });
  const [last] = (await database.stores.audit.read({ after: 0, limit: 1000 })).slice(-1);
  expect(last).toMatchObject({ action: 'company.administrator_appointed', target: next });
  const [told] = await database.stores.companyActivity.list(companyId, 1);
  expect(told).toMatchObject({ action: 'role_changed', actor: 'staff', membershipId: next });
});
