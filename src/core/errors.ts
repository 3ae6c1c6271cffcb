/** Every error a broken precondition can raise: code → HTTP status. Each has a locale key `error.<code>.title` and `.body`. */
export const errorStatus = {
  bad_request: 400,
  unauthenticated: 401,
  invalid_token: 401,
  csrf_rejected: 403,
  forbidden: 403,
  insufficient_scope: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  gone: 410,
  payload_too_large: 413,
  unsupported_media_type: 415,
  invalid_input: 422,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof errorStatus;

export type AppErrorOptions = {
  /** Logged, never sent. */
  cause?: unknown;
  /** Field name → locale key of the message; sent. */
  fields?: Readonly<Record<string, string>>;
  /** Seconds, sent as `Retry-After`. */
  retryAfter?: number;
};

/** A broken precondition. Pages answer it with the error page, APIs with RFC 9457 problem details. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fields: Readonly<Record<string, string>> | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.fields = options.fields;
    this.retryAfter = options.retryAfter;
  }

  get status(): number {
    return errorStatus[this.code];
  }
}
