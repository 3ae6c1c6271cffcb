import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../../src/core/log.ts';
import { authorize } from '../../support/authorize.ts';
import { startProvider, type TestProvider } from '../../support/provider.ts';

let provider: TestProvider;
const lines: string[] = [];
beforeAll(async () => {
  const log = createLog('info', { write: (line: string) => void lines.push(line) });
  provider = await startProvider({ overrides: { log } });
});
afterAll(() => provider.close());

describe('the log of the provider', () => {
  it('has a line for each request with its app and its error, and nothing that was sent or answered', async () => {
    const accountId = await provider.addAccount();
    const app = await provider.addClient();
    const parameters = { login_hint: '+8613800138000' };
    const { exchange, config } = await authorize(provider, accountId, { client: app, parameters });
    const tokens = await exchange();
    await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    await expect(client.refreshTokenGrant(config, 'no-such-token')).rejects.toThrow();
    const requests = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg, route }) => msg === 'request' && route === 'token');
    expect(requests).toMatchObject([
      { status: 200, clientId: app.id, grantType: 'authorization_code' },
      { status: 200, clientId: app.id, grantType: 'refresh_token' },
      { status: 400, clientId: app.id, grantType: 'refresh_token', code: 'invalid_grant' },
    ]);
    for (const { requestId, durationMs } of requests) {
      expect(requestId).toMatch(/^[\w-]{16}$/);
      expect(durationMs).toBeTypeOf('number');
    }
    const text = lines.join('\n');
    for (const secret of [tokens.access_token, tokens.refresh_token ?? '', app.secret, '13800138000']) {
      expect(text).not.toContain(secret);
    }
  });
});
