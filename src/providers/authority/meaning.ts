import type { AuthorityAnswer } from '../../verification/authority.ts';

/**
 * What a code of a vendor says: an answer about the person, or that there is none, for a while (`later`) or until the
 * operator acts (`operator`).
 */
export type Meaning = Exclude<AuthorityAnswer['outcome'], 'unavailable'> | 'later' | 'operator';

/** A vendor's code → its meaning, and the vendor's explanation in our words. Printed in docs/authority-codes.md. */
export type Codes = Readonly<Record<string, readonly [meaning: Meaning, says: string]>>;

export type Details = {
  /** Whether a face was sent: then only an answer that tells a likeness can be a match. */
  readonly faceSent: boolean;
  readonly vendorReference: string | undefined;
  /** 0–1. */
  readonly faceSimilarity: number | undefined;
};

/** The answer for a code; an unknown one is `unavailable` and for a person to look at, never a guess. */
export function toAnswer(codes: Codes, code: string, details: Details): AuthorityAnswer {
  const meaning = meaningOf(codes, code);
  const shown = /^[\w.-]{1,80}$/.test(code) ? code : 'unreadable_code';
  if (meaning === undefined || meaning === 'operator') return unavailable(shown, false);
  if (meaning === 'later') return unavailable(shown, true);
  const { faceSent, vendorReference, faceSimilarity } = details;
  if (meaning === 'match' && faceSent && faceSimilarity === undefined)
    return unavailable('no_similarity', false);
  return {
    outcome: meaning,
    code: shown,
    // A vendor's text is kept only where it cannot be anything but an identifier.
    ...(vendorReference && /^[\w-]{1,64}$/.test(vendorReference) ? { vendorReference } : {}),
    ...(faceSimilarity === undefined ? {} : { faceSimilarity }),
  };
}

export function unavailable(code: string, retryable: boolean): AuthorityAnswer {
  return { outcome: 'unavailable', code, retryable };
}

/** A code that is not listed may fail as its family does, `AuthFailure.New` as `AuthFailure`; it decides nothing. */
export function meaningOf<M extends string>(
  codes: Readonly<Record<string, readonly [meaning: M, says: string]>>,
  code: string,
): M | undefined {
  if (Object.hasOwn(codes, code)) return codes[code]?.[0];
  const [family = ''] = code.split('.');
  const inherited = Object.hasOwn(codes, family) ? codes[family]?.[0] : undefined;
  return inherited === 'later' || inherited === 'operator' ? inherited : undefined;
}

/** A vendor's likeness from 0 to 100 as 0–1; undefined where it is none. */
export function fromPercent(score: number | undefined): number | undefined {
  return score === undefined || !(score >= 0 && score <= 100) ? undefined : score / 100;
}
