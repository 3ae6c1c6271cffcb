import type { CaseImage, ImageKind } from './case.ts';
import { likeness } from './faces.ts';
import type { Likenesses } from './inspect-holder.ts';
import type { VerificationStores } from './stores.ts';

/**
 * Compares the faces on file: the document's portrait with the person, and on a photo with the document in hand also
 * with the portrait of the card (the smaller face that is most alike).
 */
export async function measureLikenesses(
  stores: Pick<VerificationStores, 'analyses'>,
  images: readonly CaseImage[],
): Promise<Likenesses> {
  const templatesOf = async (...kinds: ImageKind[]): Promise<readonly Float32Array[]> => {
    const image = images.find(({ kind }) => kinds.includes(kind));
    return image ? stores.analyses.templates(image.id) : [];
  };
  const [document] = await templatesOf('document_front', 'document_page');
  const [person, ...others] = await templatesOf('selfie', 'hand_held');
  if (!document || !person) return {};
  const card = Math.max(...others.map((other) => likeness(document, other)));
  return {
    holder: likeness(document, person),
    ...(Number.isFinite(card) ? { card } : {}),
  };
}
