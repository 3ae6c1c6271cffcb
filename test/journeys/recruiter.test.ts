import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoApp } from '../../examples/demo-app/server.ts';
import { days, minutes } from '../../src/core/clock.ts';
import { startTestProvider, type Person, type TestProvider } from '../../src/testkit/index.ts';
import {
  approveNext,
  revokePerson,
  signInReviewer,
  specimenApplicant,
  verificationAnswers,
} from '../support/recruiting.ts';
import { startRegisteredDemo } from '../support/demo-app.ts';

/** The main job end to end: demo app, registration, verification, review, token, revocation. */

let provider: TestProvider;
let demo: DemoApp;

beforeAll(async () => {
  provider = await startTestProvider();
  demo = await startRegisteredDemo(provider);
});
afterAll(async () => {
  await demo.close();
  await provider.close();
});

const recruiter = (over: Parameters<typeof specimenApplicant>[0] = {}): Person =>
  provider.person({
    role: 'recruiter',
    lang: 'en',
    apps: [demo.url],
    answers: [
      ...verificationAnswers(specimenApplicant(over)),
      [/^\/verify\/status$/, (browser) => browser.follow('/continue')],
    ],
  });

const scopes = ({ browser }: Person) =>
  [...browser.page().html.matchAll(/data-scope="([^"]+)"/g)].map(([, scope]) => scope);
const claim = ({ browser }: Person, name: string) =>
  new RegExp(`data-claim="${name}"\\s+data-value="([^"]*)"`).exec(browser.page().html)?.[1];
const refresh = ({ browser }: Person) => browser.submit({}, { action: '/refresh' });
const publish = async ({ browser }: Person) => (await browser.submit({}, { action: '/publish' })).text;

describe.each(['face', 'hand_held'] as const)('a recruiter who chooses the route %s', (route) => {
  it('is verified on the way to the app, gains job:publish by approval and loses it by revocation', async () => {
    const person = recruiter({ route });
    await person.signIn(`${demo.url}/sign-in?as=recruiter`);
    expect(person.browser.page().text).toContain('You are signed in');
    expect(claim(person, 'recruiter_status')).toBe('in_review');
    expect(scopes(person)).not.toContain('job:publish');
    expect(await publish(person)).toMatch(/job:publish is missing|no access token/);

    const reviewer = await signInReviewer(provider.issuer, provider.clock);
    const caseId = await approveNext(reviewer);
    await refresh(person);
    expect(claim(person, 'recruiter_status')).toBe('eligible');
    expect(scopes(person)).toContain('job:publish');
    expect(await publish(person)).toContain('The job is published');

    await revokePerson(reviewer, caseId);
    await refresh(person);
    expect(claim(person, 'recruiter_status')).toBe('ineligible');
    expect(scopes(person)).not.toContain('job:publish');
    expect(scopes(person)).toContain('phone');
    expect(await publish(person)).toMatch(/job:publish is missing|no access token/);
    provider.clock.advance(minutes(2));
  });
});

describe('time alone', () => {
  it('ends the entitlement when the check is older than 180 days', async () => {
    const person = recruiter();
    await person.signIn(`${demo.url}/sign-in?as=recruiter`);
    await approveNext(await signInReviewer(provider.issuer, provider.clock));
    await refresh(person);
    expect(scopes(person)).toContain('job:publish');
    provider.clock.advance(days(181));
    await refresh(person);
    expect(scopes(person)).not.toContain('job:publish');
    expect(claim(person, 'recruiter_status')).toBe('limited');
  });
});
