import { askSource } from './ask-source.ts';
import { isOnRecord, type AuthorityCheck } from './authority.ts';
import type { VerificationDeps } from './dependencies.ts';
import { openImage } from './open-image.ts';
import type { CaseView } from './steps.ts';
import type { VerificationStores } from './stores.ts';

/** `none`: there is nobody to ask about such a document. `not_agreed`: the person did not want it asked. */
export type NotAsked = 'none' | 'not_agreed';

/** Asks the authority about a case, once a round and only with the person's separate consent. */
export async function askAuthority<S extends VerificationStores>(
  deps: VerificationDeps<S>,
  { case: current, images }: CaseView,
): Promise<AuthorityCheck | NotAsked | 'pending'> {
  const { stores, authority } = deps;
  const { person } = current.answers;
  if (!authority || !person || !isOnRecord(person.document.type)) return 'none';
  if (current.consents.authority === undefined) return 'not_agreed';
  return askSource(deps, stores.authorityChecks, current, authority.name, async (reference) => {
    const selfie = images.find(({ kind }) => kind === 'selfie');
    const mayShow = authority.comparesFaces && current.consents.face !== undefined;
    const face = mayShow && selfie ? await openImage(deps, selfie) : undefined;
    const question = { reference, name: person.name, number: person.document.number };
    return authority.look(face ? { ...question, face } : question);
  });
}
