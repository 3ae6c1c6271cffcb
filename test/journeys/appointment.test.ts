import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqlite, type TestDatabase } from '../support/databases.ts';
import { createMembersRig, type MembersRig } from '../support/members.ts';
import { createReviewRig, enrol, startConsole, type Browser, type ReviewRig } from '../support/review.ts';

const cleanups: (() => Promise<void> | void)[] = [];
let database: TestDatabase;
let review: ReviewRig;
let members: MembersRig;
let console: Awaited<ReturnType<typeof startConsole>>;
let senior: Browser;
beforeAll(async () => {
  database = await openSqlite(cleanups);
  review = createReviewRig(database);
  members = createMembersRig(database);
  console = await startConsole(review);
  senior = console.browse('203.0.113.9');
  await senior.enter(await enrol(review.review, 'the-senior', 'senior'), review.clock);
});
afterAll(async () => {
  await console.close();
  await review.close();
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
