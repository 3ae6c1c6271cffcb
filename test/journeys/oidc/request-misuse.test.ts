import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reachApp, startAuthorization } from '../../support/authorize.ts';
import { createCookieBrowser } from '../../support/cookie-browser.ts';
import { startProvider, type TestProvider } from '../../support/provider.ts';

describe.each(['sqlite', 'postgres'] as const)('on %s', (dialect) => {
  let provider: TestProvider;
  let app: { id: string; secret: string };
  beforeAll(async () => {
    provider = await startProvider({ dialect });
    app = await provider.addClient();
  });
  afterAll(() => provider.close());

  describe('an authorization request', () => {
    const page = async (change: (url: URL) => void) => {
      const { address } = await startAuthorization(provider, { client: app });
      change(address);
      const response = await createCookieBrowser().send(address.href);
      return {
        status: response.status,
        location: response.headers.get('location'),
        html: await response.text(),
        csp: response.headers.get('content-security-policy'),
      };
    };

    it.each([
      ['an unknown app', (url: URL) => url.searchParams.set('client_id', 'nobody')],
      [
        'an unregistered redirect address',
        (url: URL) => url.searchParams.set('redirect_uri', 'https://evil.example/'),
      ],
    ])('with %s shows our error page and leads nowhere', async (_name, change) => {
      const answer = await page(change);
      expect(answer.status).toBe(400);
      expect(answer.location).toBeNull();
      expect(answer.html).toContain('<html lang="zh-CN">');
      expect(answer.csp).toContain("default-src 'none'");
      expect(answer.html).not.toMatch(/(href|action|src)="https?:/);
    });

    it.each([
      [
        'no PKCE',
        (url: URL) =>
          ['code_challenge', 'code_challenge_method'].forEach((name) => url.searchParams.delete(name)),
        'invalid_request',
      ],
      ['plain PKCE', (url: URL) => url.searchParams.set('code_challenge_method', 'plain'), 'invalid_request'],
      [
        'an implicit response',
        (url: URL) => url.searchParams.set('response_type', 'token'),
        'unsupported_response_type',
      ],
      [
        'prompt none and nobody signed in',
        (url: URL) => url.searchParams.set('prompt', 'none'),
        'login_required',
      ],
      [
        'an unknown resource',
        (url: URL) => url.searchParams.set('resource', 'https://unknown.example/'),
        'invalid_target',
      ],
      ['claims that are no JSON', (url: URL) => url.searchParams.set('claims', '{'), 'invalid_request'],
    ])('with %s goes back to the app with an error', async (_name, change, error) => {
      const answer = await page(change);
      expect(answer.status).toBe(303);
      const { search, hash } = new URL(answer.location ?? '');
      expect(new URLSearchParams(search || hash.slice(1)).get('error')).toBe(error);
    });

    it('that the person declines goes back with access_denied', async () => {
      const accountId = await provider.addAccount();
      const started = await startAuthorization(provider, { client: app });
      const callback = await reachApp(provider, started, accountId, 'deny');
      expect(callback.searchParams.get('error')).toBe('access_denied');
    });

    it('cannot be answered from another browser', async () => {
      const { browser, address } = await startAuthorization(provider, { client: app });
      const step = await browser.follow(address.href);
      const stranger = await createCookieBrowser().send(step.url.href.replace(/\/phone$/, ''));
      expect(stranger.status).toBe(410);
    });
  });
});
