/**
 * The categories of personal information of the policy's section (一). `identity` is split: number, image and face
 * are different data with different protection (GB/T 45574).
 */
export const dataCategories = [
  'basic',
  'identity.id_number',
  'identity.id_image',
  'identity.face',
  'account',
  'online_log',
  'device',
  'location',
  'property',
  'chat',
] as const;

export type DataCategory = (typeof dataCategories)[number];

/** What verification keeps, by category; the privacy centre's registry starts from here. */
export const verificationData = {
  name: 'basic',
  birthDate: 'basic',
  sex: 'basic',
  documentNumber: 'identity.id_number',
  document_front: 'identity.id_image',
  document_back: 'identity.id_image',
  document_page: 'identity.id_image',
  hand_held: 'identity.id_image',
  selfie: 'identity.face',
} as const satisfies Record<string, DataCategory>;
