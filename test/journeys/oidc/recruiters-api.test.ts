import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hours, ManualClock } from '../../../src/core/clock.ts';
import type { AccountId } from '../../../src/core/ids.ts';
import { authorize, discover } from '../../support/authorize.ts';
import { redirectUri, startProvider, type TestProvider } from '../../support/provider.ts';
import { makeEligible, revokePerson } from '../../support/recruiters.ts';

type App = { id: string; secret: string };
type Body = Record<string, unknown> & {
  recruiters?: { sub: string }[];
  next_cursor?: string;
  errors?: { field: string }[];
};
type Answer = { status: number; headers: Headers; body: Body };

describe.each(['sqlite', 'postgres'] as const)('the API that says who may publish, on %s', (dialect) => {
  let provider: TestProvider;
  let own: App;
  let other: App;
  const clock = new ManualClock();
  beforeAll(async () => {
    provider = await startProvider({ dialect, overrides: { clock } });
    own = await newApp();
    other = await newApp();
  });
  afterAll(() => provider.close());

  // Apps of one sector: they know the same people by the same subject, if they know them.
  const newApp = (over = {}) =>
    provider.addClient({
      metadata: {
        redirect_uris: [redirectUri],
        subject_type: 'pairwise',
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        ...over,
      },
    });

  async function tokenOf(app: App, scope = 'recruiter:read'): Promise<string> {
    const config = await discover(provider, app);
    const resource = `${provider.issuer}/api/v1`;
    return (await client.clientCredentialsGrant(config, { scope, resource })).access_token;
  }

  async function ask(path: string, token?: string): Promise<Answer> {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`${provider.issuer}/api/v1${path}`, {
      headers: { ...headers, 'accept-language': 'en' },
    });
    const body = (await response.json()) as Body;
    return { status: response.status, headers: response.headers, body };
  }

  /** Somebody eligible who signed in to the app; answers by which subject it knows them. */
  async function recruiter(app: App, scope = 'openid verification company') {
    const accountId = await provider.addAccount({ roles: ['recruiter'] });
    await provider.app.database.transact((bound) => provider.app.entitlements.recompute(bound, accountId));
    const sub = await signIn(app, accountId, scope);
    clock.advance(1000);
    const companyId = await makeEligible(provider.app, accountId);
    const { creditCode } = (await provider.app.database.stores.companies.find(companyId))!;
    return { accountId, sub, companyId, code: creditCode };
  }

  async function signIn(app: App, accountId: AccountId, scope: string): Promise<string> {
    const { exchange } = await authorize(provider, accountId, { client: app, scope });
    return (await exchange()).claims()!.sub;
  }

  it('answers why, now and at any instant since the person agreed', async () => {
    const one = await recruiter(own);
    const token = await tokenOf(own);
    const eligible = await ask(`/recruiters/${one.sub}`, token);
    expect(eligible.status).toBe(200);
    expect(eligible.headers.get('cache-control')).toBe('no-store');
    expect(eligible.body).toMatchObject({
      sub: one.sub,
      recruiter_status: 'eligible',
      may_publish: true,
      reasons: [],
      companies: [{ code: one.code, may_publish: true }],
    });
    expect(JSON.stringify(eligible.body)).not.toContain(one.accountId);
    const then = clock.now();
    clock.advance(hours(1));
    await revokePerson(provider.app, one.accountId);
    const revokedAt = clock.now();
    clock.advance(hours(1));
    expect((await ask(`/recruiters/${one.sub}`, token)).body).toMatchObject({
      recruiter_status: 'ineligible',
      may_publish: false,
      reasons: [{ reason: 'person_revoked', since: new Date(revokedAt).toISOString() }],
      next_step: 'start_verification',
    });
    const at = encodeURIComponent(new Date(then).toISOString().replace('Z', '+00:00'));
    const past = await ask(`/recruiters/${one.sub}?at=${at}`, token);
    expect(past.body).toMatchObject({ at: new Date(then).toISOString(), recruiter_status: 'eligible' });
    const before = new Date(then - hours(24)).toISOString();
    expect((await ask(`/recruiters/${one.sub}?at=${before}`, token)).status).toBe(404);

    const members = await ask(`/companies/${one.code}/recruiters`, token);
    expect(members.body).toMatchObject({
      company: { code: one.code },
      recruiters: [{ sub: one.sub, may_publish: false, reasons: ['person_revoked'], membership: 'active' }],
    });
    const membersThen = await ask(`/companies/${one.code.toLowerCase()}/recruiters?at=${at}`, token);
    expect(membersThen.body.recruiters).toMatchObject([{ sub: one.sub, may_publish: true }]);
  });

  it('knows nobody who did not agree with the app that asks', async () => {
    const one = await recruiter(own);
    const [mine, theirs] = [await tokenOf(own), await tokenOf(other)];
    expect((await ask(`/recruiters/${one.sub}`, mine)).status).toBe(200);
    expect((await ask(`/recruiters/${one.sub}`, theirs)).status).toBe(404);
    expect((await ask(`/recruiters/${one.accountId}`, mine)).status).toBe(404);
    const asked = await ask(`/companies/${one.code}/recruiters`, theirs);
    expect(asked).toMatchObject({ status: 200, body: { recruiters: [] } });
    // Who agreed to less is not there either.
    const shy = await recruiter(own, 'openid profile');
    expect((await ask(`/recruiters/${shy.sub}`, mine)).status).toBe(404);
    const partly = await recruiter(own, 'openid verification');
    const person = await ask(`/recruiters/${partly.sub}`, mine);
    expect(person.status).toBe(200);
    expect(person.body).not.toHaveProperty('companies');
    expect((await ask(`/companies/${partly.code}/recruiters`, mine)).body.recruiters).toEqual([]);
    // Nor who took it back.
    await provider.app.oidc.withdraw(one.accountId, own.id);
    expect((await ask(`/recruiters/${one.sub}`, mine)).status).toBe(404);
    expect((await ask(`/companies/${one.code}/recruiters`, mine)).body.recruiters).toEqual([]);
  });

  it('knows who signed in to an app of our own, which asks nobody', async () => {
    const house = await newApp();
    await provider.app.clients.update(house.id, { firstParty: true });
    const one = await recruiter(house);
    const token = await tokenOf(house);
    expect((await ask(`/recruiters/${one.sub}`, token)).body).toMatchObject({
      sub: one.sub,
      may_publish: true,
      companies: [{ code: one.code }],
    });
    expect((await ask(`/companies/${one.code}/recruiters`, token)).body).toMatchObject({
      recruiters: [{ sub: one.sub, may_publish: true }],
    });
    // Another app of the sector learns nothing by it.
    expect((await ask(`/recruiters/${one.sub}`, await tokenOf(own))).status).toBe(404);
    // Who signed in and gave less is not there.
    const shy = await recruiter(house, 'openid profile');
    expect((await ask(`/recruiters/${shy.sub}`, token)).status).toBe(404);
  });

  it('takes no token but one of an app for this API, with its scope', async () => {
    const one = await recruiter(own);
    const path = `/recruiters/${one.sub}`;
    const none = await ask(path);
    expect(none.status).toBe(401);
    expect(none.headers.get('www-authenticate')).toBe('Bearer');
    expect(none.headers.get('content-type')).toContain('application/problem+json');
    expect(none.body).toMatchObject({ status: 401, code: 'invalid_token' });
    const forged = await ask(path, 'forged');
    expect(forged.headers.get('www-authenticate')).toContain('invalid_token');
    const { exchange, config } = await authorize(provider, one.accountId, {
      client: own,
      scope: 'openid verification',
    });
    const persons = await exchange();
    expect((await ask(path, persons.access_token)).status).toBe(401);
    // An app that was not given the scope gets a token that says nothing.
    const limited = await newApp({ scope: 'openid' });
    expect((await ask(path, await tokenOf(limited))).status).toBe(403);
    const without = await client.clientCredentialsGrant(config, { resource: `${provider.issuer}/api/v1` });
    const refused = await ask(path, without.access_token);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toContain('insufficient_scope');
    // Nobody can let an app read in their name.
    const delegated = await authorize(provider, one.accountId, {
      client: own,
      scope: 'openid recruiter:read',
    });
    expect(delegated.callback.searchParams.get('error')).toBe('invalid_target');
    // A token ends with its app.
    const gone = await newApp();
    const last = await tokenOf(gone);
    await provider.app.clients.remove(gone.id);
    // Registrations are remembered for a second on PostgreSQL.
    await expect.poll(async () => (await ask(path, last)).status, { timeout: 5000 }).toBe(401);
  });

  it('says what is wrong with a question', async () => {
    const one = await recruiter(own);
    const token = await tokenOf(own);
    const wrong = async (path: string) => {
      const { status, body } = await ask(path, token);
      return [status, ...(body.errors ?? []).map(({ field }) => field)];
    };
    const tomorrow = new Date(clock.now() + hours(24)).toISOString();
    expect(await wrong(`/recruiters/${one.sub}?at=${tomorrow}`)).toEqual([422, 'at']);
    for (const at of ['yesterday', '2026-01-31', '2026-01-31T09:00:00', '2026-02-30T00:00:00Z']) {
      expect(await wrong(`/recruiters/${one.sub}?at=${at}`), at).toEqual([422, 'at']);
    }
    expect(await wrong(`/recruiters/${one.sub}?at=${tomorrow}&at=${tomorrow}`)).toEqual([422, 'at']);
    expect(await wrong(`/recruiters/${one.sub}?when=now`)).toEqual([422, 'when']);
    for (const limit of ['0', '101', '1.5', 'x'])
      expect(await wrong(`/companies/${one.code}/recruiters?limit=${limit}`), limit).toEqual([422, 'limit']);
    expect(await wrong(`/companies/${one.code}/recruiters?cursor=nobody`)).toEqual([422, 'cursor']);
    expect(await wrong('/companies/91110000000000000X/recruiters')).toEqual([404]);
    expect(await wrong('/companies/%00/recruiters')).toEqual([400]);
    expect(await wrong('/recruiters/%00')).toEqual([400]);
  });

  it('goes through a company page by page, over people who are not there for the app', async () => {
    const first = await recruiter(own);
    const { knex, ids } = provider.app.database.handle;
    const subs = [first.sub];
    for (let i = 0; i < 6; i++) {
      const member = await recruiter(i % 2 === 0 ? own : other, i === 4 ? 'openid verification' : undefined);
      const now = clock.now();
      await knex('memberships').insert({
        id: ids.next('mem'),
        account_id: member.accountId,
        company_id: first.companyId,
        role: 'recruiter',
        state: 'active',
        created_at: now,
        updated_at: now,
      });
      await provider.app.database.transact((bound) =>
        provider.app.entitlements.recompute(bound, member.accountId),
      );
      if (i === 0 || i === 2) subs.push(member.sub);
    }
    const token = await tokenOf(own);
    const seen: string[] = [];
    let cursor = '';
    let pages = 0;
    do {
      const { body } = await ask(`/companies/${first.code}/recruiters?limit=1${cursor}`, token);
      seen.push(...(body.recruiters ?? []).map(({ sub }) => sub));
      cursor = body.next_cursor ? `&cursor=${body.next_cursor}` : '';
      pages++;
    } while (cursor !== '' && pages < 20);
    expect(seen).toEqual(subs);
    expect(pages).toBeLessThan(6);
  });
});
