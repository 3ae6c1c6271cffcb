/** What a user can cause is a result, never an exception. */
export type Ok<T> = { readonly ok: true } & T;
export type Failed<R extends string, D = unknown> = { readonly ok: false; readonly reason: R } & D;
export type Result<T, R extends string> = Ok<T> | Failed<R>;

export function ok(): Ok<object>;
export function ok<T extends object>(value: T): Ok<T>;
export function ok(value: object = {}): Ok<object> {
  return { ok: true, ...value };
}

export function failed<R extends string>(reason: R): Failed<R>;
export function failed<R extends string, D extends object>(reason: R, details: D): Failed<R, D>;
export function failed(reason: string, details: object = {}): Failed<string> {
  return { ok: false, reason, ...details };
}
