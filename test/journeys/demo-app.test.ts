import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoApp } from '../../examples/demo-app/server.ts';
import { startTestProvider, type Person, type TestProvider } from '../../src/testkit/index.ts';
import { startRegisteredDemo } from '../support/demo-app.ts';

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

const someone = (over: Partial<Parameters<TestProvider['person']>[0]> = {}): Person =>
  provider.person({ apps: [demo.url], lang: 'en', ...over });

const scopes = (person: Person) =>
  [...person.browser.page().html.matchAll(/data-scope="([^"]+)"/g)].map(([, scope]) => scope);

describe('a job seeker in the demo app', () => {
  it('signs in, is told what the app got, and may not publish', async () => {
    const person = someone();
    await person.browser.open(demo.url);
    await person.signIn(`${demo.url}/sign-in?as=anyone`);
    const home = person.browser.page();
    expect(home.url.href).toBe(`${demo.url}/`);
    expect(home.text).toContain('You are signed in');
    expect(home.text).toContain(person.phone);
    expect(scopes(person)).toEqual(expect.arrayContaining(['openid', 'phone', 'roles', 'verification']));
    expect(scopes(person)).not.toContain('job:publish');

    const refused = await person.browser.submit({}, { action: '/publish' });
    expect(refused.text).toMatch(/job:publish is missing|no access token for the API/);
  });

  it('refreshes, and signs out at the provider too', async () => {
    const person = someone({ lang: 'zh-CN' });
    await person.signIn(`${demo.url}/sign-in?as=newcomer`);
    expect((await person.browser.submit({}, { action: '/refresh' })).text).toContain('令牌已刷新');
    expect(scopes(person)).toContain('phone');

    const question = await person.browser.submit({}, { action: '/sign-out' });
    expect(question.url.origin).toBe(provider.issuer);
    await person.browser.submit({}, { button: 'yes' });
    expect(person.browser.page().url.href).toBe(`${demo.url}/`);
    expect(person.browser.page().text).toContain('以招聘者身份登录');
    const { url } = await person.browser.open(`${demo.url}/sign-in?as=anyone`);
    expect(url.pathname).toMatch(/^\/interaction\/[^/]+\/phone$/);
  });
});

describe('the demo app', () => {
  it('shows that nothing was given when the person turns back', async () => {
    const person = someone();
    await person.browser.open(`${demo.url}/sign-in?as=anyone`);
    const back = await person.browser.submit({}, { action: '/cancel' });
    expect(back.url.href).toBe(`${demo.url}/`);
    expect(back.text).toMatch(/Signing in did not finish access_denied/);
  });

  it('accepts no callback it did not ask for, and no form of another site', async () => {
    const person = someone();
    const page = await person.browser.open(`${demo.url}/callback?code=x&state=y`);
    expect(page.text).toMatch(/was not started in this browser/);
    const foreign = await fetch(`${demo.url}/publish`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    });
    expect(foreign.status).toBe(403);
    expect((await fetch(`${demo.url}/nothing`)).status).toBe(404);
  });
});
