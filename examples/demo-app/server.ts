import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createJobsApi } from './jobs-api.ts';
import { messagePage, signedInPage, signedOutPage, type Note } from './pages.ts';
import { createProviderClient, type SignInAs } from './provider.ts';
import { createSessions, type Session } from './session.ts';
import { style } from './style.ts';
import { chooseLang, type Lang } from './words.ts';

export type DemoAppOptions = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** 0 takes a free one. */
  port: number;
  /** The resource indicator of the jobs API. */
  resource?: string;
};

/** `url` has no trailing slash; redirect URI `<url>/callback`, post-logout redirect URI `<url>/`. */
export type DemoApp = { url: string; close(): Promise<void> };

type Visit = {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  lang: Lang;
  /** Begins a session where the browser brought none. */
  readonly session: Session;
};

/** Starts the demo relying app: a small recruiting site that signs people in with the provider at `issuer`. */
export async function startDemoApp(options: DemoAppOptions): Promise<DemoApp> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, '127.0.0.1', resolve);
  });
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const handle = createHandler({ resource: 'https://platform.example/api', ...options, url });
  server.on('request', (request, response) => void handle(request, response));
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Settings = Required<DemoAppOptions> & { url: string };

function createHandler(
  settings: Settings,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { issuer, resource, url: self } = settings;
  const provider = createProviderClient({
    ...settings,
    redirectUri: `${self}/callback`,
    postLogoutRedirectUri: `${self}/`,
  });
  const jobs = createJobsApi({ issuer, resource });
  const sessions = createSessions();

  const routes: Record<string, (visit: Visit) => Promise<void> | void> = {
    'GET /': ({ response, lang, session }) => {
      const { person, note } = session;
      delete session.note;
      page(response, 200, person ? signedInPage(lang, person, note) : signedOutPage(lang, note));
    },
    'GET /sign-in': async ({ response, url, lang, session }) => {
      const { url: there, state, departure } = await provider.depart(signInAs(url), lang);
      session.departures.set(state, departure);
      redirect(response, there.href);
    },
    'GET /callback': async ({ request, response, url, session }) => {
      const state = url.searchParams.get('state') ?? '';
      const departure = session.departures.get(state);
      session.departures.delete(state);
      try {
        if (!departure) throw new Error('this sign-in was not started in this browser');
        const person = await provider.arrive(url, state, departure);
        sessions.renew(request, response).person = person;
      } catch (error) {
        session.note = { good: false, title: 'failed', hint: 'failedHint', detail: errorCode(error) };
      }
      redirect(response, '/');
    },
    'POST /refresh': async ({ response, session }) => {
      try {
        if (session.person) session.person = await provider.refresh(session.person);
        session.note = { good: true, title: 'refreshed' };
      } catch (error) {
        delete session.person;
        session.note = { good: false, title: 'refreshFailed', detail: errorCode(error) };
      }
      redirect(response, '/');
    },
    'POST /publish': async ({ response, session }) => {
      session.note = await publish(self, session.person?.apiToken);
      redirect(response, '/');
    },
    'POST /sign-out': async ({ request, response, session }) => {
      const there = session.person ? (await provider.signOutUrl(session.person)).href : '/';
      sessions.renew(request, response);
      redirect(response, there);
    },
    'POST /api/jobs': async ({ request, response }) => {
      const { status, headers, body } = await jobs(request.headers.authorization);
      response
        .writeHead(status, { ...headers, 'content-type': 'application/json' })
        .end(JSON.stringify(body));
    },
    'GET /style.css': ({ response }) =>
      void response.writeHead(200, { 'content-type': 'text/css' }).end(style),
    'GET /icon.svg': ({ response }) =>
      void response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(icon),
  };

  return async (request, response) => {
    const url = new URL(request.url ?? '/', self);
    const lang = chooseLang(request.headers['accept-language']);
    setSecurityHeaders(response, new URL(issuer).origin);
    const route = routes[`${request.method} ${url.pathname}`];
    if (!route) return page(response, 404, messagePage(lang, { good: false, title: 'missing' }));
    if (isForeign(request, self))
      return page(response, 403, messagePage(lang, { good: false, title: 'failed' }));
    try {
      await route({
        request,
        response,
        url,
        lang,
        get session() {
          return sessions.of(request, response);
        },
      });
    } catch (error) {
      process.stderr.write(
        `demo app: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
      page(response, 502, messagePage(lang, { good: false, title: 'down', hint: 'downHint' }));
    }
  };
}

async function publish(self: string, token: string | undefined): Promise<Note> {
  if (!token) return { good: false, title: 'noToken', hint: 'refusedHint' };
  const response = await fetch(`${self}/api/jobs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  const body = (await response.json()) as { job?: number; error?: string };
  if (response.status === 201) return { good: true, title: 'published', detail: `#${body.job}` };
  return {
    good: false,
    title: 'refused',
    hint: 'refusedHint',
    detail: body.error ?? String(response.status),
  };
}

/** Another site's form would arrive with its own origin. */
function isForeign({ method, headers }: IncomingMessage, self: string): boolean {
  return method === 'POST' && headers.origin !== undefined && headers.origin !== self;
}

function signInAs(url: URL): SignInAs {
  const wanted = url.searchParams.get('as');
  return wanted === 'newcomer' || wanted === 'recruiter' ? wanted : 'anyone';
}

/** The OAuth error code where there is one, else the message. */
function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'error' in error && typeof error.error === 'string' ? error.error : error.message;
}

function setSecurityHeaders(response: ServerResponse, provider: string): void {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    `form-action 'self' ${provider}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  response.setHeader('content-security-policy', policy.join('; '));
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'same-origin');
  response.setHeader('cache-control', 'no-store');
}

function page(response: ServerResponse, status: number, content: string): void {
  if (!response.headersSent) response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end(content);
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location }).end();
}

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="5" fill="#1f5fbf"/><path fill="#fff" d="M9 6a1.5 1.5 0 0 0-1.5 1.5V8.5H5.5v9h13v-9H16.5V7.5A1.5 1.5 0 0 0 15 6Zm.5 1.5h5v1h-5Z"/></svg>';
