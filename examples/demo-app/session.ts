import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Note } from './pages.ts';

export type SignedIn = {
  subject: string;
  /** Scopes of both access tokens: the one about the person and the one for the API. */
  scopes: readonly string[];
  /** What the id token and the userinfo endpoint said about the person. */
  claims: Readonly<Record<string, unknown>>;
  idToken: string;
  refreshToken: string | undefined;
  /** The JWT access token for the jobs API; absent when the provider issued none. */
  apiToken: string | undefined;
  /** Milliseconds since 1970. */
  expiresAt: number;
};

/** A sign-in that has left for the provider; its key is the `state`. */
export type Departure = { nonce: string; codeVerifier: string };

export type Session = {
  departures: LRUCache<string, Departure>;
  person?: SignedIn;
  /** Shown once, on the next page. */
  note?: Note;
};

const cookie = 'demo_jobs_session';

export type Sessions = {
  of(request: IncomingMessage, response: ServerResponse): Session;
  /** Replaces the identifier, as is due when somebody signs in or out. */
  renew(request: IncomingMessage, response: ServerResponse): Session;
};

/** Sessions in memory, a thousand at most: this is a demonstration. */
export function createSessions(): Sessions {
  const sessions = new LRUCache<string, Session>({ max: 1000 });
  const begin = (response: ServerResponse): Session => {
    const id = randomBytes(32).toString('base64url');
    const session: Session = { departures: new LRUCache({ max: 5 }) };
    sessions.set(id, session);
    response.setHeader('set-cookie', `${cookie}=${id}; Path=/; HttpOnly; SameSite=Lax`);
    return session;
  };
  return {
    of: (request, response) => sessions.get(readCookie(request)) ?? begin(response),
    renew(request, response) {
      sessions.delete(readCookie(request));
      return begin(response);
    },
  };
}

function readCookie(request: IncomingMessage): string {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === cookie)?.[1] ?? '';
}
