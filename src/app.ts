import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import type Router from '@koa/router';
import {
  createAccounts,
  createLimits,
  createMessages,
  createPasswordHasher,
  createPasswordSignIn,
  createRegistration,
  createSignInCodes,
  createTestNumbers,
  limitRules,
  MAIL_PAUSES,
  type PolicyVersions,
} from './accounts/index.ts';
import { auditKept } from './audit/index.ts';
import type { Config } from './config.ts';
import { systemClock, type Clock } from './core/clock.ts';
import {
  createIds,
  type AccountId,
  type CaseId,
  type CompanyCheckId,
  type CompanyId,
  type MessageId,
} from './core/ids.ts';
import { createLog, type Log } from './core/log.ts';
import { systemRandom, type Random } from './core/random.ts';
import { deriveKey } from './core/seal.ts';
import { createClients, type Clients } from './clients/index.ts';
import {
  compareEntry,
  createCheckDecisions,
  createCompanies,
  createCompanyChecks,
  createAccountClasses,
  createCompanyEmail,
  createDeposits,
  createDomains,
  createInvitations,
  createLetterPrinter,
  createMembers,
  createReminders,
  defaultCompanyPolicy,
} from './companies/index.ts';
import {
  createEntitlements,
  createExplanations,
  defaultPolicy as recruiterPolicy,
  deriveCompanies,
  factsKept,
  type Entitlements,
  type Explanations,
} from './entitlements/index.ts';
import { createOidc, type Oidc } from './oidc/index.ts';
import { openHotPath } from './storage/artifacts/index.ts';
import { healthApi } from './http/api/health.ts';
import { recruitersApi } from './http/api/recruiters.ts';
import { ssfApi } from './http/api/ssf/index.ts';
import type { State } from './http/context.ts';
import { createCsrf } from './http/csrf.ts';
import { accountPages } from './http/pages/account.ts';
import { companyPages } from './http/pages/company/index.ts';
import { companyCheckPages, takesCompanyPicture } from './http/pages/company-checks/index.ts';
import { galleryPages } from './http/pages/gallery.ts';
import { holdPages } from './http/pages/hold.ts';
import { homePages } from './http/pages/home.ts';
import { inboxPages } from './http/pages/inbox.ts';
import { devStaffPages } from './http/pages/dev-staff.ts';
import { legalPages, legalVersions } from './http/pages/legal.ts';
import { signInPages } from './http/pages/sign-in.ts';
import { staffPages } from './http/pages/staff/index.ts';
import { takesPicture, verifyPages } from './http/pages/verify/index.ts';
import { addDemoClient, demoClient } from './development.ts';
import { createHandedOver } from './http/handed-over.ts';
import { appsPages } from './http/pages/apps.ts';
import { interactionPages } from './http/pages/interaction.ts';
import { createServer } from './http/server.ts';
import { createUploads } from './http/upload.ts';
import {
  createJobRunner,
  createPurger,
  createSweeper,
  type JobHandlers,
  type JobRunner,
  type Purger,
  type Sweeper,
} from './jobs/index.ts';
import { createDepositSender } from './providers/deposits/index.ts';
import { createAuthority } from './providers/authority/index.ts';
import { createRegistry } from './providers/registry/index.ts';
import { createImageProcessor } from './providers/images/image-processor.ts';
import { createLocalObjects } from './providers/objects/local-objects.ts';
import { createRecogniser } from './providers/recognition/index.ts';
import { createMailSender } from './providers/mail/index.ts';
import { createHttpSender } from './providers/signals/http-sender.ts';
import { createSmsSender } from './providers/sms/index.ts';
import { createReview, reviewPolicyWith, type Review } from './review/index.ts';
import { loadPolicy } from './load-policy.ts';
import { createSignals, type Signals } from './signals/index.ts';
import { openDatabase, type Database } from './storage/database.ts';
import type { Stores } from './storage/stores.ts';
import {
  createCompanyPapers,
  createVerification,
  defaultPolicy,
  imageLimits,
  type VerificationPolicy,
} from './verification/index.ts';

/** What tests and the test kit may replace; everything else is the real thing. */
export type Overrides = {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Log;
};

export type App = {
  readonly handler: RequestListener;
  readonly database: Database;
  readonly clients: Clients;
  readonly entitlements: Entitlements;
  readonly explanations: Explanations;
  readonly oidc: Oidc;
  readonly review: Review;
  readonly signals: Signals;
  /** What the machine may conclude, and for how long things are kept. */
  readonly policy: VerificationPolicy;
  readonly jobs: JobRunner;
  readonly purger: Purger;
  readonly sweeper: Sweeper;
  /** Starts background work: the job queue, the purge and the sweeps. */
  start(): void;
  /** Waits for running jobs and closes the database. Stop the HTTP server first. */
  close(): Promise<void>;
};

/** The composition root: every part is made here, once, in the order of the import rules. */
export async function createApp(config: Config, overrides: Overrides = {}): Promise<App> {
  const clock = overrides.clock ?? systemClock;
  const random = overrides.random ?? systemRandom;
  const log = overrides.log ?? createLog(config.logLevel);
  const ids = createIds(clock, random);
  const policy = loadPolicy(config);

  const database = await openDatabase(
    { url: config.databaseUrl, dataDir: config.dataDir, durability: config.databaseDurability },
    { clock, random, ids, keyEncryptionKeys: config.keyEncryptionKeys, indexKeys: config.indexKeys },
  );
  const { stores } = database;
  await recordPolicy(stores.audit, policy.version);

  const sender = createSmsSender(config, stores.inbox);
  const messages = createMessages({ messages: stores.messages, sender, clock, log });

  const mails = createMessages({
    messages: stores.mails,
    sender: createMailSender(config, stores.mailInbox),
    pauses: MAIL_PAUSES,
    clock,
    log,
  });

  const entitlements = createEntitlements({
    transact: database.transact,
    entitlements: stores.entitlements,
    clock,
  });
  const explanations = createExplanations({ ...stores, clock });
  const recompute = async (bound: Stores, accountId: Parameters<Entitlements['recompute']>[1]) => {
    await verification.resettle(bound, accountId);
    await entitlements.recompute(bound, accountId);
  };
  const companyPolicy = { ...defaultCompanyPolicy, recheckAfter: policy.companyRecheck };
  const host = new URL(config.issuer).host;
  const registry = createRegistry(config, { clock, log, compare: compareEntry });
  const companies = createCompanies<Stores>({
    stores,
    transact: database.transact,
    clock,
    policy: companyPolicy,
    registry,
    recompute,
    remind: createReminders<Stores>({ clock, ids, host }),
  });
  const memberParts = {
    stores,
    transact: database.transact,
    clock,
    random,
    policy: companyPolicy,
    recompute,
    async isEligible(bound: Stores, accountId: AccountId, companyId: CompanyId) {
      const facts = await bound.entitlements.facts(accountId);
      const standings = facts ? deriveCompanies(facts, clock.now(), recruiterPolicy) : [];
      return standings.some((one) => one.companyId === companyId && one.status === 'eligible');
    },
    isVerified: async (bound: Stores, accountId: AccountId) =>
      (await verifiedName(bound, accountId)) !== undefined,
  };
  const depositSender = createDepositSender(config);
  const sendsMail = config.mailVendor !== 'none';
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
    proofLifetime: companyPolicy.recheckAfter,
    onProved: async (bound, { accountId, companyId }) =>
      void (await members.prove(bound, {
        accountId,
        companyId,
        evidence: 'company_email',
        until: clock.now() + companyPolicy.recheckAfter,
      })),
  });
  const imageProcessor = createImageProcessor({ limits: imageLimits, log });
  const recogniser = createRecogniser(config.recogniser, log);
  const objects = createLocalObjects(join(config.dataDir, 'objects'), random);
  const verification = createVerification<Stores>({
    stores,
    transact: database.transact,
    clock,
    random,
    log,
    policy,
    images: imageProcessor,
    recogniser,
    authority: createAuthority(config, { clock, random }),
    objects,
    companies,
    recompute,
  });
  const companyParts = {
    stores,
    transact: database.transact,
    clock,
    random,
    log,
    policy: companyPolicy,
    picturesKept: policy.companyImagesKept,
    objects,
    recompute,
  };
  const companyChecks = createCompanyChecks<Stores>({
    ...companyParts,
    registry,
    papers: createCompanyPapers({ images: imageProcessor, recogniser, clock, policy }),
  });
  const letterPrinter = createLetterPrinter();
  const deposits = createDeposits<Stores>({ ...companyParts, sender: depositSender });

  const handlers: JobHandlers = {
    'sms.send': ({ messageId }) => messages.deliver(messageId as MessageId),
    'mail.send': ({ messageId }) => mails.deliver(messageId as MessageId),
    'images.destroy': ({ caseId }) => verification.destroyImages(caseId as CaseId),
    'case.examine': ({ caseId }) => verification.examine(caseId as CaseId),
    async 'deposit.send'({ checkId }) {
      const sent = await deposits.send(checkId as CompanyCheckId);
      return sent === 'retry' ? { outcome: 'retry', error: 'bank_unavailable' } : { outcome: 'done' };
    },
  };
  const jobs = createJobRunner({ jobs: stores.jobs, handlers, clock, log });
  database.onEnqueued(jobs.wake);
  const purger = createPurger(
    {
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
      company_checks: { purge: companyChecks.sweep },
      company_deposits: { purge: deposits.sweep },
      signal_deliveries: stores.deliveries,
      recruiter_facts: {
        purge: (now, limit) => stores.entitlements.purgeSnapshots(now - factsKept, limit),
      },
    },
    { clock, log },
  );
  // What only time changes. The statuses come last: they follow from all the others.
  const sweeper = createSweeper(
    {
      person_verifications: verification.expirePersons,
      companies: (_now, limit) => companies.sweep(limit),
      recruiter_statuses: entitlements.sweep,
    },
    { clock, log },
  );

  const hotPath = openHotPath(database);
  const handedOver = createHandedOver();
  const oidc = await createOidc({
    issuer: config.issuer,
    cookieSecrets: config.cookieKeys.map(({ key }) => deriveKey(key, 'oidc-cookies').toString('base64url')),
    storage: hotPath.artifacts,
    findClient: hotPath.findClient,
    stores,
    transact: database.transact,
    entitlements,
    subjects: {
      async contact(accountId) {
        const account = await stores.accounts.find(accountId);
        return account && { phone: account.phone, phoneVerified: true, locale: account.locale };
      },
      profile: (accountId) => stores.accounts.readProfile(accountId),
    },
    showPage: (request, response, page) => handedOver.show(pages, request, response, page),
    clock,
    random,
    log,
  });
  const clients = createClients({ store: stores.clients, validate: oidc.validateClient, clock, random });
  if (config.mode === 'development' && config.demoApp) {
    await addDemoClient(clients, config.demoAppUrl, demoClient(config.indexKeys));
  }

  const signals = createSignals({
    issuer: config.issuer,
    transact: database.transact,
    stores,
    identities: {
      subjectFor: oidc.subjectFor,
      companyCode: async (companyId) => (await stores.companies.find(companyId))?.creditCode,
    },
    signToken: oidc.signSecurityEvent,
    sender: createHttpSender({ production: config.mode === 'production' }),
    clock,
    ids,
    random,
    log,
  });
  database.onAppended(signals.fanOut);
  database.onEnqueued(signals.wake);

  const hasher = createPasswordHasher();
  const accountParts = {
    stores,
    transact: database.transact,
    limits: createLimits(
      // In development and in test suites everybody comes from one address.
      limitRules({
        dailyBudget: config.smsDailyBudget,
        sharedFactor: config.mode === 'development' ? 50 : 1,
      }),
      config.phoneCountries[0] ?? '',
    ),
    hasher,
    clock,
    ids,
    random,
    testNumbers: createTestNumbers(config.testNumbers, { mode: config.mode, clock }),
    countries: config.phoneCountries,
    host,
    inForce: versionsInForce(),
    onRolesChanged: entitlements.recompute,
  };
  const accounts = createAccounts(accountParts);

  const review = createReview<Stores>({
    clock,
    ids,
    random,
    hasher,
    stores,
    transact: database.transact,
    cases: verification,
    companies,
    recompute,
    members,
    companyChecks: createCheckDecisions<Stores>(companyParts),
    objects,
    totpIssuer: `Shiming ${host}`,
    drawKey: deriveKey(config.indexKeys[0].key, 'review/second-look'),
    policy: reviewPolicyWith(config.secondReviewShare),
  });
  if (config.mode === 'development' && config.demoApp) await review.seedDevelopment();

  const csrf = createCsrf(
    config.cookieKeys,
    config.issuer,
    random,
    (path) => takesPicture(path) || takesCompanyPicture(path),
  );
  const uploads = createUploads(csrf, { maxBytes: imageLimits.maxBytes, parallel: 16 });
  const routers: Router<State>[] = [
    homePages({ development: config.mode === 'development' }),
    ...(config.mode === 'development'
      ? [
          galleryPages(),
          devStaffPages(review),
          inboxPages({
            inbox: stores.inbox,
            mailInbox: stores.mailInbox,
            settle: jobs.drain,
            countries: config.phoneCountries,
          }),
        ]
      : []),
    interactionPages({ interactions: oidc.interactions }),
    signInPages({
      interactions: oidc.interactions,
      codes: createSignInCodes(accountParts),
      passwords: createPasswordSignIn(accountParts),
      registration: createRegistration(accountParts),
      countries: config.phoneCountries,
    }),
    accountPages({
      signIn: oidc.signIn,
      accounts,
      async standing(accountId) {
        const status = await stores.entitlements.status(accountId);
        const company = status?.companyId ? await stores.companies.find(status.companyId) : undefined;
        return status && { ...status, ...(company ? { company: company.name } : {}) };
      },
      hold: review.holds.ofPerson,
      clock,
    }),
    holdPages({ signIn: oidc.signIn, holds: review.holds }),
    ...companyPages({
      signIn: oidc.signIn,
      stores,
      members,
      invitations: createInvitations<Stores>(memberParts),
      domains: createDomains<Stores>(memberParts, emails),
      emails,
      mail: sendsMail,
      nameOf: (accountId) => verifiedName(stores, accountId),
      standings: async (accountId) => (await stores.entitlements.status(accountId))?.companies ?? [],
      issuer: config.issuer,
      clock,
    }),
    companyCheckPages({
      signIn: oidc.signIn,
      uploads,
      clock,
      checks: companyChecks,
      deposits,
      classes: createAccountClasses<Stores>(companyParts),
      printer: letterPrinter,
      persons: stores.persons,
    }),
    verifyPages({
      signIn: oidc.signIn,
      uploads,
      verification,
      findApp: async (uid, accountId) => (await oidc.interactions.peek(uid, accountId))?.client,
      hold: review.holds.ofPerson,
      contact: config.operatorContact,
    }),
    ...staffPages({ clock, issuer: config.issuer, review, signals: signals.operations }),
    appsPages({ signIn: oidc.signIn, oidc, clients }),
    legalPages({ operator: { name: config.operatorName, contact: config.operatorContact } }),
    recruitersApi({
      people: oidc.people,
      explanations,
      readCode(typed) {
        const read = companies.readCode(typed);
        return read.ok ? read.code : undefined;
      },
      clock,
    }),
    healthApi({ ready: async () => (await database.connection.knex.raw('select 1'), true) }),
  ];
  const ssf = ssfApi({
    signals,
    readToken: oidc.readMachineToken,
    issuer: config.issuer,
    production: config.mode === 'production',
  });
  const server = createServer({ config, clock, random, log, csrf, routers, early: [handedOver.render, ssf] });
  const pages = server.callback();

  return {
    // The provider's endpoints do not pass through the pages' stack: they are the way of every token.
    handler: (request, response) =>
      oidc.isProviderPath(request.url ?? '') ? oidc.handler(request, response) : pages(request, response),
    database,
    clients,
    entitlements,
    explanations,
    oidc,
    review,
    signals,
    policy,
    jobs,
    purger,
    sweeper,
    start() {
      jobs.start();
      purger.start();
      signals.start();
      sweeper.start();
      oidc.start();
    },
    async close() {
      oidc.stop();
      await jobs.stop();
      await purger.stop();
      await signals.stop();
      await sweeper.stop();
      await review.close();
      await letterPrinter.close();
      await recogniser.close();
      await imageProcessor.close();
      await hasher.close();
      await database.close();
    },
  };
}

/** A policy that came into force is in the audit log, from the first one that is not the program's own. */
async function recordPolicy(audit: Stores['audit'], version: string): Promise<void> {
  const before = (await audit.latest('policy.changed'))?.target ?? defaultPolicy.version;
  if (before !== version) await audit.append({ actor: 'system', action: 'policy.changed', target: version });
}

/** The name that was verified of somebody, while the verification is in force. */
async function verifiedName({ persons }: Stores, accountId: AccountId): Promise<string | undefined> {
  const person = await persons.find(accountId);
  return person?.state === 'verified' ? person.claims?.name : undefined;
}

/** The newest published version of each text; a text that is missing is a broken installation. */
function versionsInForce(): PolicyVersions {
  const { agreement, privacy } = legalVersions();
  if (!agreement[0] || !privacy[0]) throw new Error('views/legal lacks the agreement or the privacy policy');
  return { agreement: agreement[0], privacy: privacy[0] };
}
