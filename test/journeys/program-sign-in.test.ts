import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { createVisitor, type Visitor } from '../../src/testkit/visitor.ts';
import { startProgram, type Program } from '../support/program.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'shiming-sign-in-'));
const testNumber = '+8613800000001';
const env = { SHIMING_TEST_NUMBERS: `${testNumber}=246810@2999-12-31` };
let program: Program;

beforeAll(async () => {
  program = await startProgram({ dataDir, env });
});
afterAll(async () => {
  await program.end('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
});

const person = (): Visitor => createVisitor({ clock: systemClock, lang: 'en' });

async function codeFor(number: string): Promise<string> {
  const answer = await fetch(`${program.url}/dev/inbox.json?phone=${encodeURIComponent(number)}`);
  const { messages } = (await answer.json()) as { messages: { code: string; to: string }[] };
  expect(messages[0]?.to).toBe(number);
  return messages[0]?.code ?? '';
}

it('registers a recruiter in the built program, through the provider, to the account page', async () => {
  const visitor = person();
  await visitor.open(`${program.url}/account`);
  await visitor.submit({ phone: '138 2222 3333' });
  await visitor.submit({ code: await codeFor('+8613822223333') });
  await visitor.submit({ accept: '1' });
  await visitor.submit({ role: 'recruiter' });
  expect(visitor.page().url.pathname).toBe('/account');
  expect(visitor.page().text).toContain('Next: verify as a recruiter');
});

it('hashes a password on its thread, and signs in with it', async () => {
  const visitor = person();
  await visitor.open(`${program.url}/account/password`);
  await visitor.submit({ phone: testNumber });
  await visitor.submit({ code: '246810' });
  await visitor.submit({ accept: '1' });
  await visitor.submit({ role: 'candidate' });
  await visitor.submit({ password: 'plain words in a row', password_again: 'plain words in a row' });
  expect(visitor.page().text).toContain('The password is saved');
  const other = person();
  await other.open(`${program.url}/account`);
  await other.follow('/password');
  await other.submit({ phone: testNumber, password: 'plain words in a row' });
  expect(other.page().url.pathname).toBe('/account');
});

it('shows the messages of the development inbox to people as well', async () => {
  const page = await person().open(`${program.url}/dev/inbox`);
  expect(page.status).toBe(200);
  expect(page.text).toContain('138 2222 3333');
});

it('counts one number over two processes on one database', async () => {
  const second = await startProgram({ dataDir, env });
  try {
    const ask = async (url: string): Promise<number> => {
      const visitor = person();
      await visitor.open(`${url}/account`);
      return (await visitor.submit({ phone: '159 7777 8888' })).status;
    };
    const answers = await Promise.all([ask(program.url), ask(second.url), ask(program.url), ask(second.url)]);
    expect(answers.sort()).toEqual([200, 429, 429, 429]);
  } finally {
    await second.end('SIGTERM');
  }
});

it('keeps the limits of a number over a restart', async () => {
  await program.end('SIGKILL');
  program = await startProgram({ dataDir, env });
  const visitor = person();
  await visitor.open(`${program.url}/account`);
  const page = await visitor.submit({ phone: '138 2222 3333' });
  expect(page.status).toBe(429);
  expect(Number(page.headers.get('retry-after'))).toBeLessThanOrEqual(60);
});

it('has no development inbox in production, as a page or as JSON', async () => {
  const key = () => `live:${randomBytes(32).toString('base64')}`;
  const folder = mkdtempSync(join(tmpdir(), 'shiming-production-'));
  const production = await startProgram({
    dataDir: folder,
    env: {
      SHIMING_MODE: 'production',
      SHIMING_ISSUER: 'https://id.example.cn',
      SHIMING_KEY_ENCRYPTION_KEYS: key(),
      SHIMING_INDEX_KEYS: key(),
      SHIMING_COOKIE_KEYS: key(),
      SHIMING_SMS_VENDOR: 'twilio',
      SHIMING_MAIL_VENDOR: 'none',
      SHIMING_TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      SHIMING_TWILIO_AUTH_TOKEN: 'token',
      SHIMING_TWILIO_SENDER: '+12025550123',
      SHIMING_OPERATOR_NAME: 'Example',
      SHIMING_OPERATOR_CONTACT: 'privacy@example.cn',
    },
  });
  try {
    for (const path of ['/dev/inbox', '/dev/inbox.json']) {
      expect((await fetch(`${production.url}${path}`)).status).toBe(404);
    }
    expect((await fetch(`${production.url}/legal/privacy`)).status).toBe(200);
  } finally {
    await production.end('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
});
