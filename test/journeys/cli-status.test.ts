import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { developmentSecrets } from '../../src/development.ts';
import type { AccountId, CompanyId } from '../../src/core/ids.ts';
import { runCli } from '../support/cli.ts';
import { startProvider, type TestProvider } from '../support/provider.ts';
import { makeEligible, revokePerson } from '../support/recruiters.ts';

vi.setConfig({ testTimeout: 120_000 });

let provider: TestProvider;
let accountId: AccountId;
let companyId: CompanyId;
let code: string;
beforeAll(async () => {
  provider = await startProvider();
  accountId = await provider.addAccount({ roles: ['recruiter'], phone: '+8613900001234' });
  companyId = await makeEligible(provider.app, accountId);
  code = (await provider.app.database.stores.companies.find(companyId))!.creditCode;
});
afterAll(() => provider.close());

const run = (...args: string[]) => {
  const { dataDir, issuer } = provider.config;
  const env = { SHIMING_ISSUER: issuer, ...developmentSecrets(dataDir) };
  return runCli(['status', ...args], { dataDir, env });
};

it('says why somebody may or may not publish, now and then, and notes who was looked at', async () => {
  const eligible = await run('person', '139 0000 1234');
  expect(eligible, eligible.err).toMatchObject({ code: 0 });
  expect(eligible.out).toContain('Status     eligible');
  expect(eligible.out).toContain(accountId);
  expect(eligible.out).not.toContain('13900001234');
  const then = new Date(provider.app.database.handle.clock.now()).toISOString();
  await revokePerson(provider.app, accountId);

  const revoked = await run('person', accountId);
  expect(revoked.out).toContain('Status     ineligible');
  expect(revoked.out).toMatch(/Reason {5}person_revoked, since 20/);
  expect((await run('person', accountId, '--at', then)).out).toContain('Status     eligible');
  const company = await run('company', code.toLowerCase());
  expect(company.out).toMatch(new RegExp(`ineligible +${accountId} .*person_revoked`));
  expect(company.out).not.toContain('13900001234');
  expect((await run('company', code, '--at', then)).out).toMatch(new RegExp(`^eligible +${accountId}`, 'm'));

  const looks = await provider.app.database.stores.audit.newest({ limit: 10 });
  const seen = looks.filter(({ action, actor }) => action === 'status.seen' && actor === 'cli');
  expect(seen.map(({ target }) => target).sort()).toEqual(
    [accountId, accountId, accountId, companyId, companyId].sort(),
  );
});

it('says what is wrong with what was asked', async () => {
  const refusals = [
    [['person', accountId, '--at', 'yesterday'], 'Give an instant with a time zone'],
    [['person', accountId, '--at', '2999-01-01T00:00:00Z'], '--at lies in the future'],
    [['person', accountId, '--at', '2001-01-01T00:00:00Z'], 'Nothing was kept of that time'],
    [['person', 'somebody'], 'Name a person by a phone number'],
    [['person', '13900009999'], 'There is no such account'],
    [['company', '91110000000000000X'], 'No company is known by this code'],
  ] as const;
  for (const [args, sentence] of refusals) {
    const result = await run(...args);
    expect(result.code, args.join(' ')).toBe(1);
    expect(result.err).toContain(sentence);
  }
});
