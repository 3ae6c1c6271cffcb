import { pino, type DestinationStream } from 'pino';

/**
 * The only fields a log line may carry. Anything else is replaced by its type, so that a personal value cannot
 * reach a log by being forgotten in a redaction list.
 */
const allowed = new Set([
  'requestId',
  'method',
  'route',
  'status',
  'durationMs',
  'bytes',
  'code',
  'event',
  'job',
  'jobKind',
  'attempt',
  'accountId',
  'caseId',
  'companyId',
  'membershipId',
  'staffId',
  'imageId',
  'clientId',
  'messageId',
  'kind',
  'count',
  'migration',
  'mode',
  'issuer',
  'address',
  'port',
  'database',
  'version',
  'state',
  'from',
  'to',
  'reason',
  'setting',
  'vendor',
  'vendorCode',
  'grantType',
  'keyId',
  'signal',
  'pid',
  'table',
  'stage',
  'line',
]);

export type LogFields = Readonly<Record<string, unknown>>;

export type Log = {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields & { error?: unknown }): void;
  child(fields: LogFields): Log;
};

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Structured logs, one JSON object a line; `destination` is for tests. */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  return wrap(pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination));
}

/** A log that says nothing. */
export const silentLog: Log = createLog('silent');

type Sink = Pick<ReturnType<typeof pino>, 'debug' | 'info' | 'warn' | 'error' | 'child'>;

function wrap(sink: Sink): Log {
  return {
    debug: (message, fields = {}) => sink.debug(safe(fields), message),
    info: (message, fields = {}) => sink.info(safe(fields), message),
    warn: (message, fields = {}) => sink.warn(safe(fields), message),
    error: (message, { error, ...fields } = {}) =>
      sink.error({ ...safe(fields), ...describe(error) }, message),
    child: (fields) => wrap(sink.child(safe(fields))),
  };
}

function safe(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      allowed.has(key) && isScalar(value) ? value : `[${typeof value}]`,
    ]),
  );
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value);
}

/** Name, code and stack frames of an error; never its message, which may quote input or a database row. */
function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return error === undefined ? {} : { error: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    error: error.name,
    ...(code ? { errorCode: code } : {}),
    stack: frames.slice(0, 12).map((line) => line.trim()),
    ...(error.cause === undefined ? {} : { cause: describe(error.cause) }),
  };
}
