import { createMessages, MAIL_PAUSES } from '../accounts/index.ts';
import { auditKept } from '../audit/index.ts';
import type { CaseId, CompanyCheckId, MessageId } from '../core/ids.ts';
import { factsKept, type Entitlements } from '../entitlements/index.ts';
import { createJobRunner, createPurger, createSweeper, type JobHandlers } from '../jobs/index.ts';
import { createMailSender } from '../providers/mail/index.ts';
import { createSmsSender } from '../providers/sms/index.ts';
import type { Stores } from '../storage/stores.ts';
import type { Verification } from '../verification/index.ts';
import type { CompanyParts } from './companies.ts';
import type { Foundation } from './foundation.ts';

type Workers = Pick<CompanyParts, 'companies' | 'checks' | 'deposits' | 'notices'> & {
  readonly verification: Verification<Stores>;
  readonly entitlements: Entitlements;
};

/** What happens without a request: the jobs, the purge of what expired, and the sweeps of what time changed. */
export function createBackground(foundation: Foundation, workers: Workers) {
  const { clock, log, database } = foundation;
  const jobs = createJobRunner({
    jobs: database.stores.jobs,
    handlers: jobHandlers(foundation, workers),
    clock,
    log,
  });
  return {
    jobs,
    purger: createPurger(purges(database.stores, workers), { clock, log }),
    sweeper: createSweeper(sweeps(workers), { clock, log }),
  };
}

/** Each hands its job to one call of a service. */
function jobHandlers(
  { config, clock, log, database: { stores } }: Foundation,
  { verification, deposits, notices }: Workers,
): JobHandlers {
  const sender = createSmsSender(config, stores.inbox);
  const messages = createMessages({ messages: stores.messages, sender, clock, log });

  const mails = createMessages({
    messages: stores.mails,
    sender: createMailSender(config, stores.mailInbox),
    pauses: MAIL_PAUSES,
    clock,
    log,
  });

  return {
    'sms.send': ({ messageId }) => messages.deliver(messageId as MessageId),
    'mail.send': ({ messageId }) => mails.deliver(messageId as MessageId),
    'images.destroy': ({ caseId }) => verification.destroyImages(caseId as CaseId),
    'case.examine': ({ caseId }) => verification.examine(caseId as CaseId),
    'company.notice': notices.give,
    async 'deposit.send'({ checkId }) {
      const sent = await deposits.send(checkId as CompanyCheckId);
      return sent === 'retry' ? { outcome: 'retry', error: 'bank_unavailable' } : { outcome: 'done' };
    },
  };
}

/** Every table with an expiry, and what ends for good when its time is over. */
function purges(
  stores: Stores,
  { verification, checks, deposits }: Workers,
): Parameters<typeof createPurger>[0] {
  return {
    artifacts: stores.artifacts,
    events: stores.events,
    jobs: stores.jobs,
    sign_ins: stores.signIns,
    challenges: stores.challenges,
    limits: stores.limits,
    messages: stores.messages,
    inbox_messages: stores.inbox,
    mails: stores.mails,
    inbox_mails: stores.mailInbox,
    company_emails: stores.companyEmails,
    verification,
    examination: { purge: verification.referUnjudged },
    staff: stores.staff,
    case_claims: stores.claims,
    review_log: stores.reviewLog,
    audit_log: { purge: (now, limit) => stores.audit.purge(now - auditKept, limit) },
    review_opinions: stores.opinions,
    company_activity: stores.companyActivity,
    company_invitations: stores.invitations,
    company_checks: { purge: checks.sweep },
    company_deposits: { purge: deposits.sweep },
    signal_deliveries: stores.deliveries,
    recruiter_facts: {
      purge: (now, limit) => stores.entitlements.purgeSnapshots(now - factsKept, limit),
    },
  };
}

/** What only time changes. The statuses come last: they follow from all the others. */
function sweeps({ verification, companies, entitlements }: Workers): Parameters<typeof createSweeper>[0] {
  return {
    person_verifications: verification.expirePersons,
    companies: (_now, limit) => companies.sweep(limit),
    recruiter_statuses: entitlements.sweep,
  };
}
