import type { Instant } from '../core/clock.ts';

/**
 * The legal texts a person accepts, with the version in force: the day it was published. A change of the text that
 * changes what is agreed to gets a new version, and everyone is asked again at the next sign-in.
 */
export const policies = {
  agreement: { version: '2026-11-23' },
  privacy: { version: '2026-11-23' },
} as const;

export type PolicyKind = keyof typeof policies;

export const policyKinds: readonly PolicyKind[] = ['agreement', 'privacy'];

/** That a person accepted one version of one text, when, and in which language they read it. */
export type Acceptance = {
  readonly policy: PolicyKind;
  readonly version: string;
  readonly language: string;
  readonly acceptedAt: Instant;
};

export type PolicyVersions = Readonly<Record<PolicyKind, { readonly version: string }>>;

/** The policies whose version in force is not among those accepted. */
export function outstanding(
  accepted: readonly Pick<Acceptance, 'policy' | 'version'>[],
  inForce: PolicyVersions = policies,
): PolicyKind[] {
  return policyKinds.filter(
    (policy) => !accepted.some((one) => one.policy === policy && one.version === inForce[policy].version),
  );
}
