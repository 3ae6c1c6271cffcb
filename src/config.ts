import { z } from 'zod';
import { parseEmail } from './accounts/index.ts';
import type { KeyRing, NamedKey } from './core/seal.ts';

/** One setting: where it comes from, what it must look like, what it means. docs/configuration.md is printed from this. */
export type Setting<S extends z.ZodType = z.ZodType> = {
  readonly env: string;
  readonly schema: S;
  /** Text as it would stand in the environment; absent where production must set it. */
  readonly default?: string;
  /** Also read from the file named by `<env>_FILE`; never printed. */
  readonly secret?: true;
  readonly meaning: string;
};

const flag = z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true');
const whole = (min: number, max: number) =>
  z.coerce
    .number(`must be a whole number from ${min} to ${max}`)
    .int(`must be a whole number`)
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
const keyRing = z.string().transform((text, context): KeyRing => {
  const keys: NamedKey[] = text.split(',').map((part) => {
    const [id = '', encoded = ''] = part.trim().split(':');
    return { id, key: Buffer.from(encoded, 'base64') };
  });
  const [first, ...rest] = keys;
  if (!first || keys.some(({ id, key }) => !/^[a-z0-9-]{1,32}$/.test(id) || key.length !== 32)) {
    context.addIssue(
      'must be a comma-separated list, newest first, of name:key, each key 32 bytes in base64',
    );
    return z.NEVER;
  }
  return [first, ...rest];
});
const origin = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'must be an http or https address',
  )
  .refine((text) => !text.endsWith('/'), 'must not end with a slash');

export type SmtpServer = {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly user?: string;
  readonly password?: string;
};

const smtpServer = z.string().transform((text, context): SmtpServer | undefined => {
  if (text === '') return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const rest = url ? `${url.pathname.replace(/^\/$/, '')}${url.search}${url.hash}` : '';
  const user = unescaped(url?.username ?? '');
  const password = unescaped(url?.password ?? '');
  if (
    !url ||
    !/^smtps?:$/.test(url.protocol) ||
    !url.hostname ||
    user === undefined ||
    password === undefined
  ) {
    context.addIssue('must be smtp://user:password@host:587 or smtps://user:password@host:465');
    return z.NEVER;
  }
  if (rest !== '' || (user === '') !== (password === '')) {
    context.addIssue('must be a user and a password (or neither), a host and a port, and nothing after them');
    return z.NEVER;
  }
  const secure = url.protocol === 'smtps:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    ...(user === '' ? {} : { user, password }),
  };
});

const mailbox = z.string().transform((text, context): { name: string; address: string } | undefined => {
  if (text === '') return undefined;
  const [, name = '', bracketed] = /^([^<>"\p{Cc}]{0,100}?)\s*<([^<>]+)>$/u.exec(text) ?? [];
  const parsed = parseEmail(bracketed ?? text);
  if (!parsed.ok) {
    context.addIssue('must be an address such as no-reply@example.com or 实名 <no-reply@example.com>');
    return z.NEVER;
  }
  return { name: name.trim(), address: parsed.email };
});

function unescaped(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

const setting = <S extends z.ZodType>(definition: Setting<S>): Setting<S> => definition;

export const settings = {
  mode: setting({
    env: 'SHIMING_MODE',
    schema: z.enum(['development', 'production'], 'must be development or production'),
    default: 'development',
    meaning:
      'In `production` the program refuses to start with unsafe settings, and development pages and fakes do not exist.',
  }),
  issuer: setting({
    env: 'SHIMING_ISSUER',
    schema: origin,
    default: 'http://localhost:4000',
    meaning:
      'The public address of the service and its OpenID Connect issuer identifier; https in production.',
  }),
  host: setting({
    env: 'SHIMING_HOST',
    schema: z.string().min(1),
    default: '127.0.0.1',
    meaning: 'The address to listen on.',
  }),
  port: setting({
    env: 'SHIMING_PORT',
    schema: whole(0, 65535),
    default: '4000',
    meaning: 'The TCP port to listen on.',
  }),
  trustedProxies: setting({
    env: 'SHIMING_TRUSTED_PROXIES',
    schema: whole(0, 10),
    default: '0',
    meaning:
      'How many reverse proxies in front add to `X-Forwarded-For`; the client address is read that many steps back.',
  }),
  dataDir: setting({
    env: 'SHIMING_DATA_DIR',
    schema: z.string().min(1),
    default: 'data',
    meaning: 'The folder for the SQLite database, sealed files and development keys.',
  }),
  databaseUrl: setting({
    env: 'SHIMING_DATABASE_URL',
    schema: z.string().regex(/^(sqlite:.*|postgres(ql)?:\/\/.+)$/, 'must be sqlite:<file> or postgres://…'),
    default: 'sqlite:',
    secret: true,
    meaning:
      '`sqlite:<file>` (empty: `shiming.db` in the data folder) or `postgres://user:password@host/database`.',
  }),
  databaseDurability: setting({
    env: 'SHIMING_DATABASE_DURABILITY',
    schema: z.enum(['normal', 'full'], 'must be normal or full'),
    default: 'normal',
    meaning: 'SQLite only. `normal` survives a killed process, `full` also a power cut.',
  }),
  keyEncryptionKeys: setting({
    env: 'SHIMING_KEY_ENCRYPTION_KEYS',
    schema: keyRing,
    secret: true,
    meaning:
      'Keys that wrap the data key of every person, newest first: `name:base64,name:base64`. Rotate with `rotate-kek`.',
  }),
  indexKeys: setting({
    env: 'SHIMING_INDEX_KEYS',
    schema: keyRing,
    secret: true,
    meaning: 'Keys of the blind indexes by which sealed values are found, newest first.',
  }),
  cookieKeys: setting({
    env: 'SHIMING_COOKIE_KEYS',
    schema: keyRing,
    secret: true,
    meaning: 'Keys that sign cookies and form tokens, newest first.',
  }),
  logLevel: setting({
    env: 'SHIMING_LOG_LEVEL',
    schema: z.enum(
      ['debug', 'info', 'warn', 'error', 'silent'],
      'must be debug, info, warn, error or silent',
    ),
    default: 'info',
    meaning: 'The least important log line that is written.',
  }),
  phoneCountries: setting({
    env: 'SHIMING_PHONE_COUNTRIES',
    schema: list.refine(
      (codes) => codes.length > 0 && codes.every((code) => /^[A-Z]{2}$/.test(code)),
      'must be ISO 3166 codes such as CN,HK',
    ),
    default: 'CN',
    meaning: 'Countries whose phone numbers may register, the first one preselected.',
  }),
  smsVendor: setting({
    env: 'SHIMING_SMS_VENDOR',
    schema: z.enum(['inbox', 'twilio'], 'must be inbox or twilio'),
    default: 'inbox',
    meaning:
      'Who delivers text messages. `inbox` shows them on a development page and is refused in production.',
  }),
  secondReviewShare: setting({
    env: 'SHIMING_SECOND_REVIEW_SHARE',
    schema: z.coerce
      .number('must be a number from 0 to 1')
      .min(0, 'must be at least 0')
      .max(1, 'must be at most 1'),
    default: '0.05',
    meaning:
      'The share of approvals that a second reviewer looks at as well, drawn by case. Rejections and what the machine would refuse always take two people.',
  }),
  smsDailyBudget: setting({
    env: 'SHIMING_SMS_DAILY_BUDGET',
    schema: whole(1, 10_000_000),
    default: '5000',
    meaning:
      'Text messages a day for the whole installation; above it sending stops until the next day (UTC).',
  }),
  twilioAccountSid: setting({
    env: 'SHIMING_TWILIO_ACCOUNT_SID',
    schema: z.string().regex(/^(AC[0-9a-f]{32})?$/, 'must be AC and 32 hexadecimal digits'),
    default: '',
    meaning: 'The Twilio account; needed when the SMS vendor is `twilio`.',
  }),
  twilioAuthToken: setting({
    env: 'SHIMING_TWILIO_AUTH_TOKEN',
    schema: z.string(),
    default: '',
    secret: true,
    meaning: 'The Twilio auth token.',
  }),
  twilioSender: setting({
    env: 'SHIMING_TWILIO_SENDER',
    schema: z
      .string()
      .regex(/^(MG[0-9a-f]{32}|\+[1-9]\d{5,14})?$/, 'must be a messaging service (MG…) or an E.164 number'),
    default: '',
    meaning: 'A Twilio messaging service (`MG…`) or a sender number in E.164.',
  }),
  twilioBaseUrl: setting({
    env: 'SHIMING_TWILIO_BASE_URL',
    schema: z.union([z.literal(''), origin]),
    default: '',
    meaning: 'Another address for the Twilio API, for a local stand-in; refused in production.',
  }),
  mailVendor: setting({
    env: 'SHIMING_MAIL_VENDOR',
    schema: z.enum(['inbox', 'smtp', 'none'], 'must be inbox, smtp or none'),
    default: 'inbox',
    meaning:
      'Who sends mail. `inbox` shows it at `/dev/inbox` and is refused in production; with `none` nothing that needs mail is offered.',
  }),
  smtpUrl: setting({
    env: 'SHIMING_SMTP_URL',
    schema: smtpServer,
    default: '',
    secret: true,
    meaning:
      'The mail server, when mail is sent by `smtp`: `smtp://user:password@host:587` (STARTTLS, which production insists on) or `smtps://…:465` (TLS from the start). Signs in user and password are percent-encoded. The certificate is always checked.',
  }),
  mailFrom: setting({
    env: 'SHIMING_MAIL_FROM',
    schema: mailbox,
    default: '',
    meaning:
      'The sender of mail, when it is sent by `smtp`: `no-reply@example.com` or `实名 <no-reply@example.com>`.',
  }),
  authority: setting({
    env: 'SHIMING_AUTHORITY',
    schema: z.enum(
      ['none', 'tencent', 'alibaba', 'operator', 'fake'],
      'must be none, tencent, alibaba, operator or fake',
    ),
    default: 'none',
    meaning:
      'The official source that name and number are compared with (docs/authority.md). `fake` answers by the name and is refused in production.',
  }),
  authorityKeyId: setting({
    env: 'SHIMING_AUTHORITY_KEY_ID',
    schema: z.string().regex(/^[\w.-]{0,128}$/, 'must be letters, digits, dots, hyphens and underscores'),
    default: '',
    meaning:
      'The id of the key: the SecretId of `tencent`, the AccessKey id of `alibaba`, any name (or none) for `operator`.',
  }),
  authoritySecret: setting({
    env: 'SHIMING_AUTHORITY_SECRET',
    schema: z.string(),
    default: '',
    secret: true,
    meaning: 'The secret that signs what is asked of the official source.',
  }),
  authorityRegion: setting({
    env: 'SHIMING_AUTHORITY_REGION',
    schema: z.string().regex(/^[a-z0-9-]{0,32}$/, 'must be a region such as cn-shanghai'),
    default: '',
    meaning: 'A region of the vendor, such as `cn-shanghai`; empty is the vendor’s own choice.',
  }),
  authorityEndpoint: setting({
    env: 'SHIMING_AUTHORITY_ENDPOINT',
    schema: z.union([z.literal(''), origin]),
    default: '',
    meaning:
      'Where `operator` is asked; for a vendor, another address than its usual one. https in production.',
  }),
  authorityFaces: setting({
    env: 'SHIMING_AUTHORITY_FACES',
    schema: flag,
    default: 'false',
    meaning:
      'Whether the source may be sent a face; it is sent only with the person’s consent to exactly that.',
  }),
  registry: setting({
    env: 'SHIMING_REGISTRY',
    schema: z.enum(['none', 'tencent', 'csv', 'fake'], 'must be none, tencent, csv or fake'),
    default: 'none',
    meaning:
      'The registry that companies are looked up in (docs/registry.md). `fake` answers by the name and is refused in production.',
  }),
  registryKeyId: setting({
    env: 'SHIMING_REGISTRY_KEY_ID',
    schema: z.string().regex(/^[\w.-]{0,128}$/, 'must be letters, digits, dots, hyphens and underscores'),
    default: '',
    meaning: 'The id of the key: the SecretId of `tencent`.',
  }),
  registrySecret: setting({
    env: 'SHIMING_REGISTRY_SECRET',
    schema: z.string(),
    default: '',
    secret: true,
    meaning: 'The secret that signs what is asked of the registry.',
  }),
  registryRegion: setting({
    env: 'SHIMING_REGISTRY_REGION',
    schema: z.string().regex(/^[a-z0-9-]{0,32}$/, 'must be a region such as ap-guangzhou'),
    default: '',
    meaning: 'A region of the vendor, such as `ap-guangzhou`; empty is the vendor’s own choice.',
  }),
  registryEndpoint: setting({
    env: 'SHIMING_REGISTRY_ENDPOINT',
    schema: z.union([z.literal(''), origin]),
    default: '',
    meaning: 'Another address of the vendor than its usual one. https in production.',
  }),
  registryFile: setting({
    env: 'SHIMING_REGISTRY_FILE',
    schema: z.string().max(1000),
    default: '',
    meaning: 'The file of `csv`; it is read again when it changes.',
  }),
  recogniser: setting({
    env: 'SHIMING_RECOGNISER',
    schema: z.enum(['local', 'none', 'fake'], 'must be local, none or fake'),
    default: 'local',
    meaning:
      'Who reads documents and compares faces. `local`: the models that are installed with the program. `none`: people look at every picture. `fake`: pictures of a test suite say themselves what is on them; refused in production.',
  }),
  depositSender: setting({
    env: 'SHIMING_DEPOSIT_SENDER',
    schema: z.enum(['none', 'fake'], 'must be none or fake'),
    default: 'none',
    meaning:
      'Who pays small amounts to accounts of companies, so that a member can show access to them. `fake` pays nothing and is refused in production.',
  }),
  policyFile: setting({
    env: 'SHIMING_POLICY_FILE',
    schema: z.string().max(1000),
    default: '',
    meaning:
      'A JSON file with what the machine may conclude from what it sees (docs/policy.md); empty: the policy that comes with the program.',
  }),
  testNumbers: setting({
    env: 'SHIMING_TEST_NUMBERS',
    schema: list.refine(
      (entries) => entries.every((entry) => /^\+[1-9]\d{5,14}=\d{6}@\d{4}-\d{2}-\d{2}$/.test(entry)),
      'must be entries such as +8613800000000=123456@2026-12-31',
    ),
    default: '',
    meaning:
      'Phone numbers with a fixed code and the last day (UTC) it works: `+8613800000000=123456@2026-12-31`. Refused in production.',
  }),
  operatorName: setting({
    env: 'SHIMING_OPERATOR_NAME',
    schema: z.string().max(200),
    default: '',
    meaning:
      'Who runs this installation and handles the personal information, as the legal texts name them; needed in production.',
  }),
  operatorContact: setting({
    env: 'SHIMING_OPERATOR_CONTACT',
    schema: z.string().max(200),
    default: '',
    meaning:
      'How people reach the operator about their rights (address, e-mail or phone); needed in production.',
  }),
  demoApp: setting({
    env: 'SHIMING_DEMO_APP',
    schema: flag,
    default: 'true',
    meaning: 'Registers the demo relying app at start (development only).',
  }),
  demoAppUrl: setting({
    env: 'SHIMING_DEMO_APP_URL',
    schema: origin,
    default: 'http://localhost:4001',
    meaning: 'Where the demo relying app listens.',
  }),
  shutdownSeconds: setting({
    env: 'SHIMING_SHUTDOWN_SECONDS',
    schema: whole(0, 600),
    default: '15',
    meaning: 'How long running requests may take to finish after SIGTERM, in seconds.',
  }),
} as const;

export type Config = { readonly [K in keyof typeof settings]: z.output<(typeof settings)[K]['schema']> };
