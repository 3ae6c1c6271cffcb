import {
  answerChallenge,
  CODE_LENGTH,
  composeMail,
  isCode,
  mailboxOf,
  normaliseCode,
  parseEmail,
  type AccountStores,
  type ChallengeProblem,
  type DomainName,
  type EmailAddress,
  type EmailProblem,
  type MailContent,
  type SmsLanguage,
} from '../accounts/index.ts';
import { minutes, type Clock, type Instant } from '../core/clock.ts';
import type { AccountId, CompanyId, Ids, MessageId, StaffId } from '../core/ids.ts';
import { randomDigits, type Random } from '../core/random.ts';
import { failed, ok, type Failed, type Ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import { ownDomain, readCompanyDomain, type DomainProblem } from './company-domain.ts';
import { createEmailLimits, type EmailLimitScope } from './company-email-limits.ts';
import type { CompanyDomain, CompanyEmailProof, CompanyEmailStore } from './company-email-store.ts';
import type { CompanyStores } from './company-store.ts';

/** Longer than that of a text message: mail from strangers is put off for minutes. */
export const EMAIL_CODE_LIFETIME: number = minutes(30);

export type CompanyEmailStores = Pick<CompanyStores, 'companies'> &
  Pick<AccountStores, 'challenges' | 'limits' | 'mails' | 'jobs'> & {
    readonly companyEmails: CompanyEmailStore;
  };

export type CompanyEmailDeps<S extends CompanyEmailStores> = {
  readonly transact: Transact<S>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  /** Whether this installation can send mail at all. */
  readonly mail: boolean;
  /** Milliseconds after which a proof is worth nothing any more. */
  readonly proofLifetime: number;
  /** What follows from a proof, within the transaction that stores it. */
  readonly onProved: (
    stores: S,
    proved: { accountId: AccountId; companyId: CompanyId; domain: DomainName },
  ) => Promise<void>;
};

type Who = { readonly accountId: AccountId; readonly companyId: CompanyId };

export type CompanyEmailBeginProblem =
  | Failed<EmailProblem | 'free_mail' | 'public_suffix' | 'unknown_company' | 'domain_not_bound' | 'no_mail'>
  | Failed<'limited', { retryAfter: number; scope: EmailLimitScope }>;

export type CompanyEmailConfirmProblem =
  | ChallengeProblem
  /** `address_in_use`: the mailbox proves somebody else at this company. */
  | Failed<'empty' | 'malformed' | 'none' | 'domain_not_bound' | 'address_in_use'>
  | Failed<'locked', { retryAfter: number }>;

export type CompanyEmail<S extends CompanyEmailStores> = {
  /**
   * Sends a code to an address of a domain that is bound to the company. A code sent earlier for the same company stops
   * working. `retryAfter` is in seconds.
   */
  begin(
    input: Who & { readonly email: string; readonly language: SmsLanguage },
  ): Promise<Ok<{ email: EmailAddress; domain: DomainName; expiresAt: Instant }> | CompanyEmailBeginProblem>;
  /** Where the newest code of this person for this company was sent, and what became of the mail. */
  pending(
    stores: S,
    who: Who,
  ): Promise<{ email: EmailAddress; expiresAt: Instant; messageId: MessageId } | undefined>;
  /** Tries the code that was sent last. Of parallel tries with the right code one succeeds. */
  confirm(
    input: Who & { readonly code: string },
  ): Promise<Ok<{ proved: 'company_email'; domain: DomainName }> | CompanyEmailConfirmProblem>;
  /** The proof that counts now: not expired, and its domain still bound. */
  proof(stores: S, who: Who): Promise<CompanyEmailProof | undefined>;
  /** Lets addresses of a domain speak for a company. Who may is for the caller to decide and to record. */
  bindDomain(
    stores: S,
    input: { readonly companyId: CompanyId; readonly domain: string; readonly by: AccountId | StaffId },
  ): Promise<Result<{ domain: DomainName; added: boolean }, DomainProblem | 'unknown_company'>>;
  /** Takes that back. `affected`: whose proof rested on the domain and counts no more. */
  unbindDomain(
    stores: S,
    input: { readonly companyId: CompanyId; readonly domain: string },
  ): Promise<Result<{ domain: DomainName; affected: readonly AccountId[] }, 'not_bound'>>;
  listDomains(stores: S, companyId: CompanyId): Promise<CompanyDomain[]>;
};

/** That somebody belongs to a company, shown by reading the mail of an address of the company's own domain. */
export function createCompanyEmail<S extends CompanyEmailStores>(deps: CompanyEmailDeps<S>): CompanyEmail<S> {
  const { transact, clock, ids, random, mail, proofLifetime, onProved } = deps;
  const limits = createEmailLimits();
  const contextOf = ({ accountId, companyId }: Who) => `${accountId}:${companyId}`;

  return {
    async begin({ accountId, companyId, email: typed, language }) {
      if (!mail) return failed('no_mail');
      const parsed = parseEmail(typed);
      if (!parsed.ok) return parsed;
      const { email, domain } = parsed;
      const own = ownDomain(domain);
      if (!own.ok) return own;
      return transact(async (stores) => {
        const now = clock.now();
        const company = await stores.companies.find(companyId);
        if (!company) return failed('unknown_company');
        if (!(await stores.companyEmails.isBound(companyId, domain))) return failed('domain_not_bound');
        const subject = { email, accountId, companyId };
        const allowance = await limits.take(stores.limits, 'company_email_send', subject, now);
        if (!allowance.ok) {
          return failed('limited', { retryAfter: allowance.retryAfter, scope: allowance.rule.scope });
        }
        const code = randomDigits(random, CODE_LENGTH);
        const [challengeId, messageId] = [ids.next('chl'), ids.next('msg')];
        const expiresAt = now + EMAIL_CODE_LIFETIME;
        const context = contextOf({ accountId, companyId });
        await stores.challenges.create({
          id: challengeId,
          purpose: 'company_email',
          context,
          code,
          expiresAt,
        });
        const content = { to: email, ...codeMail(code, company.name, language) };
        await stores.mails.create({ id: messageId, ...content, validUntil: expiresAt }, now);
        await stores.jobs.enqueue({ kind: 'mail.send', payload: { messageId } });
        await stores.companyEmails.request({ ...subject, challengeId, messageId, domain, expiresAt });
        return ok({ email, domain, expiresAt });
      });
    },

    async pending(stores, { accountId, companyId }) {
      const request = await stores.companyEmails.findRequest(accountId, companyId);
      if (!request || request.expiresAt <= clock.now()) return undefined;
      const { email, expiresAt, messageId } = request;
      return { email, expiresAt, messageId };
    },

    async confirm({ accountId, companyId, code: typed }) {
      const code = normaliseCode(typed);
      if (code === '') return failed('empty');
      if (!isCode(code)) return failed('malformed');
      return transact(async (stores) => {
        const now = clock.now();
        const request = await stores.companyEmails.lockRequest(accountId, companyId);
        if (!request) return failed('none');
        const { challengeId: id, domain, email } = request;
        const subject = { email, accountId, companyId };
        const allowance = await limits.take(stores.limits, 'company_email_code', subject, now);
        if (!allowance.ok) return failed('locked', { retryAfter: allowance.retryAfter });
        const answer = { id, purpose: 'company_email', context: contextOf(subject), code } as const;
        const verdict = await answerChallenge(stores.challenges, answer, now);
        if (!verdict.ok) return verdict;
        await limits.giveBack(stores.limits, 'company_email_code', subject, now);
        // In the order in which an administrator who removes the domain takes them: neither waits for the other.
        await stores.companies.lock(companyId);
        if (!(await stores.companyEmails.isBound(companyId, domain, 'hold')))
          return failed('domain_not_bound');
        const proof = { accountId, companyId, domain, email, provedAt: now, expiresAt: now + proofLifetime };
        if (!(await stores.companyEmails.prove({ ...proof, mailbox: mailboxOf(email) })))
          return failed('address_in_use');
        await onProved(stores, { accountId, companyId, domain });
        return ok({ proved: 'company_email' as const, domain });
      });
    },

    async proof(stores, { accountId, companyId }) {
      const proof = await stores.companyEmails.findProof(accountId, companyId, clock.now());
      return proof && (await stores.companyEmails.isBound(companyId, proof.domain)) ? proof : undefined;
    },

    async bindDomain(stores, { companyId, domain: typed, by }) {
      const read = readCompanyDomain(typed);
      if (!read.ok) return read;
      if (!(await stores.companies.find(companyId))) return failed('unknown_company');
      const { domain } = read;
      return ok({ domain, added: await stores.companyEmails.bind(companyId, domain, by) });
    },

    async unbindDomain(stores, { companyId, domain: typed }) {
      // Also one that could not be bound today: the list of free mail grows.
      const bound = await stores.companyEmails.listDomains(companyId);
      const read = readCompanyDomain(typed);
      const wanted = read.ok ? read.domain : typed.trim().toLowerCase();
      const domain = bound.find((one) => one.domain === wanted)?.domain;
      if (domain === undefined || !(await stores.companyEmails.unbind(companyId, domain))) {
        return failed('not_bound');
      }
      return ok({ domain, affected: await stores.companyEmails.listProved(companyId, domain, clock.now()) });
    },

    listDomains: (stores, companyId) => stores.companyEmails.listDomains(companyId),
  };
}

function codeMail(code: string, company: string, language: SmsLanguage): Omit<MailContent, 'to'> {
  const lasts = EMAIL_CODE_LIFETIME / 60_000;
  return language === 'en'
    ? composeMail('en', {
        subject: '[Shiming] Confirm your company e-mail address',
        parts: [
          `This code confirms that you read the mail of this address and act for ${company}:`,
          { code },
          `It is valid for ${lasts} minutes. Enter it only on the page where you asked for it, and give it to nobody.`,
          'If you did not ask for it, you need not do anything.',
        ],
      })
    : composeMail('zh-CN', {
        subject: '【实名】确认您的公司邮箱',
        parts: [
          `此验证码用于确认您在使用这个邮箱，并代表${company}：`,
          { code },
          `${lasts} 分钟内有效。请只在您请求验证码的页面填写，不要告诉任何人。`,
          '如果不是您本人操作，无需理会本邮件。',
        ],
      });
}
