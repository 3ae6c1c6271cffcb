import { beforeAll, expect, it } from 'vitest';
import { mailboxOf, parseEmail } from '../../src/accounts/index.ts';
import {
  createCompanyEmail,
  createDomains,
  defaultCompanyPolicy,
  type Domains,
} from '../../src/companies/index.ts';
import { days } from '../../src/core/clock.ts';
import type { AccountId, CompanyId } from '../../src/core/ids.ts';
import { createEntitlements } from '../../src/entitlements/index.ts';
import type { Stores } from '../../src/storage/stores.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { createMembersRig, type MembersRig } from '../support/members.ts';

describeDatabases('the domains of a company', (open) => {
  let database: TestDatabase;
  let rig: MembersRig;
  let domains: Domains;
  beforeAll(async () => {
    database = await open();
    rig = createMembersRig(database);
    const { stores, transact, clock, dependencies } = database;
    const entitlements = createEntitlements({ transact, entitlements: stores.entitlements, clock });
    const emails = createCompanyEmail<Stores>({
      ...dependencies,
      transact,
      mail: true,
      proofLifetime: days(180),
      onProved: async () => {},
    });
    const deps = {
      stores,
      transact,
      clock,
      policy: defaultCompanyPolicy,
      recompute: async (bound: Stores, accountId: AccountId) =>
        void (await entitlements.recompute(bound, accountId)),
      isEligible: async () => true,
    };
    domains = createDomains<Stores>(deps, emails);
  });

  async function administered() {
    const { id: companyId } = await rig.company();
    const boss = await rig.person();
    await rig.join(boss, companyId, 'administrator');
    for (const domain of ['one.example', 'two.example'])
      expect(await domains.bind({ by: boss, companyId, domain })).toMatchObject({ ok: true });
    return { companyId, boss };
  }

  /** Somebody who acts by an address, until the proof ends unless said otherwise. */
  async function byMail(companyId: CompanyId, typed: string, validUntil?: number | null) {
    const accountId = await rig.person();
    const read = parseEmail(typed);
    if (!read.ok) throw new Error(read.reason);
    const { email, domain } = read;
    const now = database.clock.now();
    const expiresAt = now + days(180);
    const proof = {
      accountId,
      companyId,
      domain,
      email,
      mailbox: mailboxOf(email),
      provedAt: now,
      expiresAt,
    };
    await database.stores.companyEmails.prove(proof);
    const id = await rig.join(accountId, companyId);
    const until = validUntil === undefined ? expiresAt : validUntil;
    await database.stores.memberships.advance(id, 'active', 'active', {
      evidence: 'company_email',
      validUntil: until,
      nextChangeAt: until === null ? null : until - days(14),
    });
    return { accountId, id };
  }
  const find = async (id: string) => (await database.stores.memberships.find(id as never))!;
  const statusOf = async (id: AccountId) => (await database.stores.entitlements.status(id))?.status;

  it('end the memberships that rest on them alone two weeks after they are removed', async () => {
    const { companyId, boss } = await administered();
    const resting = [await byMail(companyId, 'a@one.example'), await byMail(companyId, 'b@one.example')];
    const spared = [
      await byMail(companyId, 'c@two.example'),
      await byMail(companyId, 'd@one.example', null),
      await byMail(companyId, 'e@one.example', database.clock.now() + days(300)),
    ];
    const before = await Promise.all(spared.map(({ id }) => find(id)));
    expect(Object.fromEntries(await domains.countResting(companyId))).toEqual({
      'one.example': 2,
      'two.example': 1,
    });
    const removed = await domains.unbind({ by: boss, companyId, domain: 'one.example' });
    expect(removed).toEqual({
      ok: true,
      domain: 'one.example',
      due: resting.map(({ accountId }) => accountId).sort(),
    });
    const until = database.clock.now() + days(14);
    for (const { id, accountId } of resting) {
      expect(await find(id)).toMatchObject({ state: 'due', validUntil: until });
      expect(await statusOf(accountId)).toBe('eligible');
    }
    expect(await Promise.all(spared.map(({ id }) => find(id)))).toEqual(before);
    database.clock.advance(days(14));
    await rig.sweep();
    for (const { id, accountId } of resting) {
      expect((await find(id)).state).toBe('lapsed');
      expect(await statusOf(accountId)).toBe('limited');
    }
    expect((await find(spared[0]!.id)).state).toBe('active');
  });

  it('do not give a membership more time than it had', async () => {
    const { companyId, boss } = await administered();
    const until = database.clock.now() + days(3);
    const { id } = await byMail(companyId, 'a@one.example', until);
    await domains.unbind({ by: boss, companyId, domain: 'one.example' });
    expect(await find(id)).toMatchObject({ state: 'due', validUntil: until });
  });

  it('let somebody go on who shows another evidence in time', async () => {
    const { companyId, boss } = await administered();
    const { id, accountId } = await byMail(companyId, 'a@one.example');
    await domains.unbind({ by: boss, companyId, domain: 'one.example' });
    const again = { accountId, companyId, evidence: 'company_email' as const };
    const until = database.clock.now() + days(180);
    await database.transact((bound) => rig.members.prove(bound, { ...again, until }));
    expect(await find(id)).toMatchObject({ state: 'active', validUntil: until });
  });

  it('are removed by no recruiter and by no administrator of another company', async () => {
    const { companyId } = await administered();
    const other = await administered();
    const member = await byMail(companyId, 'a@one.example');
    for (const by of [member.accountId, other.boss])
      expect(await domains.unbind({ by, companyId, domain: 'one.example' })).toMatchObject({
        reason: 'not_allowed',
      });
    expect((await find(member.id)).state).toBe('active');
  });
});
