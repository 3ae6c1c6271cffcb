import type { RequestListener } from 'node:http';
import type Router from '@koa/router';
import { createMessages } from './accounts/index.ts';
import type { Config } from './config.ts';
import { systemClock, type Clock } from './core/clock.ts';
import { createIds, type MessageId } from './core/ids.ts';
import { createLog, type Log } from './core/log.ts';
import { systemRandom, type Random } from './core/random.ts';
import { healthApi } from './http/api/health.ts';
import type { State } from './http/context.ts';
import { createCsrf } from './http/csrf.ts';
import { galleryPages } from './http/pages/gallery.ts';
import { homePages } from './http/pages/home.ts';
import { inboxPages } from './http/pages/inbox.ts';
import { legalPages } from './http/pages/legal.ts';
import { createServer } from './http/server.ts';
import {
  createJobRunner,
  createPurger,
  type JobHandlers,
  type JobRunner,
  type Purger,
} from './jobs/index.ts';
import { createSmsSender } from './providers/sms/index.ts';
import { openDatabase, type Database } from './storage/database.ts';

/** What tests and the test kit may replace; everything else is the real thing. */
export type Overrides = {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Log;
};

export type App = {
  readonly handler: RequestListener;
  readonly database: Database;
  readonly jobs: JobRunner;
  readonly purger: Purger;
  /** Starts background work: the job queue and the purge. */
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

  const database = await openDatabase(
    { url: config.databaseUrl, dataDir: config.dataDir, durability: config.databaseDurability },
    { clock, random, ids, keyEncryptionKeys: config.keyEncryptionKeys, indexKeys: config.indexKeys },
  );
  const { stores } = database;

  const sender = createSmsSender(config, stores.inbox);
  const messages = createMessages({ messages: stores.messages, sender, clock, log });

  const handlers: JobHandlers = {
    'sms.send': ({ messageId }) => messages.deliver(messageId as MessageId),
    'images.destroy': async () => undefined,
  };
  const jobs = createJobRunner({ jobs: stores.jobs, handlers, clock, log });
  database.onEnqueued(jobs.wake);
  const purger = createPurger(
    {
      events: stores.events,
      jobs: stores.jobs,
      sign_ins: stores.signIns,
      challenges: stores.challenges,
      limits: stores.limits,
      messages: stores.messages,
      inbox_messages: stores.inbox,
    },
    { clock, log },
  );

  const csrf = createCsrf(config.cookieKeys, config.issuer, random);
  const routers: Router<State>[] = [
    homePages({ development: config.mode === 'development' }),
    ...(config.mode === 'development'
      ? [
          galleryPages(),
          inboxPages({ inbox: stores.inbox, settle: jobs.drain, countries: config.phoneCountries }),
        ]
      : []),
    legalPages({ operator: { name: config.operatorName, contact: config.operatorContact } }),
    healthApi({ ready: async () => (await database.connection.knex.raw('select 1'), true) }),
  ];
  const server = createServer({ config, clock, random, log, csrf, routers });

  return {
    handler: server.callback(),
    database,
    jobs,
    purger,
    start() {
      jobs.start();
      purger.start();
    },
    async close() {
      await jobs.stop();
      await purger.stop();
      await database.close();
    },
  };
}
