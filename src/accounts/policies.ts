import type { Instant } from '../core/clock.ts';

/** The legal texts a person accepts. */
export const policyKinds = ['agreement', 'privacy'] as const;

export type PolicyKind = (typeof policyKinds)[number];

/**
 * The version in force of each text: the day it was published. A new version asks everyone again at the next sign-in.
 */
export type PolicyVersions = Readonly<Record<PolicyKind, string>>;

/** That a person accepted one version of one text, when, and in which language they read it. */
export type Acceptance = {
  readonly policy: PolicyKind;
  readonly version: string;
  readonly language: string;
  readonly acceptedAt: Instant;
};

/** The policies whose version in force is not among those accepted. */
export function outstanding(
  accepted: readonly Pick<Acceptance, 'policy' | 'version'>[],
  inForce: PolicyVersions,
): PolicyKind[] {
  return policyKinds.filter(
    (policy) => !accepted.some((one) => one.policy === policy && one.version === inForce[policy]),
  );
}
