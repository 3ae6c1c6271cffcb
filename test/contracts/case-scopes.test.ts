import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MembershipState } from '../../src/companies/index.ts';
import { days } from '../../src/core/clock.ts';
import type { AccountId } from '../../src/core/ids.ts';
import { defaultPolicy, deriveRecruiter } from '../../src/entitlements/index.ts';
import { caseScopes, type CaseScope } from '../../src/verification/case.ts';
import { describeDatabases } from '../support/databases.ts';
import { answerSteps, findingsOf } from '../support/readable-case.ts';
import { ofSomebodyElse, readablePictures, type ReadablePictures } from '../support/readable.ts';
import { creditCode, specimenCompany } from '../support/specimens.ts';
import { applicant, createVerificationRig, type VerificationRig } from '../support/verification.ts';

describeDatabases('what a case is about', (open) => {
  let rig: VerificationRig;
  beforeAll(async () => {
    rig = createVerificationRig(await open());
  });
  afterAll(() => rig.close());

  async function recruiter() {
    const { dependencies, clock, stores } = rig.database;
    const id = dependencies.ids.next('acc');
    const phone = `+86138${String(dependencies.random.int(1e8)).padStart(8, '0')}` as never;
    await stores.accounts.create({ id, phone, roles: ['recruiter'], locale: 'zh-CN' }, clock.now());
    return applicant(rig.verification, id);
  }
  type Who = Awaited<ReturnType<typeof recruiter>>;

  /** A company that stands verified, with a membership of this account. */
  async function join(accountId: AccountId, state: MembershipState) {
    const now = rig.database.clock.now();
    return rig.database.transact(async (bound) => {
      const { companies, memberships } = bound;
      const company = await companies.ensure(creditCode(), '已认证公司');
      const recheckAt = now + days(180);
      await companies.advance(company.id, company.state, 'verified', { verifiedAt: now, recheckAt });
      const { id } = await memberships.ensure(accountId, company.id);
      await memberships.advance(id, 'requested', state, {});
      await rig.verification.resettle(bound, accountId);
      return { id, companyId: company.id, state };
    });
  }
  const move = (membership: Awaited<ReturnType<typeof join>>, to: MembershipState) =>
    rig.database.transact((bound) => bound.memberships.advance(membership.id, membership.state, to, {}));

  async function apply(who: Who, pictures: ReadablePictures = readablePictures(), wanted?: CaseScope) {
    rig.database.clock.advance(1);
    await who.must(rig.verification.start(who.accountId, wanted));
    await answerSteps(rig, who, pictures);
    return (await who.submit()).case;
  }
  const reasons = async (accountId: AccountId) => {
    const facts = await rig.database.stores.entitlements.facts(accountId);
    if (!facts) throw new Error('no account');
    return deriveRecruiter(facts, rig.database.clock.now(), defaultPolicy).reasons;
  };
  const person = (accountId: AccountId) => rig.database.stores.persons.find(accountId);
  const memberships = async (accountId: AccountId) =>
    (await rig.database.stores.memberships.listByAccount(accountId)).map(({ state }) => state);

  it('verifies the person alone for somebody who waits for an administrator, and then says exactly that', async () => {
    const who = await recruiter();
    const membership = await join(who.accountId, 'awaiting_admin');
    const decided = await apply(who);
    expect(decided).toMatchObject({ scope: 'person', state: 'approved', companyId: undefined });
    expect(decided.answers.company).toBeUndefined();
    const found = Object.keys(await findingsOf(rig, who.accountId));
    expect(found).toEqual(expect.arrayContaining(['face_match', 'document_data', 'authority']));
    for (const code of ['membership_evidence', 'licence_reading', 'company_known', 'supporting_document'])
      expect(found).not.toContain(code);
    expect(await person(who.accountId)).toMatchObject({ state: 'verified', caseId: decided.id });
    expect(await memberships(who.accountId)).toEqual(['awaiting_admin']);
    expect(await reasons(who.accountId)).toEqual(['membership_awaiting_admin']);
    await move(membership, 'active');
    expect(await reasons(who.accountId)).toEqual([]);
  });

  it('leaves a membership asked for elsewhere alone when the person is rejected, objects and stops', async () => {
    const who = await recruiter();
    await join(who.accountId, 'active');
    const pictures = readablePictures();
    const { id, state } = await apply(who, { ...pictures, ...ofSomebodyElse(pictures) });
    expect(state).toBe('in_review');
    expect(await reasons(who.accountId)).toEqual(['person_in_review']);
    const reject = { decision: 'reject', reasons: [{ reason: 'document_altered' }] };
    expect(await rig.decide(id, reject)).toMatchObject({ state: 'rejected' });
    expect(await memberships(who.accountId)).toEqual(['active']);
    expect(await reasons(who.accountId)).toEqual(['person_rejected']);
    await who.must(rig.verification.appeal(who.accountId, '请再看一次'));
    expect(await rig.decide(id)).toMatchObject({ state: 'approved' });
    expect(await reasons(who.accountId)).toEqual([]);
    await who.must(rig.verification.withdraw(who.accountId, 'zh-CN'));
    expect(await person(who.accountId)).toMatchObject({ state: 'revoked', revokedReason: 'withdrawn' });
    expect(await memberships(who.accountId)).toEqual(['active']);
    expect(await reasons(who.accountId)).toEqual(['person_revoked']);
  });

  /** Verified with a first company, some time ago. */
  async function verified() {
    const who = await recruiter();
    const pictures = readablePictures();
    const first = await apply(who, pictures);
    expect(first).toMatchObject({ scope: 'person_and_company', state: 'approved' });
    rig.database.clock.advance(days(30));
    const further = specimenCompany({ legalRepresentative: pictures.person.name });
    return { who, pictures, first, more: readablePictures(pictures.person, further) };
  }

  it('approves a further company by its licence, and does not extend the check of the person', async () => {
    const { who, more } = await verified();
    const before = await person(who.accountId);
    const decided = await apply(who, more, 'company');
    expect(decided).toMatchObject({ scope: 'company', state: 'approved' });
    expect(decided.answers.person).toBeUndefined();
    const found = await findingsOf(rig, who.accountId);
    expect(found).toMatchObject({ membership_evidence: 'ok legal_representative', licence_data: 'ok' });
    expect(Object.keys(found)).not.toContain('face_match');
    expect(await person(who.accountId)).toEqual(before);
    expect(await memberships(who.accountId)).toEqual(['active', 'active']);
    expect((await who.view()).images.map(({ kind }) => kind)).toEqual(['licence']);
  });

  it('ends only that membership when a further company is withdrawn, and then the rest when the person stops', async () => {
    const { who, first, more } = await verified();
    await apply(who, more, 'company');
    await who.must(rig.verification.withdraw(who.accountId, 'zh-CN'));
    expect(await memberships(who.accountId)).toEqual(['active', 'ended']);
    expect(await person(who.accountId)).toMatchObject({ state: 'verified' });
    expect(await reasons(who.accountId)).toEqual([]);
    expect((await who.view()).case).toMatchObject({ id: first.id, state: 'approved' });
    await who.must(rig.verification.withdraw(who.accountId, 'zh-CN'));
    expect(await person(who.accountId)).toMatchObject({ state: 'revoked' });
    expect(await memberships(who.accountId)).toEqual(['ended', 'ended']);
  });

  it('has a person look where the licence names somebody else, and rejects the company alone', async () => {
    const { who, pictures } = await verified();
    const others = readablePictures(pictures.person, specimenCompany({ legalRepresentative: '别人' }));
    const { id, state } = await apply(who, others, 'company');
    expect(state).toBe('in_review');
    expect(await findingsOf(rig, who.accountId)).toMatchObject({
      membership_evidence: 'attention not_representative',
    });
    const again = { decision: 'resubmit', reasons: [{ reason: 'image_unreadable', step: 'holder' }] };
    expect(await rig.decide(id, again)).toMatchObject({ reason: 'steps_missing' });
    const reject = { decision: 'reject', reasons: [{ reason: 'company_not_operating' }] };
    expect(await rig.decide(id, reject)).toMatchObject({ state: 'rejected' });
    expect(await person(who.accountId)).toMatchObject({ state: 'verified' });
    expect(await memberships(who.accountId)).toEqual(['active', 'ended']);
    expect(await reasons(who.accountId)).toEqual([]);
    await who.must(rig.verification.appeal(who.accountId, '公司仍在经营'));
    expect(await memberships(who.accountId)).toEqual(['active', 'in_review']);
    expect(await rig.decide(id)).toMatchObject({ state: 'approved' });
    expect(await memberships(who.accountId)).toEqual(['active', 'active']);
  });

  it('closes the time to object to a company with that to object to a person', async () => {
    const { who, pictures } = await verified();
    const others = readablePictures(pictures.person, specimenCompany({ legalRepresentative: '别人' }));
    const { id } = await apply(who, others, 'company');
    await rig.decide(id, { decision: 'reject', reasons: [{ reason: 'company_not_eligible' }] });
    rig.database.clock.advance(days(7));
    expect(rig.verification.mayAppeal(await who.view())).toBe(false);
    expect(await rig.verification.appeal(who.accountId, '太晚了')).toMatchObject({ reason: 'closed' });
  });

  it('asks for the person too when their check ends while a company is looked at', async () => {
    const { who, pictures } = await verified();
    const others = readablePictures(pictures.person, specimenCompany({ legalRepresentative: '别人' }));
    const { id } = await apply(who, others, 'company');
    await rig.database.transact((bound) =>
      rig.verification.revokePerson(bound, {
        accountId: who.accountId,
        staffId: 'stf_1' as never,
        reason: 'reported_abuse',
      }),
    );
    expect(await rig.decide(id)).toMatchObject({ reason: 'person_not_verified' });
    const again = { decision: 'resubmit', reasons: [{ reason: 'licence_outdated', step: 'company' }] };
    expect(await rig.decide(id, again)).toMatchObject({ state: 'resubmission' });
    await rig.database.transact((bound) => rig.verification.resettle(bound, who.accountId));
    expect((await who.view()).case.scope).toBe('person_and_company');
    await answerSteps(rig, who, others);
    expect((await who.submit()).case).toMatchObject({ state: 'in_review', scope: 'person_and_company' });
    expect(await rig.decide(id)).toMatchObject({ state: 'approved' });
    expect(await person(who.accountId)).toMatchObject({ state: 'verified', caseId: id });
  });

  it('tells who hands a company in at the last moment that the person is due, and takes nothing', async () => {
    const { who, more } = await verified();
    await who.must(rig.verification.start(who.accountId, 'company'));
    await answerSteps(rig, who, more);
    rig.database.clock.advance(days(151));
    const late = await rig.verification.submit(await who.editor());
    expect(late).toMatchObject({ ok: false, reason: 'incomplete' });
    expect((await who.view()).case).toMatchObject({ state: 'open', scope: 'person_and_company' });
  });

  it('asks only for the person again once their check is too old and the company is not', async () => {
    const { who, first, pictures } = await verified();
    const membership = (await rig.database.stores.memberships.listByAccount(who.accountId))[0];
    rig.database.clock.advance(days(151));
    await rig.database.stores.companies.advance(membership?.companyId as never, 'verified', 'verified', {
      verifiedAt: rig.database.clock.now(),
      recheckAt: rig.database.clock.now() + days(180),
    });
    expect(await reasons(who.accountId)).toEqual(['person_check_too_old']);
    const renewed = await apply(who, pictures);
    expect(renewed).toMatchObject({ scope: 'person', state: 'approved' });
    expect(renewed.id).not.toBe(first.id);
    expect(await reasons(who.accountId)).toEqual([]);
    expect(await memberships(who.accountId)).toEqual(['active']);
  });

  it('follows an invitation that is accepted meanwhile, and keeps nothing of the licence', async () => {
    const who = await recruiter();
    const pictures = readablePictures();
    await who.must(rig.verification.start(who.accountId));
    await who.must(rig.verification.add(who.accountId, 'licence', await pictures.licence()));
    const { version } = await who.editor();
    await join(who.accountId, 'active');
    expect((await who.view()).case.scope).toBe('person');
    const named = { name: pictures.company.name, creditCode: pictures.company.code, confirmed: true };
    const stale = await rig.verification.saveCompany({ accountId: who.accountId, version }, named);
    expect(stale).toMatchObject({ reason: 'stale' });
    expect(await rig.verification.saveCompany(await who.editor(), named)).toMatchObject({ reason: 'closed' });
    await answerSteps(rig, who, pictures);
    expect((await who.submit()).case).toMatchObject({ scope: 'person', state: 'approved' });
    expect((await who.view()).images.map(({ kind }) => kind)).not.toContain('licence');
    expect(await reasons(who.accountId)).toEqual([]);
  });

  it('keeps to what the person chose, and takes another choice until it is handed in', async () => {
    const who = await recruiter();
    await join(who.accountId, 'awaiting_admin');
    const scope = async () => (await who.view()).case.scope;
    await who.must(rig.verification.start(who.accountId, 'person_and_company'));
    expect(await scope()).toBe('person_and_company');
    await join(who.accountId, 'awaiting_admin');
    expect(await scope()).toBe('person_and_company');
    for (const wanted of caseScopes) {
      await who.must(rig.verification.start(who.accountId, wanted));
      expect(await scope()).toBe(wanted === 'company' ? 'person_and_company' : wanted);
    }
    await who.must(rig.verification.start(who.accountId, 'person'));
    await answerSteps(rig, who, readablePictures());
    await who.submit();
    expect(await scope()).toBe('person');
  });
});
