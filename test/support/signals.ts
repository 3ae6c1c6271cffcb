import { silentLog } from '../../src/core/log.ts';
import type { StreamId } from '../../src/core/ids.ts';
import {
  createSignals,
  type SignalAnswer,
  type SignalRequest,
  type Signals,
} from '../../src/signals/index.ts';
import type { TestDatabase } from './databases.ts';

export const testIssuer = 'https://id.example';

export type TestSignals = Signals & {
  readonly posted: SignalRequest[];
  /** What every receiver answers from now on. */
  answer(answer: SignalAnswer): void;
};

/** Signals over a database, whose receivers are a list; tokens are the claims, unsigned. */
export function createTestSignals(database: TestDatabase): TestSignals {
  const { stores, transact, clock, dependencies } = database;
  const posted: SignalRequest[] = [];
  let next: SignalAnswer = { answered: true, status: 202, body: '' };
  const signals = createSignals({
    issuer: testIssuer,
    transact,
    stores,
    identities: {
      subjectFor: async (accountId, clientId) => `${clientId}/${accountId}`,
      companyCode: async (companyId) => `code of ${companyId}`,
    },
    signToken: async (claims) => JSON.stringify(claims),
    sender: {
      async post(request) {
        posted.push(request);
        return next;
      },
      close: () => undefined,
    },
    clock,
    ids: dependencies.ids,
    random: dependencies.random,
    log: silentLog,
  });
  database.onAppended(signals.fanOut);
  return { ...signals, posted, answer: (answer) => void (next = answer) };
}

/** An app with nothing but a name. */
export async function addTestClient({ stores }: TestDatabase, id: string): Promise<void> {
  const metadata = { redirect_uris: [] } as never;
  const base = { name: id, firstParty: false, secretDigest: null, metadata, createdAt: 0, updatedAt: 0 };
  await stores.clients.create({ id, ...base });
}

/** Somebody who gave these scopes to an app. */
export async function addTestConsent(
  { stores, clock }: TestDatabase,
  accountId: string,
  clientId: string,
  scopes: readonly string[] = ['openid'],
): Promise<void> {
  const at = clock.now();
  const granted = { scopes, claims: [], resources: {}, grantedAt: at, updatedAt: at };
  await stores.consents.write({ accountId: accountId as never, clientId, ...granted });
}

export async function stateOf({ stores }: TestDatabase, id: string) {
  return stores.streams.find(id as StreamId);
}
