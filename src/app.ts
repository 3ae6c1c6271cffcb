import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { createAccountParts } from './app/accounts.ts';
import { createBackground } from './app/background.ts';
import { createCompanyParts } from './app/companies.ts';
import { layFoundation, type Overrides, type Recompute } from './app/foundation.ts';
import { createPages } from './app/pages.ts';
import { createClients, type Clients } from './clients/index.ts';
import type { Config } from './config.ts';
import { deriveKey } from './core/seal.ts';
import { addDemoClient, demoClient } from './development.ts';
import {
  createEntitlements,
  createExplanations,
  type Entitlements,
  type Explanations,
} from './entitlements/index.ts';
import { createHandedOver } from './http/handed-over.ts';
import type { JobRunner, Purger, Sweeper } from './jobs/index.ts';
import { createOidc, type Oidc } from './oidc/index.ts';
import { createAuthority } from './providers/authority/index.ts';
import { createImageProcessor } from './providers/images/image-processor.ts';
import { createLocalObjects } from './providers/objects/local-objects.ts';
import { createRecogniser } from './providers/recognition/index.ts';
import { createHttpSender } from './providers/signals/http-sender.ts';
import { createReview, reviewPolicyWith, type Review } from './review/index.ts';
import { createSignals, type Signals } from './signals/index.ts';
import { openHotPath } from './storage/artifacts/index.ts';
import type { Database } from './storage/database.ts';
import type { Stores } from './storage/stores.ts';
import { createVerification, imageLimits, type VerificationPolicy } from './verification/index.ts';

export type { Overrides };

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

/**
 * The composition root: every part is made here, once, in the order of the import rules. What belongs to one subject is
 * put together in a file of `app/`.
 */
export async function createApp(config: Config, overrides: Overrides = {}): Promise<App> {
  const foundation = await layFoundation(config, overrides);
  const { host, clock, random, log, ids, policy, database } = foundation;
  const { stores } = database;

  const entitlements = createEntitlements({
    transact: database.transact,
    entitlements: stores.entitlements,
    clock,
  });
  const explanations = createExplanations({ ...stores, clock });
  const recompute: Recompute = async (bound, accountId) => {
    await verification.resettle(bound, accountId);
    await entitlements.recompute(bound, accountId);
  };
  const images = createImageProcessor({ limits: imageLimits, log });
  const recogniser = createRecogniser(config.recogniser, log);
  const objects = createLocalObjects(join(config.dataDir, 'objects'), random);

  const company = createCompanyParts(foundation, { images, recogniser, objects, recompute });
  const verification = createVerification<Stores>({
    stores,
    transact: database.transact,
    clock,
    random,
    log,
    policy,
    images,
    recogniser,
    authority: createAuthority(config, { clock, random }),
    objects,
    companies: company.companies,
    recompute,
  });

  const { jobs, purger, sweeper } = createBackground(foundation, { ...company, verification, entitlements });
  database.onEnqueued(jobs.wake);

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

  const account = createAccountParts(foundation, { onRolesChanged: entitlements.recompute });

  const review = createReview<Stores>({
    clock,
    ids,
    random,
    hasher: account.hasher,
    stores,
    transact: database.transact,
    cases: verification,
    companies: company.companies,
    recompute,
    members: company.members,
    companyChecks: company.checkDecisions,
    objects,
    totpIssuer: `Shiming ${host}`,
    drawKey: deriveKey(config.indexKeys[0].key, 'review/second-look'),
    policy: reviewPolicyWith(config.secondReviewShare),
  });
  if (config.mode === 'development' && config.demoApp) await review.seedDevelopment();

  const pages = createPages(foundation, {
    account,
    company,
    verification,
    explanations,
    clients,
    oidc,
    review,
    signals,
    jobs,
    handedOver,
  });

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
      await company.printer.close();
      await recogniser.close();
      await images.close();
      await account.hasher.close();
      await database.close();
    },
  };
}
