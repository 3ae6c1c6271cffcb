import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import {
  actingStates,
  declineReasons,
  membershipMachine,
  removeReasons,
  seenOf,
  type Membership,
} from '../../src/companies/index.ts';
import { days } from '../../src/core/clock.ts';
import type { AccountId, CompanyId } from '../../src/core/ids.ts';
import { defaultPolicy, deriveCompanies, deriveRecruiter } from '../../src/entitlements/index.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { createMembersRig, type MembersRig } from '../support/members.ts';

/** One step of a history: who of four people does what to whom. */
const step = fc.record({
  what: fc.constantFrom(
    'request',
    'choose',
    'approve',
    'decline',
    'remove',
    'promote',
    'demote',
    'end',
    'lasting',
    'hand_over',
    'leave',
    'administer',
    'invite',
    'prove',
    'wait',
  ),
  by: fc.nat(3),
  to: fc.nat(3),
  days: fc.integer({ min: 1, max: 40 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Every event of the machine as state → state, and the states themselves, which keep a row in place. */
const allowed = new Set(
  Object.entries<Readonly<Record<string, string>>>(membershipMachine.states).flatMap(([from, events]) =>
    Object.values(events).map((to) => `${from} ${to}`),
  ),
);

describeDatabases('random histories of the members of a company', (open, dialect) => {
  let database: TestDatabase;
  let rig: MembersRig;
  beforeAll(async () => {
    database = await open();
    rig = createMembersRig(database, { askAgainAfter: { refused: days(1), withdrawn: 1 } });
  });

  const listed = (companyId: CompanyId) => database.stores.memberships.listByCompany(companyId);
  const acts = ({ state }: Membership) => actingStates.includes(state);
  const administers = (one: Membership) => acts(one) && one.role === 'administrator';

  async function perform(companyId: CompanyId, code: string, people: readonly AccountId[], at: Step) {
    const [by, other] = [people[at.by]!, people[at.to]!];
    const { members, invitations } = rig;
    const target = await database.stores.memberships.findFor(other, companyId);
    const act = { by, companyId, membershipId: target?.id ?? ('mem_none' as never) };
    const seen = target ? seenOf(target) : '';
    const reasonAt = at.days % 3;
    const acting: Readonly<Record<Step['what'], () => Promise<unknown>>> = {
      request: () => members.requestToJoin(by, code),
      choose: () => members.chooseEvidence({ accountId: by, companyId }, 'administrator'),
      approve: () => members.approve(act),
      decline: () => members.decline({ ...act, reason: declineReasons[reasonAt]! }),
      remove: () => members.remove({ ...act, reason: removeReasons[reasonAt]! }),
      promote: () => members.setRole({ ...act, role: 'administrator', seen }),
      demote: () => members.setRole({ ...act, role: 'recruiter', seen }),
      end: () => members.setEndDate({ ...act, until: database.clock.now() + days(at.days), seen }),
      lasting: () => members.setEndDate({ ...act, until: undefined, seen }),
      hand_over: () => members.handOver(act),
      leave: () => members.leave({ accountId: by, companyId }),
      administer: () => members.becomeAdministrator({ accountId: by, companyId }),
      async invite() {
        const role = at.days % 2 === 0 ? 'recruiter' : 'administrator';
        const link = await invitations.invite({ by, companyId, role });
        return link.ok && invitations.accept(link.secret, other);
      },
      prove: () =>
        database.transact((bound) =>
          members.prove(bound, {
            accountId: by,
            companyId,
            evidence: 'company_email',
            until: database.clock.now() + days(at.days),
          }),
        ),
      async wait() {
        database.clock.advance(days(Math.ceil(at.days / 10)));
        await rig.sweep();
      },
    };
    await acting[at.what]();
  }

  async function check(companyId: CompanyId, before: readonly Membership[]) {
    const now = await listed(companyId);
    for (const one of now) {
      const was = before.find(({ id }) => id === one.id);
      const roleStays = acts(one) || one.state === 'lapsed';
      if (!roleStays)
        expect(one, 'who does not act is no administrator').toMatchObject({ role: 'recruiter' });
      if (was && was.accountId !== one.accountId) throw new Error('a membership changed hands');
      const facts = (await database.stores.entitlements.facts(one.accountId))!;
      const status = await database.stores.entitlements.status(one.accountId);
      const derived = deriveRecruiter(facts, status!.derivedAt, defaultPolicy);
      expect(status, 'the stored status is the derived one').toMatchObject({
        status: derived.status,
        reasons: derived.reasons,
      });
      const [standing] = deriveCompanies(facts, status!.derivedAt, defaultPolicy);
      expect(status?.companies[0]?.requirements).toEqual(standing?.requirements);
    }
    const events = [];
    for (const one of now)
      for (const event of await database.stores.events.listBySubject(one.accountId, 500))
        if (event.type === 'membership.status_changed') events.push(event.payload);
    for (const { from, to } of events) expect(allowed.has(`${from} ${to}`), `${from} → ${to}`).toBe(true);
    if (before.some(administers))
      expect(
        now.some((one) => administers(one) && one.validUntil === undefined),
        'a company that had an administrator has one who lasts',
      ).toBe(true);
  }

  it('never leave it without an administrator, leave the machine, or a status behind', async () => {
    let performed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const { id: companyId, code } = await rig.company();
        const people = [];
        for (let at = 0; at < 4; at += 1) people.push(await rig.person({ verified: at !== 3 }));
        // Some companies begin with an administrator, some with recruiters only.
        const role = steps.length % 2 === 0 ? 'administrator' : 'recruiter';
        await rig.join(people[0]!, companyId, role);
        await rig.join(people[1]!, companyId);
        for (const at of steps) {
          const before = await listed(companyId);
          await perform(companyId, code, people, at);
          await check(companyId, before);
          performed += 1;
        }
      }),
      { numRuns: dialect === 'sqlite' ? 150 : 20 },
    );
    expect(performed).toBeGreaterThan(50);
  }, 240_000);
});
