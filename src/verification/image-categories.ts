import type { DataCategory } from '../privacy/index.ts';
import { imageKinds, type ImageKind } from './case.ts';

/** What kind of personal information a picture is; company evidence is none (policy section (二)3). */
const categories: { readonly [kind in ImageKind]: DataCategory | 'company_evidence' } = {
  licence: 'company_evidence',
  document_front: 'identity.id_image',
  document_back: 'identity.id_image',
  document_page: 'identity.id_image',
  selfie: 'identity.face',
  hand_held: 'identity.id_image',
  supporting: 'identity.id_image',
};

const ofCategory = (wanted: (category: (typeof categories)[ImageKind]) => boolean): readonly ImageKind[] =>
  imageKinds.filter((kind) => wanted(categories[kind]));

/** Pictures of the person: short retention, destroyed when they withdraw. */
export const personalImages: readonly ImageKind[] = ofCategory((one) => one !== 'company_evidence');
/** Pictures of the company's papers: their own, longer retention. */
export const companyImages: readonly ImageKind[] = ofCategory((one) => one === 'company_evidence');
/** What the separate consent for ID images covers. */
export const identityImages: readonly ImageKind[] = ofCategory((one) => one === 'identity.id_image');
/** What the separate consent for the face covers. */
export const faceImages: readonly ImageKind[] = ofCategory((one) => one === 'identity.face');
