import type { CaseImage } from './case.ts';
import type { ObjectStore } from './objects.ts';
import type { VerificationStores } from './stores.ts';

/** The opened bytes of a picture on file, plain JPEG; undefined once they were destroyed. */
export async function openImage(
  { stores, objects }: { readonly stores: Pick<VerificationStores, 'images'>; readonly objects: ObjectStore },
  image: CaseImage,
): Promise<Buffer | undefined> {
  const sealed = await objects.get(image.id);
  return sealed && stores.images.openContent(image, sealed);
}
