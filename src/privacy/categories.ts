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
