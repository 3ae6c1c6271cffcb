import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { settings, type Config, type Setting } from './config.ts';

export type ConfigResult = { ok: true; config: Config } | { ok: false; problems: string[] };

type Environment = Readonly<Record<string, string | undefined>>;

/** Secrets for a development installation whose data folder is `dataDir`, by the name of their setting. */
export type DevelopmentSecrets = (dataDir: string) => Readonly<Record<string, string>>;

/**
 * Reads every setting from the environment, over the optional file named by `SHIMING_CONFIG_FILE` (lines
 * `NAME=value`). Nothing is thrown: each unknown, missing, malformed or unsafe setting is one sentence in `problems`.
 * In development, secrets that nobody set are taken from `developmentSecrets`.
 */
export function readConfig(environment: Environment, developmentSecrets?: DevelopmentSecrets): ConfigResult {
  const problems: string[] = [];
  const set = { ...readFileSettings(environment, problems), ...environment };
  const given = { ...unsetSecrets(set, developmentSecrets), ...set };
  reportUnknown(given, problems);
  const values: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries<Setting>(settings)) {
    const text = readText(given, definition, problems) ?? definition.default;
    if (text === undefined) {
      problems.push(`${definition.env} is missing: ${firstSentence(definition.meaning)}`);
      continue;
    }
    const parsed = definition.schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${definition.env} ${parsed.error.issues[0]?.message ?? 'is malformed'}.`);
  }
  const read = values as Partial<Config>;
  problems.push(...contradictions(read), ...(read.mode === 'production' ? unsafe(read) : []));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config: read as Config };
}

function readFileSettings(environment: Environment, problems: string[]): Environment {
  const file = environment['SHIMING_CONFIG_FILE'];
  if (!file) return {};
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch {
    problems.push(`SHIMING_CONFIG_FILE names a file that cannot be read.`);
    return {};
  }
}

/** Whatever was set, in the environment, in the file or as `_FILE`, comes before a development secret. */
function unsetSecrets(set: Environment, secrets: DevelopmentSecrets | undefined): Environment {
  const textOf = ({ env, default: otherwise }: Setting) => set[env] ?? otherwise ?? '';
  if (!secrets || textOf(settings.mode) !== 'development') return {};
  const made = Object.entries(secrets(textOf(settings.dataDir)));
  return Object.fromEntries(made.filter(([env]) => !set[env] && !set[`${env}_FILE`]));
}

function reportUnknown(given: Environment, problems: string[]): void {
  const known = new Set(['SHIMING_CONFIG_FILE']);
  for (const { env, secret } of Object.values<Setting>(settings)) {
    known.add(env);
    if (secret) known.add(`${env}_FILE`);
  }
  for (const name of Object.keys(given)) {
    if (name.startsWith('SHIMING_') && !known.has(name))
      problems.push(`${name} is not a setting; see docs/configuration.md.`);
  }
}

function readText(given: Environment, { env, secret }: Setting, problems: string[]): string | undefined {
  const file = secret ? given[`${env}_FILE`] : undefined;
  if (!file) return given[env];
  if (given[env] !== undefined) problems.push(`${env} and ${env}_FILE are both set; keep one.`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    problems.push(`${env}_FILE names a file that cannot be read.`);
    return undefined;
  }
}

function contradictions(config: Partial<Config>): string[] {
  return [
    ...lackingForSms(config),
    ...lackingForMail(config),
    ...lackingForAuthority(config),
    ...lackingForRegistry(config),
  ];
}

function lackingForSms(config: Partial<Config>): string[] {
  if (config.smsVendor !== 'twilio') return [];
  return [
    ...(config.twilioAccountSid !== ''
      ? []
      : ['SHIMING_TWILIO_ACCOUNT_SID is missing: the SMS vendor is twilio.']),
    ...(config.twilioAuthToken !== ''
      ? []
      : ['SHIMING_TWILIO_AUTH_TOKEN is missing: the SMS vendor is twilio.']),
    ...(config.twilioSender !== '' ? [] : ['SHIMING_TWILIO_SENDER is missing: the SMS vendor is twilio.']),
  ];
}

function lackingForMail(config: Partial<Config>): string[] {
  if (config.mailVendor !== 'smtp') return [];
  // A setting that is malformed has its own sentence.
  const lacks = (name: 'smtpUrl' | 'mailFrom') => name in config && config[name] === undefined;
  return [
    ...(lacks('smtpUrl') ? ['SHIMING_SMTP_URL is missing: mail is sent by smtp.'] : []),
    ...(lacks('mailFrom') ? ['SHIMING_MAIL_FROM is missing: mail is sent by smtp.'] : []),
  ];
}

function lackingForAuthority(config: Partial<Config>): string[] {
  const { authority = 'none' } = config;
  if (authority === 'none' || authority === 'fake') return [];
  const why = `is missing: the authority is ${authority}.`;
  return [
    ...(authority === 'operator' || config.authorityKeyId !== '' ? [] : [`SHIMING_AUTHORITY_KEY_ID ${why}`]),
    ...(config.authoritySecret !== '' ? [] : [`SHIMING_AUTHORITY_SECRET ${why}`]),
    ...(authority !== 'operator' || config.authorityEndpoint !== ''
      ? []
      : [`SHIMING_AUTHORITY_ENDPOINT ${why}`]),
  ];
}

function lackingForRegistry({
  registry = 'none',
  registryKeyId,
  registrySecret,
  registryFile,
}: Partial<Config>): string[] {
  const why = `is missing: the registry is ${registry}.`;
  if (registry === 'csv') return registryFile !== '' ? [] : [`SHIMING_REGISTRY_FILE ${why}`];
  if (registry !== 'tencent') return [];
  return [
    ...(registryKeyId !== '' ? [] : [`SHIMING_REGISTRY_KEY_ID ${why}`]),
    ...(registrySecret !== '' ? [] : [`SHIMING_REGISTRY_SECRET ${why}`]),
  ];
}

function unsafe(config: Partial<Config>): string[] {
  return [
    ...(config.issuer?.startsWith('https:') !== false
      ? []
      : ['SHIMING_ISSUER must be an https address in production.']),
    ...(config.smsVendor === 'inbox'
      ? ['SHIMING_SMS_VENDOR must name a real SMS vendor in production.']
      : []),
    ...(config.mailVendor === 'inbox' ? ['SHIMING_MAIL_VENDOR must be smtp, or none, in production.'] : []),
    ...(config.depositSender === 'fake' ? ['SHIMING_DEPOSIT_SENDER must not be fake in production.'] : []),
    ...(config.recogniser === 'fake' ? ['SHIMING_RECOGNISER must not be fake in production.'] : []),
    ...(config.operatorName ? [] : ['SHIMING_OPERATOR_NAME must say who handles the personal information.']),
    ...(config.operatorContact ? [] : ['SHIMING_OPERATOR_CONTACT must say how people reach the operator.']),
    ...(config.twilioBaseUrl ? ['SHIMING_TWILIO_BASE_URL must be empty in production.'] : []),
    ...(config.authority === 'fake' ? ['SHIMING_AUTHORITY must not be fake in production.'] : []),
    ...(config.authorityEndpoint?.startsWith('http:')
      ? ['SHIMING_AUTHORITY_ENDPOINT must be an https address in production.']
      : []),
    ...(config.registry === 'fake' ? ['SHIMING_REGISTRY must not be fake in production.'] : []),
    ...(config.registryEndpoint?.startsWith('http:')
      ? ['SHIMING_REGISTRY_ENDPOINT must be an https address in production.']
      : []),
    ...(config.testNumbers?.length ? ['SHIMING_TEST_NUMBERS must be empty in production.'] : []),
    ...(config.keyEncryptionKeys?.some(({ id }) => id.startsWith('development'))
      ? ['SHIMING_KEY_ENCRYPTION_KEYS holds a development key.']
      : []),
    ...repeatedKeys(config),
  ];
}

function repeatedKeys({ keyEncryptionKeys, indexKeys, cookieKeys }: Partial<Config>): string[] {
  const rings = [keyEncryptionKeys, indexKeys, cookieKeys].flatMap((ring) => ring ?? []);
  const all = rings.map(({ key }) => key.toString('hex'));
  return new Set(all).size === all.length
    ? []
    : ['SHIMING_KEY_ENCRYPTION_KEYS, SHIMING_INDEX_KEYS and SHIMING_COOKIE_KEYS must not share a key.'];
}

function firstSentence(text: string): string {
  return /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;
}
