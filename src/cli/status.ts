import { InvalidArgumentError, type Command } from 'commander';
import { maskPhone, parsePhone } from '../accounts/index.ts';
import type { App } from '../app.ts';
import type { Config } from '../config.ts';
import type { AccountId } from '../core/ids.ts';
import type { Explanation } from '../entitlements/index.ts';
import { withApp } from './with-app.ts';

/** `status …`: who may publish, and why somebody may not, now or at an instant that was. Looking is in the audit log. */
export function statusCommands(program: Command): void {
  const status = program.command('status').description('why recruiters may or may not publish');
  status
    .command('person <who>')
    .description('the status of a person by phone number or account id, with every open reason')
    .option('--at <instant>', 'as it was then, RFC 3339: 2026-01-31T09:00:00+08:00', readInstant)
    .action((who: string, options: { at?: number }) =>
      withApp(async (app, config) => {
        const at = past(options.at, app);
        const accountId = await findAccount(who, app, config);
        const explained = accountId && (await app.explanations.explain(accountId, at));
        if (!accountId || !explained) throw new Error(accountId ? notKept : 'There is no such account.');
        await recordLook(app, accountId, at);
        printPerson(explained, await numberOf(app, accountId));
      }),
    );
  status
    .command('company <code>')
    .description('everybody who has to do with a company, by its unified social credit code')
    .option('--at <instant>', 'as it was then, RFC 3339: 2026-01-31T09:00:00+08:00', readInstant)
    .action((code: string, options: { at?: number }) =>
      withApp((app) => printCompany(app, code, past(options.at, app))),
    );
}

const notKept = 'Nothing was kept of that time: the account was not there yet, or it is too long ago.';

function readInstant(text: string): number {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : NaN;
  if (Number.isFinite(at)) return at;
  throw new InvalidArgumentError('Give an instant with a time zone, like 2026-01-31T09:00:00+08:00.');
}

function past(at: number | undefined, { database }: App): number | undefined {
  if (at !== undefined && at > database.handle.clock.now()) throw new Error('--at lies in the future.');
  return at;
}

async function findAccount(
  who: string,
  { database }: App,
  { phoneCountries }: Config,
): Promise<AccountId | undefined> {
  if (/^acc_[0-9a-z]{26}$/.test(who)) return who as AccountId;
  const number = parsePhone(who, phoneCountries);
  if (!number.ok) throw new Error('Name a person by a phone number or by an account id (acc_…).');
  return (await database.stores.accounts.findByPhone(number.phone))?.id;
}

async function numberOf({ database }: App, accountId: AccountId): Promise<string> {
  const account = await database.stores.accounts.find(accountId);
  return account ? maskPhone(account.phone) : '';
}

async function recordLook({ database }: App, target: string, at: number | undefined): Promise<void> {
  const details = at === undefined ? {} : { at: iso(at) };
  await database.stores.audit.append({ actor: 'cli', action: 'status.seen', target, details });
}

function printPerson(explained: Explanation, number: string): void {
  const { accountId, at, status, reasons, nextStep, recheckAt, memberships, facts } = explained;
  console.log(`Account    ${accountId}  ${number}`);
  console.log(`At         ${iso(at)}`);
  console.log(`Status     ${status}`);
  console.log(`Next step  ${nextStep}`);
  if (recheckAt !== null) console.log(`Until      ${iso(recheckAt)}, unless something else changes`);
  for (const { reason, since } of reasons) {
    console.log(`Reason     ${reason}${since === undefined ? '' : `, since ${iso(since)}`}`);
  }
  for (const { membership, status: there, reasons: open } of memberships) {
    const { company, role, state } = membership;
    console.log(
      `Company    ${company.creditCode} ${company.name}: ${role}, ${state}, company ${company.state}`,
    );
    console.log(`           ${there}${open.length > 0 ? ` (${open.join(', ')})` : ''}`);
  }
  const { account, person, caseState, held } = facts;
  console.log(
    `Facts      account ${account.state}, ${account.recruiter ? 'recruiter' : 'no recruiter'}, ` +
      `person ${person ? `${person.state} ${person.level} since ${iso(person.verifiedAt)}` : 'not verified'}, ` +
      `case ${caseState ?? 'none'}${held ? ', held' : ''}`,
  );
}

async function printCompany(app: App, code: string, at: number | undefined): Promise<void> {
  let after: AccountId | undefined;
  let rows = 0;
  do {
    const page = await app.explanations.whoMayPublish(code.replaceAll(/[\s-]/g, ''), { at, after });
    if (!page) throw new Error('No company is known by this code.');
    if (after === undefined) {
      console.log(`${page.company.creditCode} ${page.company.name}, at ${iso(page.at)}`);
      await recordLook(app, page.company.id, at);
    }
    for (const { accountId, membership, status, reasons } of page.recruiters) {
      const why = reasons.length > 0 ? ` (${reasons.join(', ')})` : '';
      const number = await numberOf(app, accountId);
      console.log(
        `${status.padEnd(12)}${accountId}  ${number}  ${membership.role}, ${membership.state}${why}`,
      );
      rows++;
    }
    after = page.next;
  } while (after !== undefined);
  if (rows === 0) console.log('Nobody had to do with it.');
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
