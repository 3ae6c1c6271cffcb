import type { AccountId } from '../core/ids.ts';
import { editableStates } from './case-machine.ts';
import {
  imageParts,
  type CaseScope,
  type ImageKind,
  type ReviewPart,
  type VerificationCase,
} from './case.ts';
import type { JoinedCompany } from './company-desk.ts';
import type { VerificationDeps } from './dependencies.ts';
import type { PersonVerification } from './person.ts';
import type { VerificationStores } from './stores.ts';

type Scoped = { readonly scope: CaseScope };

const parts: { readonly [scope in CaseScope]: readonly ReviewPart[] } = {
  person_and_company: ['company', 'document', 'holder'],
  person: ['document', 'holder'],
  company: ['company'],
};

export const partsOf = (scope: CaseScope): readonly ReviewPart[] => parts[scope];
export const isAboutPerson = ({ scope }: Scoped): boolean => scope !== 'company';
export const isAboutCompany = ({ scope }: Scoped): boolean => scope !== 'person';

/** The pictures that say nothing about what the case is about. */
export const imagesOutside = (scope: CaseScope): readonly ImageKind[] =>
  (Object.keys(imageParts) as ImageKind[]).filter((kind) => !parts[scope].includes(imageParts[kind]));

/** The stored facts that settle what a case is about. */
export type Standing = {
  /** The person as verified, where that is in force, in date and not too long ago. */
  readonly person: PersonVerification | undefined;
  /** Companies in good standing that the person acts for, or asked to. */
  readonly joined: readonly JoinedCompany[];
};

/**
 * What a case is about: what is missing, or both where nothing is. `wanted` is what the person asked for; nobody is
 * verified for a company alone who is not verified as a person.
 */
export function settleScope({ person, joined }: Standing, wanted?: CaseScope): CaseScope {
  if (wanted) return wanted === 'company' && !person ? 'person_and_company' : wanted;
  const isJoined = joined.length > 0;
  if (person) return isJoined ? 'person_and_company' : 'company';
  return isJoined ? 'person' : 'person_and_company';
}

export type Scoping<S> = {
  /** What counts already of what a recruiter needs. */
  standing(accountId: AccountId): Promise<Standing>;
  /**
   * Settles anew what the case under way is about, within the transaction that changed a fact: an invitation that was
   * accepted needs no licence any more. What was handed in before stays what it is about, unless more is needed.
   */
  resettle(stores: S, accountId: AccountId): Promise<void>;
};

export type ScopingDeps<S extends VerificationStores> = Pick<
  VerificationDeps<S>,
  'stores' | 'clock' | 'policy' | 'companies'
>;

/** Of two changes at once the later one reads again what the earlier one left. */
const ATTEMPTS = 3;

export function createScoping<S extends VerificationStores>(deps: ScopingDeps<S>): Scoping<S> {
  return {
    standing: (accountId) => standingOf(deps, deps.stores, accountId),
    async resettle(stores, accountId) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const current = await stores.cases.newest(accountId);
        if (!current || !editableStates.includes(current.state)) return;
        const scope = await scopeNow(deps, stores, current);
        if (scope === current.scope || (await stores.cases.update(current, { scope }))) return;
      }
    },
  };
}

/** What a case that is being filled in is about, by the facts as they are now. */
export async function scopeNow<S extends VerificationStores>(
  deps: Pick<ScopingDeps<S>, 'clock' | 'policy' | 'companies'>,
  stores: S,
  { state, scope, accountId, id, answers }: VerificationCase,
): Promise<CaseScope> {
  const standing = await standingOf(deps, stores, accountId, id);
  return settleScope(standing, state === 'open' ? answers.wanted : scope);
}

/** Who acts for the company of a case: as it says itself, or as verified before, where that is in force. */
export async function nameOf(
  deps: Pick<ScopingDeps<VerificationStores>, 'clock' | 'policy'>,
  stores: Pick<VerificationStores, 'persons'>,
  { scope, accountId, answers }: VerificationCase,
): Promise<string | undefined> {
  if (isAboutPerson({ scope })) return answers.person?.name;
  return (await personInForce(deps, stores, accountId))?.claims?.name;
}

/** `except`: the case whose own application for a membership does not count. */
export async function standingOf<S extends VerificationStores>(
  deps: Pick<ScopingDeps<S>, 'clock' | 'policy' | 'companies'>,
  stores: S,
  accountId: AccountId,
  except?: VerificationCase['id'],
): Promise<Standing> {
  return {
    person: await personInForce(deps, stores, accountId),
    joined: await deps.companies.joined(stores, accountId, except),
  };
}

/** The person as verified, unless that was taken away, ran out or is too long ago. */
export async function personInForce(
  { clock, policy }: Pick<ScopingDeps<VerificationStores>, 'clock' | 'policy'>,
  stores: Pick<VerificationStores, 'persons'>,
  accountId: AccountId,
): Promise<PersonVerification | undefined> {
  const found = await stores.persons.find(accountId);
  const now = clock.now();
  if (found?.state !== 'verified' || found.level === 'rn1') return undefined;
  const ends = Math.min(found.validUntil ?? Infinity, found.verifiedAt + policy.personRecheck);
  return ends > now ? found : undefined;
}
