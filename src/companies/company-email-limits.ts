import {
  createCounters,
  mailboxOf,
  type CounterRule,
  type Counters,
  type EmailAddress,
} from '../accounts/index.ts';
import { days, hours, minutes } from '../core/clock.ts';
import type { AccountId, CompanyId } from '../core/ids.ts';

export type EmailLimitScope = 'mailbox' | 'account' | 'company' | 'installation';

export type EmailLimitRule = CounterRule<'company_email_send' | 'company_email_code', EmailLimitScope>;

export type EmailLimitSubject = {
  readonly email: EmailAddress;
  readonly accountId: AccountId;
  readonly companyId: CompanyId;
};

const rule = (
  action: EmailLimitRule['action'],
  scope: EmailLimitScope,
  window: number,
  max: number,
  slot: number,
): EmailLimitRule => ({ name: `${action}_${scope}_${window / 60_000}m`, action, scope, window, max, slot });

/** Like those of text messages: one code a minute to a mailbox, and no bombing of people or companies. */
const rules: readonly EmailLimitRule[] = [
  rule('company_email_send', 'mailbox', minutes(1), 1, 1),
  rule('company_email_send', 'mailbox', hours(1), 5, 1),
  rule('company_email_send', 'mailbox', days(1), 10, 1),
  rule('company_email_send', 'account', hours(1), 6, 1),
  rule('company_email_send', 'account', days(1), 15, 1),
  rule('company_email_send', 'company', hours(1), 60, minutes(1)),
  rule('company_email_send', 'company', days(1), 200, minutes(30)),
  rule('company_email_send', 'installation', days(1), 10_000, minutes(30)),
  rule('company_email_code', 'mailbox', hours(1), 10, 1),
  rule('company_email_code', 'mailbox', days(1), 30, 1),
  rule('company_email_code', 'account', hours(1), 10, 1),
  rule('company_email_code', 'account', days(1), 30, 1),
];

export function createEmailLimits(): Counters<EmailLimitRule, EmailLimitSubject> {
  return createCounters(rules, ({ name, scope }, { email, accountId, companyId }) => {
    const of = { mailbox: mailboxOf(email), account: accountId, company: companyId, installation: 'all' };
    return `${name}:${of[scope]}`;
  });
}
