import { beforeAll, expect, it } from 'vitest';
import { seenOf } from '../../src/companies/index.ts';
import { days, hours } from '../../src/core/clock.ts';
import type { AccountId, CompanyId, MembershipId } from '../../src/core/ids.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { createMembersRig, type MembersRig } from '../support/members.ts';

describeDatabases('invitations to a company', (open) => {
  let database: TestDatabase;
  let rig: MembersRig;
  beforeAll(async () => {
    database = await open();
    rig = createMembersRig(database, { openInvitations: 3 });
  });

  async function administered() {
    const { id: companyId } = await rig.company();
    const boss = await rig.person();
    const bossIs = await rig.join(boss, companyId, 'administrator');
    return { companyId, boss, bossIs };
  }

  type Over = { role?: 'recruiter' | 'administrator'; memberUntil?: number };
  async function link(by: AccountId, companyId: CompanyId, over: Over = {}) {
    const made = await rig.invitations.invite({ by, companyId, role: 'recruiter', ...over });
    if (!made.ok) throw new Error(made.reason);
    return made;
  }
  const look = (secret: string) => rig.invitations.look(secret);

  it('lets one person in, as what the administrator chose and until when', async () => {
    const { companyId, boss } = await administered();
    const memberUntil = database.clock.now() + days(60);
    const { secret } = await link(boss, companyId, { role: 'administrator', memberUntil });
    expect(await look(secret)).toMatchObject({
      ok: true,
      companyName: '样本公司',
      role: 'administrator',
      memberUntil,
    });
    const guest = await rig.person();
    expect(await rig.invitations.accept(secret, guest)).toEqual({ ok: true, companyId });
    expect(await database.stores.memberships.findFor(guest, companyId)).toMatchObject({
      state: 'active',
      role: 'administrator',
      evidence: 'administrator',
      validUntil: memberUntil,
      nextChangeAt: memberUntil - days(14),
    });
    expect((await database.stores.entitlements.status(guest))?.status).toBe('eligible');
    expect(await rig.invitations.accept(secret, guest)).toEqual({ ok: true, companyId });
    expect(await rig.invitations.accept(secret, await rig.person())).toMatchObject({ reason: 'used' });
    expect(await look(secret)).toMatchObject({ reason: 'used' });
  });

  it('makes nobody eligible of whom it was not verified who they are', async () => {
    const { companyId, boss } = await administered();
    const { secret } = await link(boss, companyId);
    const guest = await rig.person({ verified: false });
    expect(await rig.invitations.accept(secret, guest)).toMatchObject({ ok: true });
    expect(await database.stores.entitlements.status(guest)).toMatchObject({ status: 'limited', companyId });
  });

  it('lets one of two in who follow the link at once', async () => {
    const { companyId, boss } = await administered();
    const { secret } = await link(boss, companyId);
    const guests = [await rig.person(), await rig.person()];
    const results = await Promise.all(guests.map((guest) => rig.invitations.accept(secret, guest)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.find(({ ok }) => !ok)).toMatchObject({ reason: 'used' });
    const members = await database.stores.memberships.listByCompany(companyId);
    expect(members.filter(({ state }) => state === 'active')).toHaveLength(2);
  });

  it('keeps no secret', async () => {
    const { companyId, boss } = await administered();
    const { secret } = await link(boss, companyId);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(JSON.stringify(await database.connection.knex('company_invitations'))).not.toContain(secret);
    expect(JSON.stringify(await database.stores.events.listBySubject(companyId, 100))).not.toContain(secret);
  });

  it('ends after seven days, when it is withdrawn, and with its maker’s office', async () => {
    const { companyId, boss } = await administered();
    const deputy = await rig.person();
    const deputyIs = await rig.join(deputy, companyId, 'administrator');
    const withdrawn = await link(boss, companyId);
    const theirs = await link(deputy, companyId);
    const kept = await link(boss, companyId);
    expect(await rig.invitations.invite({ by: boss, companyId, role: 'recruiter' })).toMatchObject({
      reason: 'too_many',
    });
    const act = { by: boss, companyId, invitationId: withdrawn.id };
    expect(await rig.invitations.withdraw(act)).toEqual({ ok: true });
    expect(await rig.invitations.withdraw(act)).toMatchObject({ reason: 'not_open' });
    await rig.members.remove({ by: boss, companyId, membershipId: deputyIs, reason: 'left_the_company' });
    const guest = await rig.person();
    for (const secret of [withdrawn.secret, theirs.secret, 'A'.repeat(43)]) {
      expect(await look(secret)).toEqual({ ok: false, reason: 'not_valid' });
      expect(await rig.invitations.accept(secret, guest)).toEqual({ ok: false, reason: 'not_valid' });
    }
    const listed = await rig.invitations.list(companyId);
    expect(listed.map(({ state }) => state)).toEqual(['open', 'withdrawn', 'withdrawn']);
    database.clock.advance(days(7));
    expect(await look(kept.secret)).toMatchObject({ reason: 'expired' });
    expect(await rig.invitations.accept(kept.secret, guest)).toMatchObject({ reason: 'expired' });
    expect(await database.stores.memberships.findFor(guest, companyId)).toBeUndefined();
  });

  it('works no more once its maker lost the office, also when they have it again', async () => {
    const losses = {
      'made a recruiter': async ({ boss, companyId, deputyIs }: Deputy) => {
        const held = (await database.stores.memberships.find(deputyIs))!;
        const act = { by: boss, companyId, membershipId: deputyIs };
        await rig.members.setRole({ ...act, role: 'recruiter', seen: seenOf(held) });
      },
      'handed over': async ({ boss, companyId, deputy }: Deputy) => {
        const membershipId = (await database.stores.memberships.findFor(boss, companyId))!.id;
        await rig.members.handOver({ by: deputy, companyId, membershipId });
      },
      removed: async ({ boss, companyId, deputyIs }: Deputy) => {
        const act = { by: boss, companyId, membershipId: deputyIs };
        await rig.members.remove({ ...act, reason: 'by_mistake' });
      },
      left: async ({ deputy, companyId }: Deputy) => {
        await rig.members.leave({ accountId: deputy, companyId });
      },
      lapsed: async ({ boss, companyId, deputyIs }: Deputy) => {
        const held = (await database.stores.memberships.find(deputyIs))!;
        const until = database.clock.now() + hours(1);
        const act = { by: boss, companyId, membershipId: deputyIs };
        await rig.members.setEndDate({ ...act, until, seen: seenOf(held) });
        database.clock.advance(hours(2));
        await rig.sweep();
      },
    };
    type Deputy = { boss: AccountId; companyId: CompanyId; deputy: AccountId; deputyIs: MembershipId };
    for (const [how, lose] of Object.entries(losses)) {
      const { companyId, boss } = await administered();
      const deputy = await rig.person();
      const deputyIs = await rig.join(deputy, companyId, 'administrator');
      const { secret } = await link(deputy, companyId);
      const others = await link(boss, companyId);
      expect(await look(secret), how).toMatchObject({ ok: true });
      await lose({ boss, companyId, deputy, deputyIs });
      const { state } = (await database.stores.memberships.find(deputyIs))!;
      await database.stores.memberships.advance(deputyIs, state, 'active', {
        role: 'administrator',
        validUntil: null,
      });
      expect(await look(secret), how).toEqual({ ok: false, reason: 'not_valid' });
      expect(await rig.invitations.accept(secret, await rig.person()), how).toMatchObject({
        reason: 'not_valid',
      });
      expect(await look(others.secret), how).toMatchObject({ ok: true });
    }
  });

  it('is not used up by who belongs to the company already, and opens none that does not stand', async () => {
    const { companyId, boss } = await administered();
    const { secret } = await link(boss, companyId);
    expect(await rig.invitations.accept(secret, boss)).toMatchObject({ reason: 'already_member' });
    await database.stores.companies.advance(companyId, 'verified', 'lapsed');
    expect(await rig.invitations.accept(secret, await rig.person())).toMatchObject({ reason: 'not_valid' });
    expect(await rig.invitations.invite({ by: boss, companyId, role: 'recruiter' })).toMatchObject({
      reason: 'not_eligible',
    });
    await database.stores.companies.advance(companyId, 'lapsed', 'verified');
    expect(await look(secret)).toMatchObject({ ok: true });
  });

  it('is made by nobody else, and withdrawn by nobody from elsewhere', async () => {
    const { companyId, boss } = await administered();
    const other = await administered();
    const { id } = await link(boss, companyId);
    const foreign = { by: other.boss, companyId: other.companyId, invitationId: id };
    expect(await rig.invitations.withdraw(foreign)).toMatchObject({ reason: 'not_found' });
    expect(
      await rig.invitations.invite({ by: boss, companyId, role: 'recruiter', memberUntil: 1 }),
    ).toMatchObject({
      reason: 'past',
    });
  });
});
