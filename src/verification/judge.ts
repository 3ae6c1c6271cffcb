import type { Finding, FindingCode } from './findings.ts';

export type Verdict = {
  /** A machine may not decide anything in this installation: no machine check of the face has run. */
  readonly verdict: 'review';
  /** The findings that sent the case to a person, in the order in which they were made. */
  readonly reasons: readonly FindingCode[];
  readonly policyVersion: string;
};

/** The checks without which no machine may approve a person. */
const required: readonly FindingCode[] = ['document_reading', 'face_match'];

/**
 * Findings → verdict. Pure, so that a past verdict can be replayed from what was stored. A required check that is
 * missing counts as not run: absence never speaks for a person.
 */
export function judge(findings: readonly Finding[], policyVersion: string): Verdict {
  const seen = new Set(findings.map(({ code }) => code));
  const reasons = [
    ...findings.filter(({ outcome }) => outcome !== 'ok').map(({ code }) => code),
    ...required.filter((code) => !seen.has(code)),
  ];
  return { verdict: 'review', reasons, policyVersion };
}
