import { errors, type Configuration } from 'oidc-provider';
import { isActive, isPersonVerified, stands, type Requirement } from '../entitlements/index.ts';
import type { Instant } from '../core/clock.ts';
import type { Subject, SubjectPart } from './subject.ts';

/** Data categories of product.md section 2, clause (一). */
export type DataCategory = 'basic' | 'identity' | 'account';

export type ClaimRow = {
  readonly claim: string;
  /** The scope that brings the claim; it may also be asked for by name (claims parameter). */
  readonly scope: string;
  readonly requires: readonly Requirement[];
  readonly category: DataCategory;
  /** What of the person must be read, and possibly opened, to answer. */
  readonly reads: SubjectPart;
  readonly from: (subject: Subject, now: Instant) => unknown;
};

const free = { requires: [] as readonly Requirement[] };
const profile = { ...free, scope: 'profile', category: 'basic', reads: 'profile' } as const;
const contact = {
  scope: 'phone',
  category: 'basic',
  reads: 'contact',
  requires: ['phone_verified'],
} as const;
const verification = { ...free, scope: 'verification', category: 'identity' } as const;

/**
 * THE claim table: every claim an app can receive about a person, the scope it comes with and where it is taken from.
 * Tokens, userinfo, the consent page and docs/claims.md all follow it; nothing else puts a claim anywhere.
 */
export const claimTable: readonly ClaimRow[] = [
  { ...profile, claim: 'name', from: (s) => s.profile?.name },
  { ...profile, claim: 'preferred_username', from: (s) => s.profile?.user_name },
  { ...profile, claim: 'gender', from: (s) => standardGender(s.profile?.sex) },
  { ...profile, claim: 'birthdate', from: (s) => s.profile?.birthdate },
  { ...profile, claim: 'industry', from: (s) => s.profile?.industry },
  { ...profile, claim: 'work_history', from: (s) => s.profile?.work_history },
  { ...profile, claim: 'skills', from: (s) => s.profile?.skills },
  { ...profile, claim: 'employer', from: (s) => s.profile?.company },
  { ...profile, claim: 'locale', reads: 'contact', from: (s) => s.contact?.locale },
  { ...contact, claim: 'phone_number', from: (s) => s.contact?.phone },
  { ...contact, claim: 'phone_number_verified', from: (s) => s.contact?.phoneVerified },
  { ...profile, claim: 'email', scope: 'email', from: (s) => s.profile?.email },
  {
    ...profile,
    claim: 'email_verified',
    scope: 'email',
    // Nobody has checked the address yet; the flag is true to its word.
    from: (s) => (s.profile?.email === undefined ? undefined : false),
  },
  { ...free, claim: 'roles', scope: 'roles', category: 'account', reads: 'standing', from: rolesOf },
  { ...verification, claim: 'person_status', reads: 'facts', from: personStatus },
  { ...verification, claim: 'assurance_level', reads: 'facts', from: assuranceLevel },
  { ...verification, claim: 'verified_at', reads: 'facts', from: verifiedAt },
  {
    ...verification,
    claim: 'recruiter_status',
    reads: 'standing',
    from: (s) => s.standing.status?.status ?? 'ineligible',
  },
  {
    ...verification,
    claim: 'recruiter_reasons',
    reads: 'standing',
    from: (s) => s.standing.status?.reasons ?? ['not_recruiter'],
  },
  {
    claim: 'company',
    scope: 'company',
    requires: ['company_member'],
    category: 'account',
    reads: 'facts',
    from: companyOf,
  },
];

const byClaim = new Map(claimTable.map((row) => [row.claim, row]));

/** Whether a name an app wrote into the claims parameter is one of ours; any other is never asked about nor recorded. */
export function isKnownClaim(name: string): boolean {
  return byClaim.has(name);
}

/** Scope → claims, as oidc-provider wants it; `openid` brings the subject alone. */
export function claimsByScope(): Record<string, string[]> {
  const scopes: Record<string, string[]> = { openid: ['sub'] };
  for (const { scope, claim } of claimTable) (scopes[scope] ??= []).push(claim);
  return scopes;
}

/** The rows behind the granted scopes and the claims asked for by name. */
export function claimsAsked(scopes: ReadonlySet<string>, named: Iterable<string>): ClaimRow[] {
  const rows = new Set(claimTable.filter(({ scope }) => scopes.has(scope)));
  for (const claim of named) {
    const row = byClaim.get(claim);
    if (row) rows.add(row);
  }
  return [...rows];
}

export function partsOf(rows: readonly ClaimRow[]): ReadonlySet<SubjectPart> {
  return new Set(rows.map(({ reads }) => reads));
}

/** The values of the rows whose requirements are met; what the person has not given is left out. */
export function answer(
  rows: readonly ClaimRow[],
  subject: Subject,
  met: ReadonlySet<Requirement>,
  now: Instant,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { claim, requires, from } of rows) {
    if (!requires.every((requirement) => met.has(requirement))) continue;
    const value = from(subject, now);
    if (value !== undefined) values[claim] = value;
  }
  return values;
}

type AssertClaims = NonNullable<
  NonNullable<NonNullable<Configuration['features']>['claimsParameter']>['assertClaimsParameter']
>;

/** Members whose requested value matters; for all others it is dropped, because it may be personal and is never used. */
const comparable = new Set(['sub', 'acr', 'recruiter_status']);

/** OpenID Connect Core section 5.5.1; what is kept of the parameter is stored in codes and tokens. */
export const assertClaims: AssertClaims = (ctx, claims) => {
  const kept: Record<string, Record<string, unknown>> = {};
  for (const target of ['userinfo', 'id_token'] as const) {
    const members = claims[target];
    if (members === undefined) continue;
    kept[target] = {};
    for (const [claim, member] of Object.entries(members)) {
      if (member !== null && (typeof member !== 'object' || Array.isArray(member))) {
        throw new errors.InvalidRequest(`claims.${target} members must be null or objects`);
      }
      const { essential, ...rest } = (member ?? {}) as { essential?: unknown };
      kept[target][claim] =
        member === null
          ? null
          : { ...(essential === true ? { essential } : {}), ...(comparable.has(claim) ? rest : {}) };
    }
  }
  if (ctx.oidc.params) ctx.oidc.params['claims'] = JSON.stringify(kept);
};

function rolesOf({ standing }: Subject): string[] {
  return [...(standing.candidate ? ['candidate'] : []), ...(standing.recruiter ? ['recruiter'] : [])];
}

/** OpenID Connect Core section 5.1: `female`, `male` or another word; "undisclosed" is not said at all. */
function standardGender(sex: string | undefined): string | undefined {
  return sex === 'female' || sex === 'male' ? sex : undefined;
}

function personStatus({ facts }: Subject, now: Instant): string | undefined {
  if (!facts) return undefined;
  if (isPersonVerified(facts, now)) return 'verified';
  if (facts.caseState === 'submitted' || facts.caseState === 'in_review') return 'in_review';
  if (!facts.person) return 'unverified';
  return facts.person.state === 'verified' ? 'expired' : facts.person.state;
}

function assuranceLevel({ facts }: Subject, now: Instant): string | undefined {
  if (!facts) return undefined;
  return facts.person && isPersonVerified(facts, now) ? facts.person.level : 'rn0';
}

/** Seconds since 1970, like every instant in a token. */
function verifiedAt({ facts }: Subject, now: Instant): number | undefined {
  return facts?.person && isPersonVerified(facts, now)
    ? Math.floor(facts.person.verifiedAt / 1000)
    : undefined;
}

function companyOf({ facts, standing }: Subject, now: Instant): object | undefined {
  // The company of the sign-in or, where none was chosen, the one the status is about; never another one instead.
  const chosen = facts?.memberships.find(
    (m) => m.company.id === standing.status?.companyId && isActive(m, now) && stands(m.company),
  );
  return (
    chosen && {
      name: chosen.company.name,
      code: chosen.company.creditCode,
      role: chosen.role,
      ...(chosen.validUntil === null ? {} : { valid_until: Math.floor(chosen.validUntil / 1000) }),
    }
  );
}
