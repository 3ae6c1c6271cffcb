import Router from '@koa/router';
import { z } from 'zod';
import type { Clock, Instant } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { CompanyRecruiter, Explanation, Explanations } from '../../entitlements/index.ts';
import type { KnownPerson, People } from '../../oidc/index.ts';
import type { Context, State } from '../context.ts';

type Deps = {
  readonly people: People;
  readonly explanations: Explanations;
  /** A credit code as it may be typed; undefined for what is none. */
  readonly readCode: (typed: string) => string | undefined;
  readonly clock: Clock;
};

/** People of one answer at most, and when the app does not say how many. */
const most = 100;
const usual = 50;

const instant = z.iso
  .datetime({ offset: true, error: 'api.error.at' })
  .max(40, 'api.error.at')
  .transform((text): Instant => Date.parse(text))
  .refine((at) => Number.isFinite(at) && at >= 0, 'api.error.at')
  .optional();

const personQuery = z.strictObject({ at: instant });
const companyQuery = z.strictObject({
  at: instant,
  limit: z.coerce
    .number('api.error.limit')
    .int('api.error.limit')
    .min(1, 'api.error.limit')
    .max(most, 'api.error.limit')
    .default(usual),
  cursor: z.string().min(1, 'api.error.cursor').max(255, 'api.error.cursor').optional(),
});

/**
 * Who may publish, for apps that ask for themselves (client credentials with `recruiter:read`). A person exists for an
 * app that they agreed to show their verification to, or that is the operator's own and was given it, since then, and
 * under the app's own subject identifier.
 */
export function recruitersApi({ people, explanations, readCode, clock }: Deps): Router<State> {
  const router = new Router<State>();

  router.get('/api/v1/recruiters/:sub', async (ctx) => {
    const { clientId } = await admit(ctx, people);
    const { at } = readQuery(ctx, personQuery, clock);
    const person = await people.find(clientId, subjectOf(ctx.params['sub']));
    if (!person || !isShown(person, at, 'verification')) throw new AppError('not_found');
    const explained = await explanations.explain(person.accountId, at);
    if (!explained) throw new AppError('not_found');
    answer(ctx, toPerson(person, explained, isShown(person, at, 'company')));
  });

  router.get('/api/v1/companies/:code/recruiters', async (ctx) => {
    const { clientId } = await admit(ctx, people);
    const { at, limit, cursor } = readQuery(ctx, companyQuery, clock);
    const code = readCode(ctx.params['code'] ?? '');
    const company = code === undefined ? undefined : await explanations.findCompany(code);
    if (!company) throw new AppError('not_found');
    const first = cursor === undefined ? undefined : await people.find(clientId, subjectOf(cursor));
    if (cursor !== undefined && !first) {
      throw new AppError('invalid_input', { fields: { cursor: 'api.error.cursor' } });
    }

    const recruiters: object[] = [];
    let last = first;
    let known: KnownPerson[];
    do {
      known = await people.listOfCompany(clientId, company.id, { after: last?.accountId, limit });
      for (const person of known) {
        if (recruiters.length === limit) break;
        last = person;
        if (!isShown(person, at, 'verification') || !isShown(person, at, 'company')) continue;
        const standing = await explanations.standingAt(person.accountId, company.id, at);
        if (standing) recruiters.push(toRecruiter(person, standing));
      }
    } while (known.length === limit && recruiters.length < limit);
    const more =
      recruiters.length === limit &&
      last !== undefined &&
      (await people.listOfCompany(clientId, company.id, { after: last.accountId, limit: 1 })).length > 0;
    answer(ctx, {
      company: { code: company.creditCode, name: company.name },
      at: new Date(at ?? clock.now()).toISOString(),
      recruiters,
      ...(more ? { next_cursor: last?.subject } : {}),
    });
  });

  return router;
}

/** The app that calls; RFC 6750 section 3.1 says how it learns what is wrong with its token. */
async function admit(ctx: Context, people: People): Promise<{ clientId: string }> {
  const [, token] = /^Bearer ([\w~+/.-]{1,512}=*)$/i.exec(ctx.get('authorization')) ?? [];
  if (token === undefined) return refuse(ctx, 'invalid_token', 'Bearer');
  const app = await people.authenticate(token);
  if (!app) return refuse(ctx, 'invalid_token', 'Bearer error="invalid_token"');
  if (!app.scopes.has('recruiter:read')) {
    return refuse(ctx, 'insufficient_scope', 'Bearer error="insufficient_scope", scope="recruiter:read"');
  }
  return app;
}

function refuse(ctx: Context, code: 'invalid_token' | 'insufficient_scope', challenge: string): never {
  ctx.set('www-authenticate', challenge);
  throw new AppError(code);
}

/** The query by its schema, and no instant that is still to come. */
function readQuery<S extends z.ZodType<{ at?: Instant | undefined }>>(
  ctx: Context,
  schema: S,
  clock: Clock,
): z.output<S> {
  const parsed = schema.safeParse({ ...ctx.query });
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) =>
      issue.code === 'unrecognized_keys'
        ? [issue.keys[0] ?? '', 'api.error.unknown']
        : [String(issue.path[0] ?? ''), issue.message.startsWith('api.') ? issue.message : 'api.error.once'],
    );
    throw new AppError('invalid_input', { fields: Object.fromEntries(fields) as Record<string, string> });
  }
  if ((parsed.data.at ?? 0) > clock.now()) {
    throw new AppError('invalid_input', { fields: { at: 'api.error.at_future' } });
  }
  return parsed.data;
}

/** Anything that cannot be a subject identifier names nobody; PostgreSQL takes no NUL character in a text. */
function subjectOf(text: string | undefined): string {
  if (text === undefined || !/^[\w-]{1,255}$/.test(text)) throw new AppError('not_found');
  return text;
}

/** Whether the person agreed to show this, and had agreed at the instant asked for. */
function isShown(
  { consent }: KnownPerson,
  at: Instant | undefined,
  scope: 'verification' | 'company',
): boolean {
  return consent.scopes.includes(scope) && (at === undefined || at >= consent.grantedAt);
}

function toPerson({ subject }: KnownPerson, explained: Explanation, withCompanies: boolean): object {
  const { at, status, reasons, nextStep, recheckAt, memberships } = explained;
  return {
    sub: subject,
    at: new Date(at).toISOString(),
    recruiter_status: status,
    may_publish: status === 'eligible',
    reasons: reasons.map(({ reason, since }) => ({ reason, ...time('since', since) })),
    next_step: nextStep,
    ...time('recheck_at', recheckAt),
    ...(withCompanies
      ? {
          companies: memberships
            .filter(({ isActive }) => isActive)
            .map(({ membership: { company, role }, ...standing }) => ({
              code: company.creditCode,
              name: company.name,
              role,
              may_publish: standing.status === 'eligible',
              reasons: standing.reasons,
            })),
        }
      : {}),
  };
}

function toRecruiter({ subject }: KnownPerson, standing: CompanyRecruiter): object {
  const { status, reasons, nextStep, membership } = standing;
  return {
    sub: subject,
    role: membership.role,
    membership: membership.state,
    recruiter_status: status,
    may_publish: status === 'eligible',
    reasons,
    next_step: nextStep,
  };
}

function time(name: string, at: Instant | null | undefined): Record<string, string> {
  return at === null || at === undefined ? {} : { [name]: new Date(at).toISOString() };
}

function answer(ctx: Context, body: object): void {
  ctx.set('cache-control', 'no-store');
  ctx.type = 'application/json';
  ctx.body = body;
}
