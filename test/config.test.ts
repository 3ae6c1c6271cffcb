import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../src/read-config.ts';

const key = (id: string, fill: number) => `${id}:${Buffer.alloc(32, fill).toString('base64')}`;
const development = {
  SHIMING_KEY_ENCRYPTION_KEYS: key('development-1', 1),
  SHIMING_INDEX_KEYS: key('development-1', 2),
  SHIMING_COOKIE_KEYS: key('development-1', 3),
};
const production = {
  SHIMING_MODE: 'production',
  SHIMING_ISSUER: 'https://id.example.com',
  SHIMING_KEY_ENCRYPTION_KEYS: key('k1', 1),
  SHIMING_INDEX_KEYS: key('k1', 2),
  SHIMING_COOKIE_KEYS: key('k1', 3),
  SHIMING_SMS_VENDOR: 'twilio',
  SHIMING_MAIL_VENDOR: 'smtp',
  SHIMING_SMTP_URL: 'smtp://shiming:p%40ss@mail.example.com',
  SHIMING_MAIL_FROM: '实名 <no-reply@example.com>',
  SHIMING_OPERATOR_NAME: '明信科技有限公司',
  SHIMING_OPERATOR_CONTACT: 'privacy@mingxin.example',
  SHIMING_TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  SHIMING_TWILIO_AUTH_TOKEN: 'token',
  SHIMING_TWILIO_SENDER: '+12025550123',
};

function problems(environment: Record<string, string>): string[] {
  const result = readConfig(environment);
  return result.ok ? [] : result.problems;
}

describe('the configuration', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'shiming-config-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('has a default for everything but the secrets', () => {
    expect(readConfig(development)).toMatchObject({
      ok: true,
      config: { mode: 'development', port: 4000, smsVendor: 'inbox' },
    });
    expect(problems({})).toHaveLength(3);
  });

  it('accepts a complete production environment', () => {
    expect(problems(production)).toEqual([]);
  });

  it.each([
    ['SHIMING_ISSUER', 'http://id.example.com'],
    ['SHIMING_SMS_VENDOR', 'inbox'],
    ['SHIMING_MAIL_VENDOR', 'inbox'],
    ['SHIMING_OPERATOR_NAME', ''],
    ['SHIMING_TEST_NUMBERS', '+8613800000000=123456@2030-01-01'],
    ['SHIMING_TWILIO_BASE_URL', 'http://localhost:1'],
    ['SHIMING_AUTHORITY', 'fake'],
    ['SHIMING_AUTHORITY_ENDPOINT', 'http://localhost:1'],
    ['SHIMING_REGISTRY', 'fake'],
    ['SHIMING_DEPOSIT_SENDER', 'fake'],
    ['SHIMING_REGISTRY_ENDPOINT', 'http://localhost:1'],
    ['SHIMING_KEY_ENCRYPTION_KEYS', key('development-1', 1)],
    ['SHIMING_INDEX_KEYS', key('k1', 1)],
  ])('refuses %s=%s in production', (name, value) => {
    const found = problems({ ...production, [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(name);
  });

  it.each([
    'SHIMING_KEY_ENCRYPTION_KEYS',
    'SHIMING_INDEX_KEYS',
    'SHIMING_COOKIE_KEYS',
    'SHIMING_TWILIO_AUTH_TOKEN',
    'SHIMING_SMTP_URL',
    'SHIMING_MAIL_FROM',
  ])('names %s when production lacks it', (name) => {
    const { [name as keyof typeof production]: _left, ...rest } = production;
    expect(problems(rest as Record<string, string>).join()).toContain(name);
  });

  it.each([
    ['tencent', ['SHIMING_AUTHORITY_KEY_ID', 'SHIMING_AUTHORITY_SECRET']],
    ['alibaba', ['SHIMING_AUTHORITY_KEY_ID', 'SHIMING_AUTHORITY_SECRET']],
    ['operator', ['SHIMING_AUTHORITY_SECRET', 'SHIMING_AUTHORITY_ENDPOINT']],
    ['fake', []],
  ])('names what the authority %s lacks', (authority, lacking) => {
    const found = problems({ ...development, SHIMING_AUTHORITY: authority });
    expect(found.map((problem) => problem.split(' ')[0])).toEqual(lacking);
  });

  it.each([
    ['tencent', ['SHIMING_REGISTRY_KEY_ID', 'SHIMING_REGISTRY_SECRET']],
    ['csv', ['SHIMING_REGISTRY_FILE']],
    ['fake', []],
    ['none', []],
  ])('names what the registry %s lacks', (registry, lacking) => {
    const found = problems({ ...development, SHIMING_REGISTRY: registry });
    expect(found.map((problem) => problem.split(' ')[0])).toEqual(lacking);
  });

  it('reads a mail server and a sender, and needs neither when there is no mail', () => {
    expect(readConfig(production)).toMatchObject({
      config: {
        smtpUrl: { host: 'mail.example.com', port: 587, secure: false, user: 'shiming', password: 'p@ss' },
        mailFrom: { name: '实名', address: 'no-reply@example.com' },
      },
    });
    const { SHIMING_SMTP_URL: _url, SHIMING_MAIL_FROM: _from, ...rest } = production;
    expect(problems({ ...rest, SHIMING_MAIL_VENDOR: 'none' })).toEqual([]);
    expect(readConfig({ ...production, SHIMING_SMTP_URL: 'smtps://[::1]' })).toMatchObject({
      config: { smtpUrl: { host: '::1', port: 465, secure: true } },
    });
  });

  it.each([
    ['SHIMING_SMTP_URL', 'http://mail.example.com'],
    ['SHIMING_SMTP_URL', 'smtp://mail.example.com/?tls.rejectUnauthorized=false'],
    ['SHIMING_SMTP_URL', 'smtp://topsecret@mail.example.com'],
    ['SHIMING_SMTP_URL', 'smtp://a:%E0%A4%A@mail.example.com'],
    ['SHIMING_MAIL_FROM', 'no-reply'],
    ['SHIMING_MAIL_FROM', 'a@example.com\r\nBcc: b@example.com'],
    ['SHIMING_MAIL_FROM', 'Shiming <a@example.com>, <b@example.com>'],
  ])('refuses %s=%s in one sentence', (name, value) => {
    const found = problems({ ...production, [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${name} must be`));
    expect(found[0]).not.toContain('topsecret');
  });

  it('says one sentence for each unknown and each malformed setting, and never the value of a secret', () => {
    const found = problems({
      ...development,
      SHIMING_PROT: '1',
      SHIMING_PORT: 'many',
      SHIMING_COOKIE_KEYS: 'x:topsecret',
    });
    expect(found).toHaveLength(3);
    expect(found.join()).not.toContain('topsecret');
    expect(found.join()).toContain('SHIMING_PROT is not a setting');
  });

  it('reads secrets from files, and everything from a settings file that the environment overrules', () => {
    const secret = join(folder, 'cookie-keys');
    const file = join(folder, 'settings.env');
    writeFileSync(secret, `${key('k9', 9)}\n`);
    writeFileSync(file, 'SHIMING_PORT=4100\nSHIMING_HOST=0.0.0.0\n');
    const { SHIMING_COOKIE_KEYS: _key, ...rest } = development;
    const result = readConfig({
      ...rest,
      SHIMING_COOKIE_KEYS_FILE: secret,
      SHIMING_CONFIG_FILE: file,
      SHIMING_PORT: '4200',
    });
    expect(result).toMatchObject({
      ok: true,
      config: { host: '0.0.0.0', port: 4200, cookieKeys: [{ id: 'k9' }] },
    });
  });

  it('says so when a named file is missing, or a secret is given twice', () => {
    expect(problems({ ...development, SHIMING_CONFIG_FILE: join(folder, 'none') }).join()).toContain(
      'SHIMING_CONFIG_FILE',
    );
    const secret = join(folder, 'keys');
    writeFileSync(secret, key('k1', 4));
    expect(problems({ ...development, SHIMING_COOKIE_KEYS_FILE: secret }).join()).toContain('both set');
  });

  describe('without secrets of its own', () => {
    const made = { ...development, SHIMING_COOKIE_KEYS: key('development-1', 7) };
    const read = (environment: Record<string, string>) => readConfig(environment, () => made);

    it('takes those of the data folder in development', () => {
      expect(read({})).toMatchObject({ ok: true, config: { cookieKeys: [{ id: 'development-1' }] } });
    });

    it.each(['a settings file', 'a secret file', 'the environment'])('prefers what %s sets', (where) => {
      const file = join(folder, 'given');
      const own = key('own', 8);
      writeFileSync(file, where === 'a settings file' ? `SHIMING_COOKIE_KEYS=${own}` : own);
      const environment = {
        'a settings file': { SHIMING_CONFIG_FILE: file },
        'a secret file': { SHIMING_COOKIE_KEYS_FILE: file },
        'the environment': { SHIMING_COOKIE_KEYS: own },
      }[where] as Record<string, string>;
      expect(read(environment)).toMatchObject({ ok: true, config: { cookieKeys: [{ id: 'own' }] } });
    });

    it('never takes them in production, also where a file says that it is', () => {
      const file = join(folder, 'settings');
      writeFileSync(file, 'SHIMING_MODE=production');
      const result = read({ SHIMING_CONFIG_FILE: file });
      expect(result.ok ? [] : result.problems).toEqual(
        expect.arrayContaining([expect.stringContaining('SHIMING_COOKIE_KEYS is missing')]),
      );
    });
  });
});
