import type { IncomingMessage } from 'node:http';
import type { Clock } from '../core/clock.ts';
import { Provider, type Adapter } from 'oidc-provider';
import type { ArtifactReads, ArtifactStorage, ArtifactWrites, CommitOutcome } from './artifacts.ts';

/** A hundred years, in seconds: oidc-provider names an end for everything it stores, its types do not. */
const NEVER = 100 * 366 * 86_400;

type Metadata = Record<string, unknown>;

export type AdapterDependencies = {
  readonly storage: ArtifactStorage;
  readonly findClient: (id: string) => Promise<Metadata | undefined>;
  readonly clock: Clock;
};

export type RequestAdapter = {
  /** oidc-provider's factory: one adapter for each model. */
  readonly factory: (model: string) => Adapter;
  /** The reads of a request to the provider; of nobody's when there is none. */
  reads(request: IncomingMessage | undefined): ArtifactReads;
  /** Commits what the request wrote, in one transaction; the answer is sent only after it. */
  settle(request: IncomingMessage): Promise<CommitOutcome>;
  /** Ends a grant and everything issued under it. */
  endGrant(grantId: string): Promise<void>;
};

/**
 * Writes of a request are collected and committed together before its answer is sent, so that a token exchange is one
 * commit instead of four, and a code that somebody else has used in the meantime takes the tokens made from it along.
 * Writes outside of a request to the provider (finishing an interaction) are committed at once.
 */
export function createAdapter({ storage, findClient, clock }: AdapterDependencies): RequestAdapter {
  const open = new WeakMap<IncomingMessage, ArtifactWrites>();
  const scopes = new WeakMap<IncomingMessage, ArtifactReads>();
  const reads = (request: IncomingMessage | undefined): ArtifactReads => {
    if (!request) return storage.reads();
    let scope = scopes.get(request);
    if (!scope) scopes.set(request, (scope = storage.reads()));
    return scope;
  };
  const sessions = new WeakMap<IncomingMessage, SeenSession>();

  const write = async (work: (writes: ArtifactWrites) => void): Promise<void> => {
    const request = currentRequest();
    if (!request) {
      const writes = storage.begin();
      work(writes);
      await writes.commit();
      return;
    }
    let writes = open.get(request);
    if (!writes) open.set(request, (writes = storage.begin()));
    work(writes);
  };

  const findSession = async (id: string) => {
    const request = currentRequest();
    const payload = await reads(request).find('Session', id);
    if (request && payload) sessions.set(request, { id, ...fingerprint(payload) });
    return payload;
  };

  return {
    factory: (model) => {
      if (model === 'Client') return clientAdapter(findClient);
      return {
        find: model === 'Session' ? findSession : (id) => reads(currentRequest()).find(model, id),
        findByUid: (uid) => reads(currentRequest()).findByUid(uid),
        findByUserCode: async () => undefined,
        upsert: async (id, payload, expiresIn = NEVER) => {
          const request = model === 'Session' ? currentRequest() : undefined;
          const seen = request && sessions.get(request);
          if (seen?.id === id && isOnlyTouched(seen, fingerprint(payload), expiresIn)) return;
          return write((writes) => writes.upsert(model, id, payload, expiresIn));
        },
        consume: (id) => write((writes) => writes.consume(model, id, clock.now())),
        destroy: (id) => write((writes) => writes.destroy(model, id)),
        revokeByGrantId: (grantId) => write((writes) => writes.revokeByGrantId(grantId)),
      };
    },
    reads,
    async settle(request) {
      const writes = open.get(request);
      if (!writes || writes.isEmpty) return 'committed';
      open.delete(request);
      return writes.commit();
    },
    async endGrant(grantId) {
      const writes = storage.begin();
      writes.revokeByGrantId(grantId);
      writes.destroy('Grant', grantId);
      await writes.commit();
    },
  };
}

type SeenSession = { readonly id: string; readonly content: string; readonly exp: number };

/** Everything about a session but when it ends. */
function fingerprint(payload: object): Omit<SeenSession, 'id'> {
  const { exp, jti: _id, ...rest } = payload as { exp?: number; jti?: string };
  return { content: JSON.stringify(rest), exp: exp ?? 0 };
}

/** A session of which only the end would move, by less than 2 % of its life, is not written. */
function isOnlyTouched(seen: SeenSession, now: Omit<SeenSession, 'id'>, expiresIn: number): boolean {
  return seen.content === now.content && now.exp - seen.exp < expiresIn * 0.02;
}

function currentRequest(): IncomingMessage | undefined {
  return (Provider.ctx as { req: IncomingMessage } | undefined)?.req;
}

/** Clients are registered by operators, never through the protocol. */
function clientAdapter(findClient: AdapterDependencies['findClient']): Adapter {
  const refuse = () => Promise.reject(new Error('clients are registered with the command line'));
  return {
    find: (id) => findClient(id),
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    upsert: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}
