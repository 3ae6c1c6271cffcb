import type { AccountId } from '../core/ids.ts';
import type { AccountStanding, EntitlementStore, Facts, Requirement } from '../entitlements/index.ts';

/** What the person wrote about themselves: the optional profile fields. */
export type SubjectProfile = {
  readonly user_name?: string;
  readonly name?: string;
  readonly sex?: string;
  readonly birthdate?: string;
  readonly industry?: string;
  readonly work_history?: string;
  readonly skills?: string;
  readonly company?: string;
  readonly email?: string;
};

export type SubjectContact = {
  /** E.164. */
  readonly phone: string;
  readonly phoneVerified: boolean;
  readonly locale: string;
};

/** Sealed parts of an account; opened only when a claim that was asked for needs them. */
export type SubjectSource = {
  contact(accountId: AccountId): Promise<SubjectContact | undefined>;
  profile(accountId: AccountId): Promise<SubjectProfile | undefined>;
};

export type SubjectPart = 'standing' | 'contact' | 'profile' | 'facts';

/** A person as claims see them; parts that no claim asked for are absent. */
export type Subject = {
  readonly accountId: AccountId;
  readonly standing: AccountStanding;
  readonly contact: SubjectContact | undefined;
  readonly profile: SubjectProfile | undefined;
  readonly facts: Facts | undefined;
};

export type LoadSubject = (
  accountId: AccountId,
  standing: AccountStanding,
  parts: ReadonlySet<SubjectPart>,
) => Promise<Subject>;

export function subjectLoader(
  source: SubjectSource,
  entitlements: Pick<EntitlementStore, 'facts'>,
): LoadSubject {
  return async (accountId, standing, parts) => {
    const [contact, profile, facts] = await Promise.all([
      parts.has('contact') ? source.contact(accountId) : undefined,
      parts.has('profile') ? source.profile(accountId) : undefined,
      parts.has('facts') ? entitlements.facts(accountId) : undefined,
    ]);
    return { accountId, standing, contact, profile, facts };
  };
}

export function metBy(standing: AccountStanding): ReadonlySet<Requirement> {
  return new Set(standing.state === 'active' ? standing.status?.requirements : []);
}
