import { beforeEach, expect, it } from 'vitest';
import { mailboxOf, parseEmail } from '../../src/accounts/index.ts';
import { createNotices, createReminders, createTelling, seenOf } from '../../src/companies/index.ts';
import { days, hours, minutes } from '../../src/core/clock.ts';
import type { AccountId, CompanyId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { createJobRunner, type JobRunner } from '../../src/jobs/index.ts';
import type { Stores } from '../../src/storage/stores.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { createMembersRig, type MembersRig } from '../support/members.ts';

const host = 'id.example';

type Sent = { channel: 'sms' | 'mail'; to: string; text: string };

function prepare(database: TestDatabase, { dailyBudget = 1000 } = {}) {
  const { stores, transact, clock, dependencies } = database;
  const tell = createTelling<Stores>({ clock, ids: dependencies.ids, mail: true });
  const notices = createNotices<Stores>({
    transact,
    clock,
    ids: dependencies.ids,
    host,
    tell,
    dailyBudget,
  });
  database.onAppended(notices.owe);
  const sent: Sent[] = [];
  const jobs = createJobRunner({
    jobs: stores.jobs,
    handlers: {
      async 'sms.send'({ messageId }) {
        const message = await stores.messages.find(messageId as never);
        if (message?.content)
          sent.push({ channel: 'sms', to: message.content.to, text: message.content.text });
      },
      async 'mail.send'({ messageId }) {
        const message = await stores.mails.find(messageId as never);
        if (message?.content)
          sent.push({ channel: 'mail', to: message.content.to, text: message.content.text });
      },
      'images.destroy': async () => {},
      'case.examine': async () => {},
      'deposit.send': async () => {},
      'company.notice': notices.give,
    },
    clock,
    log: silentLog,
  });
  return { notices, tell, sent, jobs };
}

describeDatabases('notices of a company', (open) => {
  let database: TestDatabase;
  let rig: MembersRig;
  let jobs: JobRunner;
  let sent: Sent[];
  let parts: ReturnType<typeof prepare>;
  beforeEach(async () => {
    database = await open();
    rig = createMembersRig(database);
    parts = prepare(database);
    ({ jobs, sent } = parts);
  });

  const phoneOf = async (id: AccountId) => (await database.stores.accounts.find(id))!.phone as string;
  const membershipOf = async (accountId: AccountId, companyId: CompanyId) =>
    (await database.stores.memberships.findFor(accountId, companyId))!;
  /** What was sent since it was asked last. */
  async function news() {
    await jobs.drain();
    return sent.splice(0);
  }

  async function administered() {
    const { id: companyId, code } = await rig.company();
    const boss = await rig.person();
    await rig.join(boss, companyId, 'administrator');
    return { companyId, code, boss };
  }

  async function asking({ companyId, code }: { companyId: CompanyId; code: string }) {
    const accountId = await rig.person();
    await rig.members.requestToJoin(accountId, code);
    expect(await rig.members.chooseEvidence({ accountId, companyId }, 'administrator')).toEqual({ ok: true });
    return { accountId, membershipId: (await membershipOf(accountId, companyId)).id };
  }

  it('tells the administrators of a request, and nobody else, without naming who asks', async () => {
    const company = await administered();
    await rig.join(await rig.person(), company.companyId);
    const { accountId } = await asking(company);
    const told = await news();
    expect(told).toEqual([
      {
        channel: 'sms',
        to: await phoneOf(company.boss),
        text: `【实名】有人申请代表样本公司招聘，等待管理员处理。请登录 ${host}/company 查看，仅同意您认识的人。`,
      },
    ]);
    expect(told[0]?.text.length).toBeLessThanOrEqual(70);
    expect(JSON.stringify(told)).not.toContain((await phoneOf(accountId)).slice(-8));
  });

  it('tells it in English to who reads English', async () => {
    const company = await administered();
    await database.stores.accounts.setLocale(company.boss, 'en', database.clock.now());
    await asking(company);
    expect((await news())[0]?.text).toMatch(/^\[Shiming\] Somebody asks to recruit for 样本公司 /);
  });

  it('tells of many requests once, and of those that came later once the hour is over', async () => {
    const company = await administered();
    await asking(company);
    expect(await news()).toHaveLength(1);
    database.clock.advance(minutes(1));
    for (let nth = 0; nth < 8; nth += 1) await asking(company);
    expect(await news()).toEqual([]);
    database.clock.advance(hours(1));
    expect(await news()).toHaveLength(1);
    database.clock.advance(hours(2));
    expect(await news()).toEqual([]);
  });

  it('tells a company four times a day, however many ask, and goes on the next day', async () => {
    const company = await administered();
    let told = 0;
    for (let hour = 0; hour < 20; hour += 1) {
      await asking(company);
      told += (await news()).length;
      database.clock.advance(minutes(61));
    }
    expect(told).toBe(4);
    database.clock.advance(hours(6));
    expect(await news()).toHaveLength(1);
  });

  it('does not tell of a request that was settled meanwhile', async () => {
    const company = await administered();
    const { accountId } = await asking(company);
    await rig.members.leave({ accountId, companyId: company.companyId });
    expect(await news()).toEqual([]);
  });

  it('owes a notice with the fact or not at all', async () => {
    const company = await administered();
    const accountId = await rig.person();
    await rig.members.requestToJoin(accountId, company.code);
    const membership = await membershipOf(accountId, company.companyId);
    await expect(
      database.transact(async (bound) => {
        await bound.memberships.advance(membership.id, 'evidence_pending', 'awaiting_admin');
        await bound.events.append({
          type: 'membership.status_changed',
          subject: accountId,
          payload: {
            membershipId: membership.id,
            companyId: company.companyId,
            from: 'evidence_pending',
            to: 'awaiting_admin',
          },
        });
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    expect(await news()).toEqual([]);
  });

  it('tells people what an administrator decided about them, on their own phone', async () => {
    const company = await administered();
    const act = (membershipId: never) => ({ by: company.boss, companyId: company.companyId, membershipId });
    const first = await asking(company);
    await news();
    await rig.members.approve(act(first.membershipId as never));
    const phone = await phoneOf(first.accountId);
    expect(await news()).toEqual([
      { channel: 'sms', to: phone, text: `【实名】您已加入样本公司。详情请登录 ${host}/company 查看。` },
    ]);
    await rig.members.remove({ ...act(first.membershipId as never), reason: 'left_the_company' });
    const removed = await news();
    expect(removed.map(({ to, text }) => [to, text.includes('移除')])).toEqual([[phone, true]]);
    const second = await asking(company);
    database.clock.advance(days(1));
    await news();
    await rig.members.decline({ ...act(second.membershipId as never), reason: 'not_known' });
    const declined = await news();
    expect(declined.map(({ to, text }) => [to, text.includes('未获同意')])).toEqual([
      [await phoneOf(second.accountId), true],
    ]);
  });

  it('tells nobody what they did themselves', async () => {
    const company = await administered();
    const { accountId } = await asking(company);
    await news();
    await rig.members.leave({ accountId, companyId: company.companyId });
    const invited = await rig.person();
    const link = await rig.invitations.invite({
      by: company.boss,
      companyId: company.companyId,
      role: 'recruiter',
    });
    await rig.invitations.accept((link as { secret: string }).secret, invited);
    expect(await news()).toEqual([]);
  });

  it('tells a member that the membership falls due and that it lapsed', async () => {
    const company = await administered();
    const accountId = await rig.person();
    const membershipId = await rig.join(accountId, company.companyId);
    const seen = seenOf(await membershipOf(accountId, company.companyId));
    const until = database.clock.now() + days(30);
    await rig.members.setEndDate({
      by: company.boss,
      companyId: company.companyId,
      membershipId,
      until,
      seen,
    });
    expect(await news()).toEqual([]);
    database.clock.advance(days(20));
    await rig.sweep();
    await rig.sweep();
    const due = await news();
    expect(due).toMatchObject([{ to: await phoneOf(accountId) }]);
    expect(due[0]?.text).toMatch(/将于 \d{4}-\d\d-\d\d 到期/);
    database.clock.advance(days(11));
    await rig.sweep();
    expect((await news()).map(({ text }) => text.includes('已到期'))).toEqual([true]);
  });

  it('writes to an administrator who proved an address of the company, while its domain is bound', async () => {
    const company = await administered();
    const read = parseEmail('Boss@sample.example');
    if (!read.ok) throw new Error('not an address');
    const { email, domain } = read;
    const { companyEmails } = database.stores;
    await companyEmails.bind(company.companyId, domain, company.boss);
    const now = database.clock.now();
    const proof = { accountId: company.boss, companyId: company.companyId, domain, email };
    await companyEmails.prove({
      ...proof,
      mailbox: mailboxOf(email),
      provedAt: now,
      expiresAt: now + days(90),
    });
    await asking(company);
    expect(await news()).toMatchObject([{ channel: 'mail', to: email }]);
    const remind = createReminders<Stores>({ tell: parts.tell, host });
    const what = 'verification';
    const reminded = () =>
      database.transact((bound) =>
        remind(bound, { companyId: company.companyId, what, until: undefined }, [company.boss]),
      );
    await reminded();
    expect(await news()).toMatchObject([{ channel: 'mail', to: email }]);
    await companyEmails.unbind(company.companyId, domain);
    await reminded();
    expect(await news()).toMatchObject([{ channel: 'sms', to: await phoneOf(company.boss) }]);
  });

  it('sends a notice once, also when its job runs again', async () => {
    const company = await administered();
    const { membershipId, accountId } = await asking(company);
    await news();
    await rig.members.approve({ by: company.boss, companyId: company.companyId, membershipId });
    const payload = {
      membershipId,
      to: 'active',
      at: database.clock.now(),
      messageId: database.dependencies.ids.next('msg'),
    };
    await news();
    await parts.notices.give(payload);
    await parts.notices.give(payload);
    expect(await news()).toMatchObject([{ to: await phoneOf(accountId) }]);
  });

  it('leaves most of the installation’s messages to codes', async () => {
    const poor = await open();
    const few = prepare(poor, { dailyBudget: 8 });
    const people = createMembersRig(poor);
    for (let nth = 0; nth < 4; nth += 1) {
      const { id: companyId, code } = await people.company();
      await people.join(await people.person(), companyId, 'administrator');
      const accountId = await people.person();
      await people.members.requestToJoin(accountId, code);
      await people.members.chooseEvidence({ accountId, companyId }, 'administrator');
    }
    await few.jobs.drain();
    expect(few.sent).toHaveLength(2);
  });
});
