import * as fc from 'fast-check';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/core/clock.ts';
import {
  defaultPolicy,
  deriveRecruiter,
  isEntitled,
  meet,
  platformResource,
  scopeTable,
} from '../../../src/entitlements/index.ts';
import { authorize } from '../../support/authorize.ts';
import { createHistorian, histories } from '../../support/fact-histories.ts';
import { startProvider, type TestProvider } from '../../support/provider.ts';

const resource = platformResource.identifier;
const scope = 'openid verification company application:submit job:publish resume:search company:manage';

describe.each(['sqlite', 'postgres'] as const)('the token endpoint, on %s', (dialect) => {
  const runs = dialect === 'sqlite' ? 60 : 15;
  const clock = new ManualClock();
  let provider: TestProvider;
  let app: { id: string; secret: string };
  beforeAll(async () => {
    provider = await startProvider({ dialect, overrides: { clock } });
    app = await provider.addClient();
  });
  afterAll(() => provider.close());

  it(
    `issues nothing that is untrue, whatever happened (${runs} histories)`,
    { timeout: 280_000 },
    async () => {
      const { database, entitlements } = provider.app;
      const historian = createHistorian(database, clock, entitlements);
      let published = 0;
      const property = fc.asyncProperty(histories, async (history) => {
        const world = await historian.newWorld();
        const accountId = world.accounts[0]!;
        const { exchange, config } = await authorize(provider, accountId, { client: app, scope });
        let tokens: client.TokenEndpointResponse = await exchange();
        for (const one of history) {
          await historian.happen(world, one);
          // An account that was disabled has no tokens any more; it would have to sign in again.
          if (one.kind === 'disable' && one.who === 0) {
            await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toThrow();
            break;
          }
          for (const parameters of [{}, { resource }]) {
            tokens = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', parameters);
            const carried = (tokens.scope ?? '').split(' ').filter(Boolean);
            if ('resource' in parameters) {
              expect(decodeJwt(tokens.access_token)['scope'] ?? '').toBe(carried.join(' '));
            }
            if (carried.includes('job:publish')) published++;
            const facts = (await database.stores.entitlements.facts(accountId))!;
            const now = clock.now();
            const met = meet(facts, now, deriveRecruiter(facts, now, defaultPolicy));
            const untrue = carried.filter((name) => {
              const row = scopeTable.find((found) => found.scope === name);
              return !row || !isEntitled(row, met);
            });
            expect(untrue).toEqual([]);
          }
        }
        await historian.leave(world);
      });
      await fc.assert(property, { numRuns: runs });
      expect(published).toBeGreaterThan(runs / 4);
    },
  );
});
