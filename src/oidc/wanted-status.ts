import type { KoaContextWithOIDC } from 'oidc-provider';
import type { RecruiterStatus } from '../entitlements/index.ts';

type Claims = KoaContextWithOIDC['oidc']['claims'];
type Wanted = { essential?: boolean; value?: unknown; values?: unknown[] } | null | undefined;

/** OpenID Connect Core section 5.5.1: an essential claim with the value, or one of the values, `eligible`. */
export function wantsEligible(claims: Claims): boolean {
  return wanted(claims).some(
    (one) => one?.essential === true && (one.value === 'eligible' || one.values?.includes('eligible')),
  );
}

/** Whether the app cannot do without the status, whatever it is. */
export function wantsStatus(claims: Claims): boolean {
  return wanted(claims).some((one) => one?.essential === true);
}

/** Statuses in which there is nothing the person could do now: the app gets the honest status instead. */
const settled: readonly RecruiterStatus[] = ['eligible', 'in_review'];

/** Whether the person is to be led through verification before the app is answered. */
export function mustVerify({ oidc }: KoaContextWithOIDC, status: RecruiterStatus | undefined): boolean {
  if (oidc.result?.['verification'] || oidc.prompts.has('none') || !wantsEligible(oidc.claims)) return false;
  return !settled.includes(status ?? 'ineligible');
}

function wanted(claims: Claims): Wanted[] {
  return [claims.id_token, claims.userinfo].map((target) => target?.['recruiter_status'] as Wanted);
}
