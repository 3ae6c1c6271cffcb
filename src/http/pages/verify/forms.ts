import { z } from 'zod';
import type { Failed } from '../../../core/result.ts';
import type { AnswerResult, StepName } from '../../../verification/index.ts';
import type { Context } from '../../context.ts';
import type { FieldError } from '../../partials.ts';
import { visitorOf } from '../../sign-in.ts';
import {
  enter,
  goOn,
  redirect,
  renderStep,
  staleError,
  versionOf,
  type VerifyDependencies,
} from './journey.ts';
import { fieldErrors } from './wording.ts';

/** Parts of the forms' schemas. */
export const text = z.string().default('');
export const flag = z
  .string()
  .optional()
  .transform((value) => value === '1');
export const version = z.string().optional().transform(versionOf);

/** Who saves, and the version of the case that their form showed. */
export function editor(ctx: Context, shown: number) {
  return { accountId: visitorOf(ctx).accountId, version: shown };
}

type Refused = { readonly errors: readonly FieldError[]; readonly values: Readonly<Record<string, unknown>> };

/** The page again, with what was entered. */
export async function again(
  ctx: Context,
  dependencies: VerifyDependencies,
  step: StepName,
  page: string,
  { errors, values }: Refused,
  data: object = {},
  status = 422,
): Promise<void> {
  const view = await enter(ctx, dependencies, step);
  if (view) renderStep(ctx, page, view, step, { ...data, errors, values }, status);
}

/** On to the next step, or the page again with what stands in the way. */
export async function settle(
  ctx: Context,
  dependencies: VerifyDependencies,
  step: StepName,
  page: string,
  result: AnswerResult | Failed<'stale' | 'closed'>,
  values: Readonly<Record<string, unknown>>,
  data: object = {},
): Promise<void> {
  if (result.ok) return goOn(ctx, result.view);
  if (result.reason === 'closed') return redirect(ctx, '/verify');
  const stale = result.reason !== 'invalid';
  const errors = result.reason === 'invalid' ? fieldErrors(ctx, result.errors, values) : [staleError];
  return again(ctx, dependencies, step, page, { errors, values }, data, stale ? 409 : 422);
}
