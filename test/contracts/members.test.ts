import { beforeAll, expect, it } from 'vitest';
import { seenOf } from '../../src/companies/index.ts';
import { days, minutes } from '../../src/core/clock.ts';
import type { AccountId, CompanyId, MembershipId } from '../../src/core/ids.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { createMembersRig, type MembersRig } from '../support/members.ts';

describeDatabases('members of a company', (open) => {
  let database: TestDatabase;
  let rig: MembersRig;
  beforeAll(async () => {
    database = await open();
    rig = createMembersRig(database);
  });

  const find = async (id: MembershipId) => (await database.stores.memberships.find(id))!;
  const stateOf = async (id: MembershipId) => (await find(id)).state;
  const statusOf = async (id: AccountId) => (await database.stores.entitlements.status(id))?.status;
  const membershipOf = async (accountId: AccountId, companyId: CompanyId) =>
    (await database.stores.memberships.findFor(accountId, companyId))!;

  /** A company with one administrator. */
  async function administered() {
    const { id: companyId, code } = await rig.company();
    const boss = await rig.person();
    const bossIs = await rig.join(boss, companyId, 'administrator');
    return { companyId, code, boss, bossIs };
  }

  async function asking(company: { companyId: CompanyId; code: string }, over: { verified?: boolean } = {}) {
    const accountId = await rig.person(over);
    expect(await rig.members.requestToJoin(accountId, company.code)).toMatchObject({ ok: true });
    const who = { accountId, companyId: company.companyId };
    expect(await rig.members.chooseEvidence(who, 'administrator')).toEqual({ ok: true });
    return { accountId, membershipId: (await membershipOf(accountId, company.companyId)).id };
  }

  it('lets somebody in whom an administrator approves, with status, event and record', async () => {
    const company = await administered();
    const { accountId, membershipId } = await asking(company);
    expect(await statusOf(accountId)).toBe('in_review');
    const act = { by: company.boss, companyId: company.companyId, membershipId };
    expect(await rig.members.approve(act)).toEqual({ ok: true });
    expect(await find(membershipId)).toMatchObject({
      state: 'active',
      evidence: 'administrator',
      role: 'recruiter',
    });
    expect(await statusOf(accountId)).toBe('eligible');
    expect(await rig.members.approve(act)).toMatchObject({ reason: 'not_pending' });
    const told = await database.stores.companyActivity.list(company.companyId, 10);
    expect(told.map(({ action, actor }) => [action, actor])).toEqual([
      ['member_activated', company.boss],
      ['member_requested', accountId],
    ]);
    const events = await database.stores.events.listBySubject(accountId, 20);
    expect(
      events
        .filter(({ type }) => type === 'membership.status_changed')
        .map(({ payload }) => (payload as { to: string }).to),
    ).toEqual(['evidence_pending', 'awaiting_admin', 'active']);
  });

  it('lets in nobody of whom it was not verified who they are', async () => {
    const company = await administered();
    const { membershipId } = await asking(company, { verified: false });
    const act = { by: company.boss, companyId: company.companyId, membershipId };
    expect(await rig.members.approve(act)).toMatchObject({ reason: 'person_unverified' });
    expect(await stateOf(membershipId)).toBe('awaiting_admin');
  });

  it('tells nothing apart of companies that cannot be joined', async () => {
    const accountId = await rig.person();
    const { id, code } = await rig.company();
    await database.stores.companies.advance(id, 'verified', 'revoked');
    for (const unknown of [code, '91310000MA1K000008']) {
      expect(await rig.members.findJoinable(unknown)).toEqual({
        ok: false,
        reason: 'not_verified',
      });
      expect(await rig.members.requestToJoin(accountId, unknown)).toEqual({
        ok: false,
        reason: 'not_verified',
      });
    }
    expect(await rig.members.requestToJoin(accountId, '9131')).toMatchObject({ reason: 'length', found: 4 });
  });

  it('asks once however often somebody asks, and of three companies at a time', async () => {
    const accountId = await rig.person();
    const codes = [];
    for (let at = 0; at < 4; at += 1) codes.push((await rig.company()).code);
    const [first, second, third, fourth] = codes as [string, string, string, string];
    const twice = await Promise.all([first, first].map((code) => rig.members.requestToJoin(accountId, code)));
    expect(twice.map(({ ok }) => ok)).toEqual([true, true]);
    await rig.members.requestToJoin(accountId, second);
    await rig.members.requestToJoin(accountId, third);
    expect(await rig.members.requestToJoin(accountId, fourth)).toMatchObject({ reason: 'too_many' });
    const [own] = await database.stores.memberships.listByAccount(accountId);
    await rig.members.leave({ accountId, companyId: own!.companyId });
    expect(await rig.members.requestToJoin(accountId, fourth)).toMatchObject({ ok: true });
  });

  it('offers to ask an administrator only where there is one', async () => {
    const { id: companyId, code } = await rig.company();
    const accountId = await rig.person();
    await rig.members.requestToJoin(accountId, code);
    const who = { accountId, companyId };
    expect(await rig.members.offeredWays(companyId)).toEqual([]);
    expect(await rig.members.chooseEvidence(who, 'administrator')).toMatchObject({ reason: 'not_offered' });
    expect(await rig.members.chooseEvidence(who, 'company_email')).toMatchObject({ reason: 'not_offered' });
    await rig.join(await rig.person(), companyId, 'administrator');
    expect(await rig.members.offeredWays(companyId)).toEqual(['administrator']);
  });

  it('says why somebody is declined, and has them wait a day before they ask again', async () => {
    const company = await administered();
    const { accountId, membershipId } = await asking(company);
    const act = { by: company.boss, companyId: company.companyId, membershipId };
    expect(await rig.members.decline({ ...act, reason: 'not_known' })).toEqual({ ok: true });
    expect(await find(membershipId)).toMatchObject({ state: 'ended', endedReason: 'not_known' });
    expect(await rig.members.requestToJoin(accountId, company.code)).toMatchObject({ reason: 'too_soon' });
    database.clock.advance(days(1));
    expect(await rig.members.requestToJoin(accountId, company.code)).toMatchObject({ ok: true });
  });

  it('takes eligibility with a removal, and the role with it', async () => {
    const { companyId, boss, code } = await administered();
    const other = await rig.person();
    const membershipId = await rig.join(other, companyId, 'administrator');
    const act = { by: boss, companyId, membershipId };
    expect(await statusOf(other)).toBe('eligible');
    expect(await rig.members.remove({ ...act, reason: 'left_the_company' })).toEqual({ ok: true });
    expect(await find(membershipId)).toMatchObject({
      state: 'removed',
      endedReason: 'left_the_company',
      role: 'recruiter',
    });
    expect(await statusOf(other)).toBe('limited');
    expect(await rig.members.requestToJoin(other, code)).toMatchObject({ reason: 'too_soon' });
    database.clock.advance(days(1));
    await rig.members.requestToJoin(other, code);
    await rig.members.chooseEvidence({ accountId: other, companyId }, 'administrator');
    await rig.members.approve(act);
    expect(await find(membershipId)).toMatchObject({ state: 'active', role: 'recruiter' });
  });

  it('lets nobody back in whom staff put out', async () => {
    const { companyId, boss, code } = await administered();
    const other = await rig.person();
    const membershipId = await rig.join(other, companyId);
    await database.stores.memberships.advance(membershipId, 'active', 'revoked');
    expect(await rig.members.requestToJoin(other, code)).toMatchObject({ reason: 'revoked' });
    const link = await rig.invitations.invite({ by: boss, companyId, role: 'recruiter' });
    expect(link.ok && (await rig.invitations.accept(link.secret, other))).toMatchObject({
      reason: 'revoked',
    });
  });

  it('keeps the last administrator: no leaving, no other role, no end', async () => {
    const { companyId, boss, bossIs } = await administered();
    const seen = seenOf(await find(bossIs));
    const act = { by: boss, companyId, membershipId: bossIs };
    const last = { ok: false, reason: 'last_administrator' };
    expect(await rig.members.leave({ accountId: boss, companyId })).toEqual(last);
    expect(await rig.members.setRole({ ...act, role: 'recruiter', seen })).toEqual(last);
    const until = database.clock.now() + days(30);
    expect(await rig.members.setEndDate({ ...act, until, seen })).toEqual(last);
    const passing = await rig.person();
    const passingIs = await rig.join(passing, companyId, 'administrator');
    const other = { by: boss, companyId, membershipId: passingIs };
    await rig.members.setEndDate({ ...other, until, seen: seenOf(await find(passingIs)) });
    // Time would leave the company without one.
    expect(await rig.members.leave({ accountId: boss, companyId })).toEqual(last);
    expect(await rig.members.remove({ ...act, by: passing, reason: 'by_mistake' })).toEqual(last);
    expect(await rig.members.remove({ ...act, reason: 'by_mistake' })).toMatchObject({
      reason: 'own_membership',
    });
    expect(await stateOf(bossIs)).toBe('active');
  });

  it('keeps one of two administrators who leave at once, or remove one another', async () => {
    for (const race of ['leave', 'remove'] as const) {
      const { companyId, boss, bossIs } = await administered();
      const deputy = await rig.person();
      const deputyIs = await rig.join(deputy, companyId, 'administrator');
      const results =
        race === 'leave'
          ? await Promise.all([boss, deputy].map((accountId) => rig.members.leave({ accountId, companyId })))
          : await Promise.all([
              rig.members.remove({ by: boss, companyId, membershipId: deputyIs, reason: 'by_mistake' }),
              rig.members.remove({ by: deputy, companyId, membershipId: bossIs, reason: 'by_mistake' }),
            ]);
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      const states = await Promise.all([bossIs, deputyIs].map(stateOf));
      expect(states.filter((state) => state === 'active')).toHaveLength(1);
    }
  });

  it('hands over to somebody eligible, and lets the former administrator leave then', async () => {
    const { companyId, boss, bossIs } = await administered();
    const heir = await rig.person();
    const heirIs = await rig.join(heir, companyId);
    const stranger = await rig.join(await rig.person({ verified: false }), companyId);
    const act = { by: boss, companyId, membershipId: heirIs };
    expect(await rig.members.handOver({ ...act, membershipId: stranger })).toMatchObject({
      reason: 'not_eligible',
    });
    expect(await rig.members.handOver({ ...act, membershipId: bossIs })).toMatchObject({
      reason: 'own_membership',
    });
    expect(await rig.members.handOver(act)).toEqual({ ok: true });
    expect([(await find(heirIs)).role, (await find(bossIs)).role]).toEqual(['administrator', 'recruiter']);
    expect(await rig.members.handOver(act)).toMatchObject({ reason: 'not_allowed' });
    expect(await rig.members.leave({ accountId: boss, companyId })).toEqual({ ok: true });
  });

  it('lets a membership end on a day, become due before, and begin again', async () => {
    const { companyId, boss } = await administered();
    const member = await rig.person();
    const membershipId = await rig.join(member, companyId);
    const act = { by: boss, companyId, membershipId };
    const set = async (until: number | undefined) =>
      rig.members.setEndDate({ ...act, until, seen: seenOf(await find(membershipId)) });
    const now = database.clock.now();
    expect(await set(now)).toMatchObject({ reason: 'past' });
    expect(await set(now + days(4000))).toMatchObject({ reason: 'too_far' });
    expect(await set(now + days(100))).toEqual({ ok: true });
    expect(await find(membershipId)).toMatchObject({ state: 'active', nextChangeAt: now + days(86) });
    expect(await set(now + days(3))).toEqual({ ok: true });
    expect(await find(membershipId)).toMatchObject({ state: 'due', nextChangeAt: now + days(3) });
    expect(await set(undefined)).toEqual({ ok: true });
    expect(await find(membershipId)).toMatchObject({
      state: 'active',
      validUntil: undefined,
      nextChangeAt: undefined,
    });
    await database.stores.memberships.advance(membershipId, 'active', 'lapsed', { validUntil: now - 1 });
    expect(await set(now + days(5))).toEqual({ ok: true });
    expect(await find(membershipId)).toMatchObject({ state: 'due', evidence: 'administrator' });
    expect(await statusOf(member)).toBe('eligible');
  });

  it('refuses a form that was filled in upon something else', async () => {
    const { companyId, boss } = await administered();
    const membershipId = await rig.join(await rig.person(), companyId);
    const act = { by: boss, companyId, membershipId, seen: seenOf(await find(membershipId)) };
    expect(await rig.members.setRole({ ...act, role: 'administrator' })).toEqual({ ok: true });
    expect(await rig.members.setRole({ ...act, role: 'recruiter' })).toMatchObject({ reason: 'stale' });
    expect(await rig.members.setEndDate({ ...act, until: undefined })).toMatchObject({ reason: 'stale' });
  });

  it('allows nothing to plain recruiters, former administrators and those of other companies', async () => {
    const { companyId, boss, bossIs } = await administered();
    const foreign = (await administered()).boss;
    const recruiter = await rig.person();
    await rig.join(recruiter, companyId);
    const former = await rig.person();
    const formerIs = await rig.join(former, companyId, 'administrator');
    await rig.members.remove({ by: boss, companyId, membershipId: formerIs, reason: 'left_the_company' });
    const seen = seenOf(await find(bossIs));
    for (const by of [foreign, recruiter, former, await rig.person()]) {
      const act = { by, companyId, membershipId: bossIs };
      for (const refused of [
        await rig.members.approve(act),
        await rig.members.decline({ ...act, reason: 'not_known' }),
        await rig.members.remove({ ...act, reason: 'by_mistake' }),
        await rig.members.setRole({ ...act, role: 'recruiter', seen }),
        await rig.members.setEndDate({ ...act, until: undefined, seen }),
        await rig.members.handOver(act),
        await rig.invitations.invite({ by, companyId, role: 'administrator' }),
        await rig.invitations.withdraw({ by, companyId, invitationId: 'inv_1' as never }),
      ])
        expect(refused).toMatchObject({ ok: false, reason: 'not_allowed' });
    }
    const [elsewhere] = await database.stores.memberships.listByAccount(foreign);
    const across = { by: boss, companyId, membershipId: elsewhere!.id };
    expect(await rig.members.remove({ ...across, reason: 'by_mistake' })).toMatchObject({
      reason: 'not_found',
    });
  });

  it('makes the first eligible recruiter administrator, one of two, and nobody once there was one', async () => {
    const { id: companyId } = await rig.company();
    const people = [await rig.person(), await rig.person()] as const;
    const unverified = await rig.person({ verified: false });
    for (const accountId of [...people, unverified]) await rig.join(accountId, companyId);
    const become = (accountId: AccountId) => rig.members.becomeAdministrator({ accountId, companyId });
    expect(await become(unverified)).toMatchObject({ reason: 'not_eligible' });
    const results = await Promise.all(people.map(become));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    const [first, second] = results[0]?.ok ? people : [people[1], people[0]];
    const { id } = await membershipOf(first, companyId);
    // As staff do: only they can say who administers it next.
    await database.stores.memberships.advance(id, 'active', 'revoked', { role: 'recruiter' });
    expect(await become(second)).toMatchObject({ reason: 'administered' });
    const next = { membershipId: (await membershipOf(second, companyId)).id };
    const appoint = () => database.transact((bound) => rig.members.appointAdministrator(bound, next));
    expect(await appoint()).toEqual({ ok: true });
    expect(await find(next.membershipId)).toMatchObject({ role: 'administrator' });
    expect(await appoint()).toMatchObject({ reason: 'has_administrator' });
  });

  it('lets somebody in who has shown it otherwise, unless their request was closed', async () => {
    const { companyId, code } = await administered();
    const accountId = await rig.person();
    await rig.members.requestToJoin(accountId, code);
    const prove = () =>
      database.transact((bound) =>
        rig.members.prove(bound, { accountId, companyId, evidence: 'company_email' }),
      );
    await rig.members.leave({ accountId, companyId });
    expect(await prove()).toMatchObject({ reason: 'not_requested' });
    database.clock.advance(minutes(10));
    await rig.members.requestToJoin(accountId, code);
    expect(await prove()).toEqual({ ok: true });
    expect(await membershipOf(accountId, companyId)).toMatchObject({
      state: 'active',
      evidence: 'company_email',
    });
    // A proof gives longer, and takes nothing of what an administrator gave.
    const { id } = await membershipOf(accountId, companyId);
    await database.stores.memberships.advance(id, 'active', 'active', { role: 'administrator' });
    const until = database.clock.now() + days(180);
    const proof = { accountId, companyId, evidence: 'company_email', until } as const;
    const again = () => database.transact((bound) => rig.members.prove(bound, proof));
    expect(await again()).toEqual({ ok: true });
    expect((await find(id)).validUntil).toBeUndefined();
    await database.stores.memberships.advance(id, 'active', 'active', { validUntil: until - days(90) });
    expect(await again()).toEqual({ ok: true });
    expect((await find(id)).validUntil).toBe(until);
  });
});
