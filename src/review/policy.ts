/** What the operator of an installation decides about reviewing; opinions and decisions name the version they were made under. */
export type ReviewPolicy = {
  readonly version: string;
  /** A rejection ends the case, so two people have to want it. */
  readonly secondForRejection: boolean;
  /** Approving what the machine would refuse takes two people. */
  readonly secondForOverride: boolean;
  /** The share of approvals that a second person looks at as well, 0–1. */
  readonly secondReviewShare: number;
};

export const defaultReviewPolicy: ReviewPolicy = {
  version: '2026-11',
  secondForRejection: true,
  secondForOverride: true,
  secondReviewShare: 0.05,
};

/** The default with the operator's share of second looks, which its version then names. */
export function reviewPolicyWith(secondReviewShare: number): ReviewPolicy {
  if (secondReviewShare === defaultReviewPolicy.secondReviewShare) return defaultReviewPolicy;
  const version = `${defaultReviewPolicy.version}+share-${secondReviewShare}`;
  return { ...defaultReviewPolicy, version, secondReviewShare };
}
