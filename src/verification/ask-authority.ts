import { minutes } from '../core/clock.ts';
import { isOnRecord, type AuthorityCheck } from './authority.ts';
import type { VerificationDeps } from './dependencies.ts';
import { openImage } from './open-image.ts';
import type { CaseView } from './steps.ts';
import type { VerificationStores } from './stores.ts';

/** Longer than any adapter waits for its source. */
const LEASE = minutes(2);

/** `none`: there is nobody to ask about such a document. `not_agreed`: the person did not want it asked. */
export type NotAsked = 'none' | 'not_agreed';

/**
 * Asks the authority about a case, once a round and only with the person's separate consent. The question is recorded
 * before it is asked and its answer before it counts, so that after a crash the same question is put again under the
 * same reference and the first answer stands. `pending`: nobody answered yet, or another process is asking.
 */
export async function askAuthority<S extends VerificationStores>(
  deps: VerificationDeps<S>,
  { case: current, images }: CaseView,
): Promise<AuthorityCheck | NotAsked | 'pending'> {
  const { stores, clock, policy, authority } = deps;
  const { person } = current.answers;
  if (!authority || !person || !isOnRecord(person.document.type)) return 'none';
  if (current.consents.authority === undefined) return 'not_agreed';
  const { id: caseId, round } = current;
  const now = clock.now();
  const { check, mine } = await stores.authorityChecks.begin(
    { caseId, round, source: authority.name },
    now,
    now + LEASE,
  );
  if (check.outcome) return check;
  if (!mine) return 'pending';
  const selfie = images.find(({ kind }) => kind === 'selfie');
  const mayShow = authority.comparesFaces && current.consents.face !== undefined;
  const face = mayShow && selfie ? await openImage(deps, selfie) : undefined;
  const question = { reference: check.reference, name: person.name, number: person.document.number };
  const answer = await authority.look(face ? { ...question, face } : question);
  const waited = clock.now() - check.askedAt;
  if (answer.outcome === 'unavailable' && answer.retryable && waited < policy.authorityPatience) {
    await stores.authorityChecks.release(check.reference);
    return 'pending';
  }
  await stores.authorityChecks.answer(check.reference, answer, clock.now());
  return (await stores.authorityChecks.ofCase(caseId)) ?? 'pending';
}
