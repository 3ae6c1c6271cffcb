import { beforeEach, expect, it } from 'vitest';
import { verifyLog } from '../../src/audit/index.ts';
import type { CaseId } from '../../src/core/ids.ts';
import {
  createStaffAccounts,
  createStaffHasher,
  createStaffSignIn,
  type StaffAccounts,
  type StaffRole,
  type StaffSignIn,
} from '../../src/review/index.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { codeFor, fastHasher } from '../support/review.ts';

describeDatabases('changes of staff accounts', (open) => {
  let database: TestDatabase;
  let accounts: StaffAccounts;
  let signIn: StaffSignIn;

  beforeEach(async () => {
    database = await open();
    const { clock, transact, stores, dependencies } = database;
    const { ids, random } = dependencies;
    const shared = { clock, random, hasher: createStaffHasher(fastHasher), staff: stores.staff, transact };
    accounts = createStaffAccounts({ ...shared, ids, totpIssuer: 'Shiming' });
    signIn = createStaffSignIn(shared);
  });

  async function enrol(login: string, role: StaffRole = 'reviewer') {
    const added = await accounts.add(login, '李华', role, 'cli');
    if (!added.ok) throw new Error(added.reason);
    return added.enrolment;
  }

  const roleOf = async (login: string) => (await database.stores.staff.byLogin(login))?.role;

  /** What the audit log says since the last question, oldest first. */
  let told = 0;
  async function news() {
    const records = await database.stores.audit.read({ after: told, limit: 1000 });
    told = records.at(-1)?.sequence ?? told;
    return records.map(({ actor, action, target }) => [actor, action, target]);
  }
  beforeEach(() => void (told = 0));

  it('gives another role, and takes the cases of who reviews no more', async () => {
    const { staff: boss } = await enrol('boss', 'administrator');
    const { staff: ann } = await enrol('ann', 'reviewer');
    await news();
    const now = database.clock.now();
    const claim = { caseId: 'cas_1' as CaseId, staffId: ann.id, claimedAt: now, expiresAt: now + 1000 };
    await database.stores.claims.take(claim, now);
    expect(await accounts.changeRole('ann', 'senior', boss.id)).toEqual({ ok: true });
    expect(await database.stores.claims.live(claim.caseId, now)).toBeDefined();
    expect(await accounts.changeRole('ann', 'auditor', boss.id)).toEqual({ ok: true });
    expect(await database.stores.claims.live(claim.caseId, now)).toBeUndefined();
    expect(await roleOf('ann')).toBe('auditor');
    const changed = [boss.id, 'staff.role_changed', ann.id];
    expect(await news()).toEqual([changed, changed]);
    expect(await accounts.changeRole('nobody', 'auditor', boss.id)).toMatchObject({
      reason: 'unknown_login',
    });
    expect(await news()).toEqual([]);
  });

  it('lets nobody change their own role, disable or reset themself', async () => {
    const { staff: boss } = await enrol('boss', 'administrator');
    await enrol('deputy', 'administrator');
    await news();
    for (const change of [
      accounts.changeRole('boss', 'senior', boss.id),
      accounts.disable('boss', boss.id),
      accounts.reset('boss', boss.id),
    ]) {
      expect(await change).toMatchObject({ ok: false, reason: 'own_account' });
    }
    expect(await database.stores.staff.byLogin('boss')).toMatchObject({
      role: 'administrator',
      state: 'active',
    });
    expect(await news()).toEqual([]);
  });

  it('keeps the last administrator who can sign in, also from the command line', async () => {
    await enrol('boss', 'administrator');
    await enrol('deputy', 'administrator');
    expect(await accounts.disable('deputy', 'cli')).toEqual({ ok: true });
    const last = { ok: false, reason: 'last_administrator' };
    expect(await accounts.disable('boss', 'cli')).toEqual(last);
    expect(await accounts.changeRole('boss', 'reviewer', 'cli')).toEqual(last);
    expect(await accounts.changeRole('boss', 'administrator', 'cli')).toEqual({ ok: true });
    expect(await accounts.changeRole('deputy', 'reviewer', 'cli')).toEqual({ ok: true });
  });

  it('keeps one of two administrators who disable each other at the same moment', async () => {
    const { staff: boss } = await enrol('boss', 'administrator');
    const { staff: deputy } = await enrol('deputy', 'administrator');
    const results = await Promise.all([
      accounts.disable('deputy', boss.id),
      accounts.disable('boss', deputy.id),
    ]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('signs somebody out everywhere', async () => {
    const ann = await enrol('ann');
    const signedIn = await signIn.signIn({
      login: 'ann',
      password: ann.password,
      code: codeFor(ann, database.clock),
      address: '203.0.113.7',
    });
    if (!signedIn.ok) throw new Error(signedIn.reason);
    expect(await signIn.current(signedIn.token)).toBeDefined();
    await accounts.endSessions('ann', 'cli');
    expect(await signIn.current(signedIn.token)).toBeUndefined();
  });

  it('records sign-ins and refusals, sign-outs, resets and passwords, and nothing that was typed', async () => {
    const ann = await enrol('ann');
    const { id } = ann.staff;
    expect(await news()).toEqual([['cli', 'staff.added', id]]);
    const right = { login: 'ann', password: ann.password, code: codeFor(ann, database.clock), address: 'a' };
    await signIn.signIn({ ...right, password: 'guess-one' });
    await signIn.signIn({ ...right, login: 'my-secret-password' });
    const result = await signIn.signIn(right);
    if (!result.ok) throw new Error(result.reason);
    const next = 'a long and new password';
    await accounts.changePassword(id, { current: ann.password, next, keepToken: result.token });
    await signIn.signOut(result.token);
    await signIn.signOut(result.token);
    await accounts.reset('ann', 'cli');
    expect(await news()).toEqual([
      ['system', 'staff.sign_in_refused', id],
      ['system', 'staff.sign_in_refused', null],
      [id, 'staff.signed_in', id],
      [id, 'staff.password_changed', id],
      [id, 'staff.signed_out', id],
      ['cli', 'staff.reset', id],
    ]);
    const rows = JSON.stringify(await database.connection.knex('audit_log'));
    for (const typed of ['guess-one', 'my-secret-password', next, ann.password, '李华']) {
      expect(rows).not.toContain(typed);
    }
    expect(await verifyLog(database.stores.audit)).toMatchObject({ ok: true, records: 7 });
  });
});
