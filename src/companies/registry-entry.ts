import type { Instant } from '../core/clock.ts';
import {
  chinaDay,
  companyKey,
  nameKey,
  type OperatingStatus,
  type Registered,
  type RegistryAnswer,
  type RegistryField,
  type RegistryQuestion,
} from '../verification/index.ts';

/** An entry of a registry that shows what it holds. */
export type RegistryEntry = {
  readonly name: string;
  /** Empty where the registry does not say. */
  readonly legalRepresentative: string;
  readonly status: OperatingStatus;
  readonly type?: string;
  /** Last day of the term, `YYYY-MM-DD`. */
  readonly validUntil?: string;
};

/** For adapters whose registry shows entries and decides nothing; they are handed it, since adapters know only types. */
export type CompareEntry = (entry: RegistryEntry, question: RegistryQuestion, now: Instant) => RegistryAnswer;

/**
 * Entry against question. A company that is not in operation is reported as such whatever else
 * differs: it is the graver of the two. The registry's own name for its legal representative goes no further than this.
 */
export const compareEntry: CompareEntry = (
  { name, legalRepresentative, status, type, validUntil },
  question,
  now,
) => {
  const asked = question.legalRepresentative;
  const isComparable = asked !== undefined && legalRepresentative !== '';
  const sameRepresentative = isComparable && nameKey(asked) === nameKey(legalRepresentative);
  const isOver = status === 'operating' && validUntil !== undefined && validUntil < chinaDay(now);
  const registered: Registered = {
    name,
    status: isOver ? 'term_ended' : status,
    ...(isComparable ? { legalRepresentative: sameRepresentative ? 'agrees' : 'differs' } : {}),
    ...(type === undefined ? {} : { type }),
    ...(validUntil === undefined ? {} : { validUntil }),
  };
  const differing: RegistryField[] = [
    ...(companyKey(name) === companyKey(question.name) ? [] : (['name'] as const)),
    ...(registered.legalRepresentative === 'differs' ? (['legal_representative'] as const) : []),
  ];
  if (registered.status !== 'operating') return said('not_operating', registered);
  return differing.length > 0 ? said('mismatch', registered, differing) : said('match', registered);
};

function said(
  outcome: 'match' | 'mismatch' | 'not_operating',
  registered: Registered,
  differing: readonly RegistryField[] = [],
): RegistryAnswer {
  return { outcome, code: outcome, registered, differing };
}
