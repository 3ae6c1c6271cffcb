import type { z } from 'zod';
import { AppError } from '../core/errors.ts';
import type { Context } from './context.ts';
import type { FieldError } from './partials.ts';

export type FormResult<T> =
  | { readonly ok: true; readonly data: T; readonly values: Record<string, string> }
  | { readonly ok: false; readonly errors: FieldError[]; readonly values: Record<string, string> };

/**
 * Reads a submitted form against its schema. Issue messages are locale keys; one error a field, in the order of the
 * schema. `values` is what was entered, without secrets, to fill the form again.
 */
export function readForm<S extends z.ZodType>(ctx: Context, schema: S): FormResult<z.output<S>> {
  const { _csrf, ...values } = fieldsOf(ctx);
  const parsed = schema.safeParse(values);
  for (const name of Object.keys(values))
    if (/password|code$/.test(name) && name !== 'credit_code') delete values[name];
  if (parsed.success) return { ok: true, data: parsed.data, values };
  const errors = new Map<string, FieldError>();
  for (const { path, message } of parsed.error.issues) {
    const field = String(path[0] ?? '');
    if (!errors.has(field)) errors.set(field, { field, message });
  }
  return { ok: false, errors: [...errors.values()], values };
}

/**
 * The fields of a submitted form as text; what is not text is left out. The only way to a form: a NUL character, which
 * nobody types and PostgreSQL stores in no text, ends here.
 */
export function fieldsOf(ctx: Context): Record<string, string> {
  const { body } = ctx.request;
  if (typeof body !== 'object' || body === null) return {};
  const fields = Object.entries(body).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  if (fields.some(([, text]) => text.includes('\0'))) throw new AppError('bad_request');
  return Object.fromEntries(fields);
}
