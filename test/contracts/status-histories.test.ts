import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { AccountId, CompanyId } from '../../src/core/ids.ts';
import {
  actingFor,
  createEntitlements,
  createExplanations,
  defaultPolicy,
  deriveCompanies,
  deriveRecruiter,
  isEntitled,
  meet,
  personScopes,
  platformResource,
  resourceScopes,
  type Entitlements,
  type StoredStatus,
} from '../../src/entitlements/index.ts';
import { loadCatalogue, type Catalogue } from '../../src/oidc/catalogue.ts';
import { isCurrent } from '../../src/oidc/service.ts';
import { metBy } from '../../src/oidc/subject.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { createHistorian, histories } from '../support/fact-histories.ts';

/** A status as it was stored, by the instant at which it was derived. */
type Recorded = Map<number, Pick<StoredStatus, 'status' | 'reasons'>>;

/** The scopes of a token of a grant that acts for a company, or for none. */
type Token = { readonly companyId: CompanyId | undefined; readonly carried: readonly string[] };

describeDatabases('any history of facts', (open, dialect) => {
  const runs = dialect === 'sqlite' ? 2000 : 100;
  let database: TestDatabase;
  let entitlements: Entitlements;
  let catalogue: Catalogue;
  beforeAll(async () => {
    database = await open();
    const { transact, stores, clock } = database;
    entitlements = createEntitlements({ transact, entitlements: stores.entitlements, clock });
    const platform = resourceScopes.filter(({ resource }) => resource === platformResource.identifier);
    await stores.resources.seed(
      [platformResource],
      platform.map((row) => ({ ...row, resource: platformResource.identifier, titles: {} })),
    );
    catalogue = await loadCatalogue(stores.resources);
  });

  /** What the token endpoint would grant of everything the person may ever have agreed to, by whom they act for. */
  async function scopesOfTokens(accountId: AccountId): Promise<{ tokens: Token[]; derived: boolean }> {
    const { transact, stores, clock } = database;
    let standing = await stores.entitlements.standing(accountId);
    const derived = standing !== undefined && !isCurrent(standing, clock);
    if (derived) {
      await transact((bound) => entitlements.recompute(bound, accountId));
      standing = await stores.entitlements.standing(accountId);
    }
    if (standing?.state !== 'active') return { tokens: [], derived };
    const resource = platformResource.identifier;
    const granted = {
      scopes: personScopes.map(({ scope }) => scope),
      claims: [],
      resources: { [resource]: catalogue.scopesOf(resource).map(({ scope }) => scope) },
    };
    const { status } = standing;
    const companies = [undefined, ...(status?.companies ?? []).map(({ companyId }) => companyId)];
    const tokens = companies.map((companyId) => {
      const acting = { ...standing, status: status && actingFor(status, companyId) };
      const refused = catalogue.refused(granted, metBy(acting));
      const carried = [
        ...granted.scopes.filter((scope) => !refused.scopes.includes(scope)),
        ...(granted.resources[resource] ?? []).filter(
          (scope) => !refused.resources[resource]?.includes(scope),
        ),
      ];
      return { companyId, carried };
    });
    return { tokens, derived };
  }

  it(`derives, remembers and grants what is true (${runs} histories)`, { timeout: 280_000 }, async () => {
    const { stores, clock } = database;
    const explanations = createExplanations({ ...stores, clock });
    const historian = createHistorian(database, clock, entitlements);
    const rows = [...personScopes, ...resourceScopes];
    let publishing = 0;
    let instants = 0;

    const property = fc.asyncProperty(histories, async (history) => {
      const world = await historian.newWorld();
      const recorded = new Map<AccountId, Recorded>(world.accounts.map((id) => [id, new Map()]));

      const check = async (accountId: AccountId, isSwept: boolean) => {
        const facts = (await stores.entitlements.facts(accountId))!;
        const stored = (await stores.entitlements.status(accountId))!;
        const pure = deriveRecruiter(facts, stored.derivedAt, defaultPolicy);
        expect(stored).toMatchObject({ ...pure });
        expect(stored.companies).toEqual(deriveCompanies(facts, stored.derivedAt, defaultPolicy));
        expect(stored.requirements).toEqual([...meet(facts, stored.derivedAt, pure)]);
        if (isSwept && stored.derivedAt <= clock.now()) {
          expect(stored).toMatchObject({ ...deriveRecruiter(facts, clock.now(), defaultPolicy) });
        }
        const snapshot = (await stores.entitlements.snapshot(accountId))!;
        const entries = recorded.get(accountId)!;
        if (stored.derivedAt === clock.now() && stored.derivedAt >= snapshot.validFrom) {
          // What a clock that went back has not reached again is not the past yet.
          for (const at of entries.keys()) if (at >= stored.derivedAt) entries.delete(at);
          entries.set(stored.derivedAt, { status: stored.status, reasons: stored.reasons });
        } else {
          for (const at of entries.keys()) if (at >= snapshot.validFrom) entries.delete(at);
        }
      };
      const checkToken = async (accountId: AccountId) => {
        const { tokens, derived } = await scopesOfTokens(accountId);
        const facts = (await stores.entitlements.facts(accountId))!;
        const now = clock.now();
        for (const { companyId, carried } of tokens) {
          if (carried.includes('job:publish')) publishing++;
          const memberships = facts.memberships.filter(
            ({ company }) => companyId === undefined || company.id === companyId,
          );
          const there = { ...facts, memberships };
          const met = meet(there, now, deriveRecruiter(there, now, defaultPolicy));
          const untrue = carried.filter((scope) => {
            const row = rows.find((one) => one.scope === scope);
            return !row || !isEntitled(row, met);
          });
          expect(untrue).toEqual([]);
        }
        return derived;
      };

      for (const one of history) {
        await historian.happen(world, one);
        for (const accountId of world.accounts) {
          if (one.kind !== 'time') await check(accountId, one.kind === 'sweep');
          if (await checkToken(accountId)) await check(accountId, false);
        }
      }
      for (const [accountId, entries] of recorded) {
        for (const [at, stored] of entries) {
          if (at > clock.now()) continue;
          instants++;
          const then = (await explanations.explain(accountId, at))!;
          expect({ status: then.status, reasons: then.reasons.map(({ reason }) => reason) }).toEqual(stored);
          expect(then.reasons.every(({ since }) => since !== undefined && since <= at)).toBe(true);
        }
      }
      await historian.leave(world);
    });
    await fc.assert(property, { numRuns: runs });
    // Histories in which nothing was ever granted or remembered would show nothing.
    expect(publishing).toBeGreaterThan(runs / 2);
    expect(instants).toBeGreaterThan(runs);
  });
});
