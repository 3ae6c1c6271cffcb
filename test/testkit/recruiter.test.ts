import { decodeJwt } from 'jose';
import * as oauth from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startTestProvider,
  type Person,
  type TestProvider,
  type VerificationScript,
} from '../../src/testkit/index.ts';

import { joinCompany } from '../support/recruiters.ts';

/** What the test suite of an app that relies on verified recruiters does. */

const redirectUri = 'https://app.example/callback';
const resource = 'https://platform.example/api';
const scope = 'openid verification company job:publish';
let provider: TestProvider;
let config: oauth.Configuration;

beforeAll(async () => {
  provider = await startTestProvider();
  const { clientId, clientSecret } = await provider.addClient({ redirectUris: [redirectUri] });
  const secret = oauth.ClientSecretBasic(clientSecret ?? '');
  const insecure = { execute: [oauth.allowInsecureRequests] };
  config = await oauth.discovery(new URL(provider.issuer), clientId, undefined, secret, insecure);
});
afterAll(() => provider.close());

const recruiter = (verification: VerificationScript = {}): Person =>
  provider.person({ role: 'recruiter', lang: 'en', verification });

/** Signs in; with `verified`, to an app that wants a verified recruiter. */
async function signIn(
  person: Person,
  options: { verified?: boolean; company?: string; parameters?: Record<string, string> } = {},
) {
  const { verified = true, company, parameters } = options;
  const codeVerifier = oauth.randomPKCECodeVerifier();
  const claims = { userinfo: { recruiter_status: { essential: true, value: 'eligible' } } };
  const url = oauth.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state: 'some-state',
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    resource,
    ...(verified && { claims: JSON.stringify(claims) }),
    ...parameters,
  });
  const checks = { pkceCodeVerifier: codeVerifier, expectedState: 'some-state', idTokenExpected: true };
  const callback = await person.signIn(url, company === undefined ? {} : { company });
  const tokens = await oauth.authorizationCodeGrant(config, callback, checks, { resource });
  let refreshToken = tokens.refresh_token ?? '';
  const refresh = async (parameters: Record<string, string> = {}) => {
    const next = await oauth.refreshTokenGrant(config, refreshToken, parameters);
    refreshToken = next.refresh_token ?? refreshToken;
    return next;
  };
  return {
    tokens,
    /** Whether an access token to the platform's API, made now, lets them publish jobs. */
    mayPublish: async () => {
      const { access_token } = await refresh({ resource });
      const { scope: granted } = decodeJwt<{ scope?: string }>(access_token);
      return granted?.split(' ').includes('job:publish') ?? false;
    },
    claims: async () => {
      const { access_token } = await refresh();
      return oauth.fetchUserInfo(config, access_token, tokens.claims()?.sub ?? '');
    },
  };
}

describe('a recruiter of an app that wants them verified', () => {
  it('is led through verification and comes back eligible, with job:publish', async () => {
    const person = recruiter();
    const session = await signIn(person);
    expect(decodeJwt(session.tokens.access_token)['scope']).toContain('job:publish');
    expect(await session.claims()).toMatchObject({
      person_status: 'verified',
      assurance_level: 'rn2',
      recruiter_status: 'eligible',
      recruiter_reasons: [],
      company: { name: person.company.name },
    });
  });

  it('who waits for a reviewer comes back without it, and gains it at the next refresh', async () => {
    const person = recruiter({ outcome: 'in_review' });
    const session = await signIn(person);
    expect(await session.mayPublish()).toBe(false);
    expect(await session.claims()).toMatchObject({ recruiter_status: 'in_review' });
    await provider.review.approve(person);
    expect(await session.mayPublish()).toBe(true);
  });

  it('loses it at the next refresh when the verification is revoked, and gains it by a new one', async () => {
    const person = recruiter();
    const session = await signIn(person);
    expect(await session.mayPublish()).toBe(true);
    await provider.review.revoke(person);
    expect(await session.mayPublish()).toBe(false);
    expect(await session.claims()).toMatchObject({
      recruiter_status: 'ineligible',
      recruiter_reasons: expect.arrayContaining(['person_revoked']) as never,
    });
    expect(await person.verify()).toBe('approved');
    expect(await session.mayPublish()).toBe(true);
  });

  it('is told where the script got stuck when the document ran out', async () => {
    await expect(signIn(recruiter({ outcome: 'expired' }))).rejects.toThrow(
      /\/verify\/person \(422\).*ran out/,
    );
  });
});

describe('a recruiter of two companies', () => {
  it('acts for the one the test names, else for the one chosen last', async () => {
    const person = recruiter();
    await person.verify();
    const { stores } = provider.app.database;
    const account = await stores.accounts.findByPhone(person.phone as never);
    if (!account) throw new Error('no account');
    const second = await joinCompany(provider.app, account.id, { name: '第二家公司' });
    const acting = async (options: { company?: string } = {}) => {
      const { tokens } = await signIn(person, { ...options, parameters: { prompt: 'select_account' } });
      return decodeJwt(tokens.access_token)['company_code'];
    };
    expect(await acting({ company: second.code })).toBe(second.code);
    expect(await acting()).toBe(second.code);
    expect(await acting({ company: person.company.code })).toBe(person.company.code);
    await expect(acting({ company: '914403001922038216' })).rejects.toThrow(/no company 914403001922038216/);
    const { tokens } = await signIn(person, { parameters: { company: second.code } });
    expect(decodeJwt(tokens.access_token)['company_code']).toBe(second.code);
  });
});

describe('verifying', () => {
  it.each([
    ['approved', 'approved', 'eligible'],
    ['in_review', 'in_review', 'in_review'],
    ['resubmission', 'resubmission', 'limited'],
    ['wrong_face', 'in_review', 'in_review'],
    ['photocopy', 'in_review', 'in_review'],
    ['recogniser_down', 'in_review', 'in_review'],
    ['expired', 'open', 'limited'],
  ] as const)('with the outcome %s ends %s', async (outcome, state, status) => {
    const person = recruiter();
    expect(await person.verify({ outcome })).toBe(state);
    const session = await signIn(person, { verified: false });
    expect(await session.claims()).toMatchObject({ recruiter_status: status });
    expect(await session.mayPublish()).toBe(status === 'eligible');
  });

  it.each([
    [{ document: 'passport_cn' }, 'approved'],
    [{ document: 'passport_other' }, 'approved'],
    [{ businessCard: true }, 'approved'],
    [{ route: 'hand_held' }, 'in_review'],
    [{ route: 'hand_held', outcome: 'wrong_face' }, 'in_review'],
    [{ document: 'passport_cn', outcome: 'expired' }, 'open'],
  ] as const)('with %j ends %s', async (script, state) => {
    expect(await recruiter().verify(script)).toBe(state);
  });

  it('goes on where it was asked for again, and does nothing to what is approved', async () => {
    const person = recruiter();
    expect(await person.verify({ outcome: 'resubmission' })).toBe('resubmission');
    expect(await person.verify()).toBe('approved');
    expect(await person.verify({ outcome: 'in_review' })).toBe('approved');
  });

  it('names the company that the script names', async () => {
    const person = recruiter();
    await person.verify({ company: { name: '样本教育咨询有限公司' } });
    const session = await signIn(person, { verified: false });
    expect(await session.claims()).toMatchObject({ company: { name: '样本教育咨询有限公司' } });
  });

  it('refuses a photocopy of what no machine tells from its copy', async () => {
    const copy = recruiter().verify({ document: 'passport_cn', outcome: 'photocopy' });
    await expect(copy).rejects.toThrow(/only a card/);
  });

  it('keeps two people apart who do it at the same time', async () => {
    const [good, bad] = [recruiter(), recruiter()];
    expect(good.identity.number).not.toBe(bad.identity.number);
    expect(await Promise.all([good.verify(), bad.verify({ outcome: 'wrong_face' })])).toEqual([
      'approved',
      'in_review',
    ]);
    const [one, other] = await Promise.all([signIn(good), signIn(bad, { verified: false })]);
    expect([await one.mayPublish(), await other.mayPublish()]).toEqual([true, false]);
  });

  it('sends a second account of one person to a reviewer, who cannot approve it', async () => {
    const first = recruiter();
    expect(await first.verify()).toBe('approved');
    const second = provider.person({ role: 'recruiter', identity: first.identity });
    expect(await second.verify()).toBe('in_review');
    await expect(provider.review.approve(second)).rejects.toThrow(/identity_taken/);
  });
});

describe('a reviewer', () => {
  it('approves what the machine would refuse, with a second one', async () => {
    const person = recruiter();
    await person.verify({ outcome: 'wrong_face' });
    await provider.review.approve(person);
    expect(await person.verify()).toBe('approved');
    const [decided] = await decisionsAbout(person);
    expect(decided).toMatchObject({ kind: 'approve', firstStaffId: expect.any(String) as never });
    expect(decided?.firstStaffId).not.toBe(decided?.staffId);
  });

  it('rejects for good, with a second one; the person may begin anew', async () => {
    const person = recruiter({ outcome: 'in_review' });
    const session = await signIn(person);
    await provider.review.reject(person, 'company_not_operating');
    expect(await session.claims()).toMatchObject({ recruiter_status: 'ineligible' });
    expect(await person.verify()).toBe('approved');
    expect(await session.mayPublish()).toBe(true);
  });

  it('hears an objection to a rejection only who took no part in it', async () => {
    const person = recruiter();
    await person.verify({ outcome: 'in_review' });
    await provider.review.reject(person);
    await person.browser.open('/verify/status');
    await person.browser.submit({ appeal: 'The licence is the newest.' });
    await provider.review.approve(person);
    expect(await person.verify()).toBe('approved');
    const decisions = await decisionsAbout(person);
    const [approved, rejected] = ['approve', 'reject'].map((wanted) =>
      decisions.find(({ kind }) => kind === wanted),
    );
    expect([rejected?.staffId, rejected?.firstStaffId]).not.toContain(approved?.staffId);
    expect(rejected?.firstStaffId).toBeDefined();
    expect(approved?.firstStaffId).toBeUndefined();
  });

  it.each(['company', 'document', 'holder'] as const)('asks for %s again', async (part) => {
    const person = recruiter();
    await person.verify({ outcome: 'in_review' });
    await provider.review.askAgain(person, part);
    const session = await signIn(person, { verified: false });
    expect(await session.claims()).toMatchObject({ recruiter_status: 'limited' });
    expect(await person.verify({ outcome: 'in_review' })).toBe('in_review');
  });

  it('refuses what the console refuses', async () => {
    const { review } = provider;
    const person = recruiter();
    await expect(review.approve(person)).rejects.toThrow(/no account/);
    await signIn(person, { verified: false });
    await expect(review.approve(person)).rejects.toThrow(/never verified/);
    await expect(review.revoke(person)).rejects.toThrow(/not_in_force/);
    await person.verify({ outcome: 'in_review' });
    await expect(review.approve(person, 'document_altered')).rejects.toThrow(/reason_unknown/);
    await review.approve(person);
    await expect(review.reject(person)).rejects.toThrow(/not_in_review/);
  });
});

/** In no order: the clock stands still. */
async function decisionsAbout({ phone }: Person) {
  const { stores } = provider.app.database;
  const account = await stores.accounts.findByPhone(phone as never);
  const newest = account && (await stores.cases.newest(account.id));
  return newest ? stores.reviewLog.decisionsOfCase(newest.id) : [];
}
