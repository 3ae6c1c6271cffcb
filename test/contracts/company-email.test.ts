import { setTimeout } from 'node:timers/promises';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { createCompanyEmail, type CompanyEmailDeps } from '../../src/companies/index.ts';
import { days, hours, minutes } from '../../src/core/clock.ts';
import type { AccountId, CompanyId } from '../../src/core/ids.ts';
import type { Stores } from '../../src/storage/stores.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';

describeDatabases('the proof of a company e-mail address', (open) => {
  let database: TestDatabase;
  let proved: string[];
  let people = 0;
  let companyId: CompanyId;
  let domain: string;

  beforeAll(async () => (database = await open()));
  beforeEach(async () => {
    proved = [];
    domain = `mingxin${++people}.cn`;
    const made = await database.stores.companies.ensure(`91350100M000100Y${people}`, '明信科技有限公司');
    companyId = made.id;
    await bind(domain);
  });

  const service = (over: Partial<CompanyEmailDeps<Stores>> = {}) =>
    createCompanyEmail<Stores>({
      transact: database.transact,
      clock: database.clock,
      ids: database.dependencies.ids,
      random: database.dependencies.random,
      mail: true,
      proofLifetime: days(180),
      onProved: async (_stores, { accountId, domain: by }) => void proved.push(`${accountId} ${by}`),
      ...over,
    });
  const bind = (typed: string, company = companyId) =>
    database.transact((stores) =>
      service().bindDomain(stores, { companyId: company, domain: typed, by: 'stf_1' as never }),
    );
  const unbind = (typed: string) =>
    database.transact((stores) => service().unbindDomain(stores, { companyId, domain: typed }));
  const account = async (): Promise<AccountId> => {
    const id = database.dependencies.ids.next('acc');
    const phone = `+8613800${String(100000 + ++people)}` as never;
    await database.stores.accounts.create(
      { id, phone, roles: ['recruiter'], locale: 'zh-CN' },
      database.clock.now(),
    );
    return id;
  };
  const begin = (accountId: AccountId, email: string, company = companyId) =>
    service().begin({ accountId, companyId: company, email, language: 'zh-CN' });
  const confirm = (accountId: AccountId, code: string, company = companyId) =>
    service().confirm({ accountId, companyId: company, code });
  /** The code of the newest mail to this person for the company, as it stands in the outbox. */
  const codeOf = async (accountId: AccountId): Promise<string> => {
    const pending = await service().pending(database.stores, { accountId, companyId });
    const mail = pending && (await database.stores.mails.find(pending.messageId));
    return /\b\d{6}\b/.exec(mail?.content?.text ?? '')?.[0] ?? '';
  };
  const wrong = (code: string) => (code === '111111' ? '222222' : '111111');
  const proofOf = (accountId: AccountId) => service().proof(database.stores, { accountId, companyId });

  it('is given by the code, once, with what follows from it in the same transaction', async () => {
    const id = await account();
    const begun = await begin(id, ` Li.Na@${domain.toUpperCase()} `);
    expect(begun).toMatchObject({ ok: true, email: `Li.Na@${domain}`, domain });
    const code = await codeOf(id);
    expect(await confirm(id, ` ${code.slice(0, 3)} ${code.slice(3)}`)).toEqual({
      ok: true,
      proved: 'company_email',
      domain,
    });
    expect(proved).toEqual([`${id} ${domain}`]);
    const now = database.clock.now();
    expect(await proofOf(id)).toMatchObject({
      email: `Li.Na@${domain}`,
      provedAt: now,
      expiresAt: now + days(180),
    });
    expect(await confirm(id, code)).toEqual({ ok: false, reason: 'used' });
    expect(proved).toHaveLength(1);
  });

  it('mails the code to the address, durably, in the language of the page', async () => {
    const id = await account();
    await service().begin({ accountId: id, companyId, email: `li@${domain}`, language: 'en' });
    const jobs = await database.connection.knex('jobs').where({ kind: 'mail.send' });
    const pending = await service().pending(database.stores, { accountId: id, companyId });
    expect(jobs.map(({ payload }) => payload as string)).toContain(
      JSON.stringify({ messageId: pending?.messageId }),
    );
    const mail = await database.stores.mails.find(pending?.messageId as never);
    expect(mail?.content).toMatchObject({
      to: `li@${domain}`,
      subject: expect.stringContaining('[Shiming]') as string,
    });
    expect(mail?.content?.text).toContain('明信科技有限公司');
    const tables = ['company_email_requests', 'company_email_proofs', 'challenges', 'mails'];
    for (const table of tables) {
      const rows = await database.connection.knex(table);
      expect(JSON.stringify(rows)).not.toContain(`li@${domain}`);
      expect(Buffer.from(JSON.stringify(rows)).includes(await codeOf(id))).toBe(false);
    }
  });

  it('is won by one of many who confirm at once', async () => {
    const id = await account();
    await begin(id, `li@${domain}`);
    const code = await codeOf(id);
    const answers = await Promise.all(Array.from({ length: 8 }, () => confirm(id, code)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(proved).toHaveLength(1);
  });

  it('takes five tries, and then not the right code either', async () => {
    const id = await account();
    await begin(id, `li@${domain}`);
    const code = await codeOf(id);
    for (const attemptsLeft of [4, 3, 2, 1]) {
      expect(await confirm(id, wrong(code))).toEqual({ ok: false, reason: 'wrong', attemptsLeft });
    }
    expect(await confirm(id, wrong(code))).toEqual({ ok: false, reason: 'exhausted' });
    expect(await confirm(id, code)).toEqual({ ok: false, reason: 'exhausted' });
    expect(proved).toEqual([]);
  });

  it('stops after ten wrong tries in an hour, however many codes', async () => {
    const id = await account();
    for (let round = 0; round < 2; round++) {
      await begin(id, `li@${domain}`);
      const code = await codeOf(id);
      for (let tries = 0; tries < 5; tries++) await confirm(id, wrong(code));
      database.clock.advance(minutes(2));
    }
    await begin(id, `li@${domain}`);
    expect(await confirm(id, await codeOf(id))).toMatchObject({ ok: false, reason: 'locked' });
    database.clock.advance(hours(1));
    await begin(id, `li@${domain}`);
    expect(await confirm(id, await codeOf(id))).toMatchObject({ ok: true });
  });

  it('is refused to what is empty, no code, nobody’s, somebody else’s, another company’s or too late', async () => {
    const [id, other] = [await account(), await account()];
    expect(await confirm(id, '123456')).toEqual({ ok: false, reason: 'none' });
    await begin(id, `li@${domain}`);
    const code = await codeOf(id);
    expect(await confirm(id, ' ')).toEqual({ ok: false, reason: 'empty' });
    expect(await confirm(id, '12345a')).toEqual({ ok: false, reason: 'malformed' });
    expect(await confirm(other, code)).toEqual({ ok: false, reason: 'none' });
    const elsewhere = await database.stores.companies.ensure(`91350100M000100Z${people}`, '别家');
    expect(await confirm(id, code, elsewhere.id)).toEqual({ ok: false, reason: 'none' });
    database.clock.advance(minutes(30));
    expect(await confirm(id, code)).toEqual({ ok: false, reason: 'expired' });
    expect(proved).toEqual([]);
  });

  it('takes the newest code only', async () => {
    const id = await account();
    await begin(id, `li@${domain}`);
    const first = await codeOf(id);
    database.clock.advance(minutes(1));
    await begin(id, `li@${domain}`);
    const second = await codeOf(id);
    if (first !== second) expect(await confirm(id, first)).toMatchObject({ ok: false, reason: 'wrong' });
    expect(await confirm(id, second)).toMatchObject({ ok: true });
  });

  it('needs a domain that is bound, when the code is asked for and when it is entered', async () => {
    const id = await account();
    expect(await begin(id, 'li@elsewhere.cn')).toEqual({ ok: false, reason: 'domain_not_bound' });
    expect(await begin(id, `li@sub.${domain}`)).toEqual({ ok: false, reason: 'domain_not_bound' });
    expect(await begin(id, `li@${domain}`, 'com_unknown' as CompanyId)).toEqual({
      ok: false,
      reason: 'unknown_company',
    });
    await begin(id, `li@${domain}`);
    const code = await codeOf(id);
    expect(await unbind(domain)).toMatchObject({ ok: true, affected: [] });
    expect(await confirm(id, code)).toEqual({ ok: false, reason: 'domain_not_bound' });
    expect([proved, await proofOf(id)]).toEqual([[], undefined]);
  });

  it('ends either without a proof or as affected when the domain is unbound at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      await bind(domain);
      const id = await account();
      await begin(id, `li${round}@${domain}`);
      const code = await codeOf(id);
      const [confirmed, unbound] = await Promise.all([confirm(id, code), unbind(domain)]);
      const affected = unbound.ok ? unbound.affected : [];
      expect(affected.includes(id)).toBe(confirmed.ok);
      expect(await proofOf(id)).toBeUndefined();
    }
  });

  it('counts only while its domain is bound and until it expires', async () => {
    const id = await account();
    await begin(id, `li@${domain}`);
    await confirm(id, await codeOf(id));
    expect(await unbind(domain.toUpperCase())).toEqual({ ok: true, domain, affected: [id] });
    expect(await proofOf(id)).toBeUndefined();
    await bind(domain);
    expect(await proofOf(id)).toBeDefined();
    database.clock.advance(days(180));
    expect(await proofOf(id)).toBeUndefined();
    await database.stores.companyEmails.purge(database.clock.now(), 1000);
    expect(await database.connection.knex('company_email_proofs').where({ account_id: id })).toEqual([]);
    expect(await database.connection.knex('company_email_requests').where({ account_id: id })).toEqual([]);
  });

  it('is one person’s for one mailbox, also with a plus and when both confirm at once', async () => {
    const [id, other] = [await account(), await account()];
    await begin(id, `hr@${domain}`);
    database.clock.advance(minutes(1));
    expect(await begin(other, `HR+second@${domain}`)).toMatchObject({ ok: true });
    const codes = [await codeOf(id), await codeOf(other)] as const;
    const answers = await Promise.all([confirm(id, codes[0]), confirm(other, codes[1])]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.find(({ ok }) => !ok)).toEqual({ ok: false, reason: 'address_in_use' });
    expect(proved).toHaveLength(1);
  });

  it('is not kept when what should follow from it fails', async () => {
    const id = await account();
    await begin(id, `li@${domain}`);
    const code = await codeOf(id);
    const failing = service({ onProved: async () => Promise.reject(new Error('no')) });
    await expect(failing.confirm({ accountId: id, companyId, code })).rejects.toThrow('no');
    expect(await proofOf(id)).toBeUndefined();
    expect(await confirm(id, code)).toMatchObject({ ok: true });
  });

  it('is asked for once a minute a mailbox, six times an hour a person', async () => {
    const id = await account();
    expect(await begin(id, `a@${domain}`)).toMatchObject({ ok: true });
    const again = await begin(await account(), `A+x@${domain}`);
    expect(again).toMatchObject({ ok: false, reason: 'limited', scope: 'mailbox', retryAfter: 60 });
    for (const name of ['b', 'c', 'd', 'e', 'f'])
      expect((await begin(id, `${name}@${domain}`)).ok).toBe(true);
    expect(await begin(id, `g@${domain}`)).toMatchObject({ ok: false, reason: 'limited', scope: 'account' });
  });

  it('is not offered without mail, nor for free mail, public suffixes and what is no address', async () => {
    const id = await account();
    const input = { accountId: id, companyId, email: `li@${domain}`, language: 'en' } as const;
    expect(await service({ mail: false }).begin(input)).toEqual({ ok: false, reason: 'no_mail' });
    expect(await begin(id, 'li@vip.qq.com')).toEqual({ ok: false, reason: 'free_mail' });
    expect(await begin(id, 'li@com.cn')).toEqual({ ok: false, reason: 'public_suffix' });
    expect(await begin(id, 'li')).toEqual({ ok: false, reason: 'malformed' });
    expect(await begin(id, '"li"@qq.com')).toEqual({ ok: false, reason: 'unsupported' });
  });

  it('rests on domains that are bound once a company, and may be shared by companies', async () => {
    expect(await bind(` @${domain.toUpperCase()}`)).toEqual({ ok: true, domain, added: false });
    expect(await bind('公司明信.cn')).toMatchObject({ ok: true, added: true });
    const sister = await database.stores.companies.ensure(`91350100M000100S${people}`, '姐妹公司');
    expect(await bind(domain, sister.id)).toEqual({ ok: true, domain, added: true });
    expect(await bind('qq.com')).toEqual({ ok: false, reason: 'free_mail' });
    expect(await bind('com.cn')).toEqual({ ok: false, reason: 'public_suffix' });
    expect(await bind('x')).toEqual({ ok: false, reason: 'malformed' });
    expect(await bind(domain, 'com_unknown' as CompanyId)).toEqual({ ok: false, reason: 'unknown_company' });
    const listed = await service().listDomains(database.stores, companyId);
    expect(listed.map((one) => [one.domain, one.boundBy])).toEqual([
      [domain, 'stf_1'],
      [expect.stringMatching(/^xn--/), 'stf_1'],
    ]);
    expect(await unbind('never.cn')).toEqual({ ok: false, reason: 'not_bound' });
    expect(await unbind(domain)).toMatchObject({ ok: true });
    expect(await service().listDomains(database.stores, sister.id)).toHaveLength(1);
  });

  it('takes its locks in the order of an administrator who removes the domain', async () => {
    const accountId = await account();
    await begin(accountId, `member@${domain}`);
    const code = await codeOf(accountId);
    let begun = () => {};
    let proving = () => {};
    const locked = new Promise<void>((resolve) => (begun = resolve));
    const proved = new Promise<void>((resolve) => (proving = resolve));
    const locking = service({
      async onProved(stores) {
        proving();
        await stores.companies.lock(companyId);
      },
    });
    const removing = database.transact(async (stores) => {
      await stores.companies.lock(companyId);
      begun();
      // Either it gets as far as its own lock, or it waits for ours as it should.
      await Promise.race([proved, setTimeout(300)]);
      return locking.unbindDomain(stores, { companyId, domain });
    });
    await locked;
    const [confirmed, removed] = await Promise.all([
      locking.confirm({ accountId, companyId, code }),
      removing,
    ]);
    expect(removed.ok).toBe(true);
    expect(confirmed).toMatchObject({ ok: false, reason: 'domain_not_bound' });
  });
});
