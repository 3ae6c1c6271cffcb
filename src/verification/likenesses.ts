import type { ImageKind } from './case.ts';
import type { VerificationDeps } from './dependencies.ts';
import { likeness, pairHandHeld } from './faces.ts';
import type { Likenesses } from './inspect-holder.ts';
import { openImage } from './open-image.ts';
import type { SeenFace } from './recogniser.ts';
import type { CaseView } from './steps.ts';
import type { VerificationStores } from './stores.ts';

/**
 * Compares the faces of a case: the document's portrait with the person, and on a photo with the document in hand also
 * with the portrait of the card. Only with the person's separate consent; measured for the verdict and kept nowhere.
 */
export async function measureLikenesses<S extends VerificationStores>(
  deps: VerificationDeps<S>,
  { case: { consents }, images }: CaseView,
): Promise<Likenesses> {
  if (consents.face === undefined) return { reason: 'no_consent' };
  const facesOn = async (thorough: boolean, ...kinds: ImageKind[]): Promise<readonly SeenFace[]> => {
    const image = images.find(({ kind }) => kinds.includes(kind));
    const jpeg = image && (await openImage(deps, image));
    const found = jpeg && (await deps.recogniser.findFaces(jpeg, { thorough }));
    return found?.ok ? found.seen.faces : [];
  };
  const [portrait] = await facesOn(false, 'document_front', 'document_page');
  if (!portrait) return { reason: 'no_portrait' };
  const [selfie] = await facesOn(false, 'selfie');
  const held = selfie ? undefined : pairHandHeld(await facesOn(true, 'hand_held'), portrait.template);
  const person = selfie ?? held?.person;
  if (!person) return { reason: 'no_face' };
  return {
    holder: likeness(portrait.template, person.template),
    ...(held?.card ? { card: likeness(portrait.template, held.card.template) } : {}),
  };
}
