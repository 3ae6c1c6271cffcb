import { findingParts, type Finding, type FindingCode } from './findings.ts';
import { reviewParts, type ReviewPart } from './case.ts';
import { ordinaryMeanings, type JudgementPolicy, type Meaning } from './policy.ts';

/**
 * `approve`: every required check ran and nothing speaks against it. `ask_again`: only pictures are missing or unusable.
 * `review`: a person looks. `reject`: something speaks against the person; a machine's "no" is never final, a person
 * decides it too (Personal Information Protection Law, article 24).
 */
export type Verdict = {
  readonly verdict: 'approve' | 'ask_again' | 'review' | 'reject';
  /** The findings that led here, in the order in which they were made. */
  readonly reasons: readonly FindingCode[];
  /** The parts to do again, for `ask_again`. */
  readonly again: readonly ReviewPart[];
  readonly policyVersion: string;
};

export type Judgement = JudgementPolicy & {
  readonly version: string;
  /** What the case is about; checks of other parts are not required. All of them where it is absent. */
  readonly parts?: readonly ReviewPart[];
  /** How often parts of this case may still be asked for again. */
  readonly resubmissionsLeft: number;
};

/**
 * Findings → verdict. Pure, so that a past verdict can be replayed from what was stored. A required check that is
 * missing counts as not run: absence never speaks for a person.
 */
export function judge(findings: readonly Finding[], policy: Judgement): Verdict {
  const meant = findings.map((finding) => ({ code: finding.code, meaning: meaningOf(finding, policy) }));
  const seen = new Set(findings.map(({ code }) => code));
  const { parts = reviewParts } = policy;
  const missing = policy.required.filter((code) => parts.includes(findingParts[code]) && !seen.has(code));
  const withMeaning = (meaning: Meaning) =>
    meant.filter((one) => one.meaning === meaning).map(({ code }) => code);
  const [against, unclear, again] = [withMeaning('no'), withMeaning('attention'), withMeaning('again')];
  const verdict = (kind: Verdict['verdict'], reasons: readonly FindingCode[]): Verdict => ({
    verdict: kind,
    reasons,
    again: kind === 'ask_again' ? [...new Set(again.map((code) => findingParts[code]))] : [],
    policyVersion: policy.version,
  });
  if (against.length > 0) return verdict('reject', [...against, ...unclear, ...again]);
  if (again.length > 0 && policy.resubmissionsLeft > 0) return verdict('ask_again', again);
  // Where nothing at all was looked at, nothing speaks for the person, whatever the policy requires.
  if (unclear.length + missing.length + again.length > 0 || findings.length === 0)
    return verdict('review', [...unclear, ...again, ...missing]);
  return verdict(policy.machineApproval ? 'approve' : 'review', []);
}

/** What one finding means under a policy; the case page says the same of it as the verdict. */
export function meaningOf(finding: Finding, policy: JudgementPolicy): Meaning {
  const { code, outcome, detail, value } = finding;
  const named =
    policy.meanings[`${code}.${outcome}.${detail ?? ''}`] ?? policy.meanings[`${code}.${outcome}`];
  if (named) return named;
  if (outcome === 'measured') {
    const bounds = policy.bounds[code];
    // What is no number is stored as null, and means the same when it is replayed.
    if (!bounds || typeof value !== 'number' || !Number.isFinite(value)) return 'attention';
    if (value >= bounds.ok) return 'ok';
    return bounds.no !== undefined && value < bounds.no ? 'no' : 'attention';
  }
  if (outcome === 'not_run' && policy.required.includes(code)) return 'attention';
  return ordinaryMeanings[outcome];
}
