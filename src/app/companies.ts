import {
  compareEntry,
  createAccountClasses,
  createCheckDecisions,
  createCompanies,
  createCompanyChecks,
  createCompanyEmail,
  createDeposits,
  createDomains,
  createInvitations,
  createLetterPrinter,
  createMembers,
  createNotices,
  createReminders,
  createTelling,
  defaultCompanyPolicy,
} from '../companies/index.ts';
import type { AccountId, CompanyId } from '../core/ids.ts';
import { deriveCompanies, defaultPolicy as recruiterPolicy } from '../entitlements/index.ts';
import { createDepositSender } from '../providers/deposits/index.ts';
import { createRegistry } from '../providers/registry/index.ts';
import type { Stores } from '../storage/stores.ts';
import {
  createCompanyPapers,
  type ImageProcessor,
  type ObjectStore,
  type Recogniser,
} from '../verification/index.ts';
import type { Foundation, Recompute } from './foundation.ts';

type CompanyMeans = {
  readonly images: ImageProcessor;
  readonly recogniser: Recogniser;
  readonly objects: ObjectStore;
  readonly recompute: Recompute;
};

export type CompanyParts = ReturnType<typeof createCompanyParts>;

/** Companies, their members with the ways to prove a membership, and the checks of what companies hand in. */
export function createCompanyParts(
  { config, host, clock, random, log, ids, policy: verificationPolicy, database }: Foundation,
  { images, recogniser, objects, recompute }: CompanyMeans,
) {
  const { stores, transact } = database;
  const policy = { ...defaultCompanyPolicy, recheckAfter: verificationPolicy.companyRecheck };
  const registry = createRegistry(config, { clock, log, compare: compareEntry });
  const base = { stores, transact, clock, random, policy, recompute };

  const sendsMail = config.mailVendor !== 'none';
  const tell = createTelling<Stores>({ clock, ids, mail: sendsMail });
  const notices = createNotices<Stores>({
    transact,
    clock,
    ids,
    host,
    tell,
    dailyBudget: config.smsDailyBudget,
  });
  database.onAppended(notices.owe);

  const companies = createCompanies<Stores>({
    ...base,
    registry,
    remind: createReminders<Stores>({ tell, host }),
  });

  const memberParts = {
    ...base,
    async isEligible(bound: Stores, accountId: AccountId, companyId: CompanyId) {
      const facts = await bound.entitlements.facts(accountId);
      const standings = facts ? deriveCompanies(facts, clock.now(), recruiterPolicy) : [];
      return standings.some((one) => one.companyId === companyId && one.status === 'eligible');
    },
    isVerified: async (bound: Stores, accountId: AccountId) =>
      (await verifiedName(bound, accountId)) !== undefined,
  };
  const depositSender = createDepositSender(config);
  const members = createMembers<Stores>({
    ...memberParts,
    ways: {
      authorisation_letter: { offered: () => true },
      micro_deposit: { offered: () => depositSender !== undefined },
      company_email: {
        offered: async ({ bound, company }) =>
          sendsMail && (await bound.companyEmails.listDomains(company.id)).length > 0,
      },
    },
  });
  const emails = createCompanyEmail<Stores>({
    ...memberParts,
    ids,
    mail: sendsMail,
    proofLifetime: policy.recheckAfter,
    onProved: async (bound, { accountId, companyId }) =>
      void (await members.prove(bound, {
        accountId,
        companyId,
        evidence: 'company_email',
        until: clock.now() + policy.recheckAfter,
      })),
  });

  const checkParts = {
    ...base,
    log,
    picturesKept: verificationPolicy.companyImagesKept,
    objects,
  };
  return {
    companies,
    notices,
    members,
    invitations: createInvitations<Stores>(memberParts),
    domains: createDomains<Stores>(memberParts, emails),
    emails,
    /** Whether mail can be sent at all. */
    sendsMail,
    checks: createCompanyChecks<Stores>({
      ...checkParts,
      registry,
      papers: createCompanyPapers({ images, recogniser, clock, policy: verificationPolicy }),
    }),
    checkDecisions: createCheckDecisions<Stores>({ ...checkParts, ids }),
    deposits: createDeposits<Stores>({ ...checkParts, sender: depositSender }),
    classes: createAccountClasses<Stores>(checkParts),
    printer: createLetterPrinter(),
    nameOf: (accountId: AccountId) => verifiedName(stores, accountId),
  };
}

/** The name that was verified of somebody, while the verification is in force. */
async function verifiedName({ persons }: Stores, accountId: AccountId): Promise<string | undefined> {
  const person = await persons.find(accountId);
  return person?.state === 'verified' ? person.claims?.name : undefined;
}
