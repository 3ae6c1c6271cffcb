import { mkdtempSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App } from '../app.ts';
import type { Config } from '../config.ts';
import { readConfig } from '../read-config.ts';
import { ManualClock } from '../core/clock.ts';
import { createLog } from '../core/log.ts';
import { systemRandom } from '../core/random.ts';
import { listen } from '../listen.ts';
import { createPerson, type Person, type PersonOptions } from './person.ts';
import { createTestReview, type TestReview } from './review.ts';

export type TestProviderOptions = {
  /** Settings as they would stand in the environment, `SHIMING_…`. */
  settings?: Readonly<Record<string, string>>;
  /** Stands still at the present until it is moved. Times inside tokens are always the real ones. */
  clock?: ManualClock;
};

export type TestClient = {
  /** Made up where it is absent. */
  id?: string;
  name?: string;
  redirectUris: readonly string[];
  postLogoutRedirectUris?: readonly string[];
  /** Without a secret: for apps in the browser or on a phone. */
  public?: boolean;
  /** Nobody is asked for consent. */
  firstParty?: boolean;
};

export type SentMessage = { to: string; text: string; code: string | null };

/** A whole provider in this process: SQLite in a temporary folder, messages in an inbox, a clock that can be moved. */
export type TestProvider = {
  /** Without a trailing slash. */
  readonly issuer: string;
  readonly clock: ManualClock;
  readonly dataDir: string;
  readonly app: App;
  /** Registers a relying app. */
  addClient(client: TestClient): Promise<{ clientId: string; clientSecret: string | undefined }>;
  /** Somebody with a phone and a browser; nobody has an account until they sign in. */
  person(options?: Partial<PersonOptions>): Person;
  /** Plays the reviewers. */
  readonly review: TestReview;
  /** Messages sent to a number (E.164), newest first. */
  messages(phone: string): Promise<SentMessage[]>;
  /** Stops the provider and removes its folder. */
  close(): Promise<void>;
};

export async function startTestProvider(options: TestProviderOptions = {}): Promise<TestProvider> {
  const dataDir = mkdtempSync(join(tmpdir(), 'shiming-testkit-'));
  const clock = options.clock ?? new ManualClock();
  let handler: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = await listen((request, response) => handler(request, response), 0, '127.0.0.1');
  const issuer = `http://localhost:${server.port}`;
  const app = await createApp(configure({ issuer, port: server.port, dataDir }, options.settings), {
    clock,
    log: createLog('silent'),
  });
  handler = app.handler;
  app.start();

  const messages = async (phone: string): Promise<SentMessage[]> => {
    const response = await fetch(`${issuer}/dev/inbox.json?phone=${encodeURIComponent(phone)}`);
    return ((await response.json()) as { messages: SentMessage[] }).messages;
  };
  let people = 0;
  return {
    issuer,
    clock,
    dataDir,
    app,
    review: createTestReview(app),
    messages,
    addClient: (client) => addClient(app, client),
    person: (over) =>
      createPerson({ issuer, clock, messages, phone: randomPhone(), nth: (people += 1), ...over }),
    async close() {
      await server.close(0);
      await app.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function addClient(
  { clients }: App,
  client: TestClient,
): Promise<{ clientId: string; clientSecret: string | undefined }> {
  const { id, name = 'Test app', redirectUris, postLogoutRedirectUris = [], firstParty = false } = client;
  const added = await clients.add({
    ...(id !== undefined && { id }),
    name,
    firstParty,
    metadata: {
      redirect_uris: redirectUris,
      post_logout_redirect_uris: postLogoutRedirectUris,
      ...(client.public && { token_endpoint_auth_method: 'none' }),
    },
  });
  if (!added.ok) throw new Error(`the client was refused: ${added.reason} ${added.detail ?? ''}`);
  return { clientId: added.client.id, clientSecret: added.secret };
}

type Place = { issuer: string; port: number; dataDir: string };

function configure(
  { issuer, port, dataDir }: Place,
  settings: Readonly<Record<string, string>> = {},
): Config {
  const key = (name: string) => `${name}:${systemRandom.bytes(32).toString('base64')}`;
  const result = readConfig({
    SHIMING_ISSUER: issuer,
    SHIMING_PORT: String(port),
    SHIMING_DATA_DIR: dataDir,
    SHIMING_RECOGNISER: 'fake',
    // One approval is enough in every run of a test.
    SHIMING_SECOND_REVIEW_SHARE: '0',
    SHIMING_KEY_ENCRYPTION_KEYS: key('development-kek'),
    SHIMING_INDEX_KEYS: key('development-index'),
    SHIMING_COOKIE_KEYS: key('development-cookie'),
    ...settings,
  });
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.config;
}

/** A mainland number that nobody else in this run was given. */
function randomPhone(): string {
  return `+86138${String(systemRandom.int(100_000_000)).padStart(8, '0')}`;
}
