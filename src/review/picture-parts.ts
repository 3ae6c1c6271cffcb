import type { ImageAnalysis, ReadField } from '../verification/index.ts';

/** The area that a field was read from, or a face by its place in the analysis. */
export type PicturePart = ReadField | `face-${number}`;

/** Every field that can be read → whether it is masked until somebody says why they need it. */
const fields = {
  name: false,
  sex: false,
  ethnicity: true,
  birthDate: true,
  address: true,
  number: true,
  authority: false,
  validFrom: false,
  expiresOn: false,
  issuingState: false,
  nationality: false,
  companyName: false,
  creditCode: false,
  companyType: false,
  legalRepresentative: false,
} as const satisfies Record<ReadField, boolean>;

export function isMasked(field: ReadField): boolean {
  return fields[field];
}

/** True when `text` names a part; narrows what a route was asked for. */
export function isPicturePart(text: string): text is PicturePart {
  return Object.hasOwn(fields, text) || /^face-\d$/.test(text);
}

export function isMaskedPart(part: PicturePart): boolean {
  return Object.hasOwn(fields, part) && isMasked(part as ReadField);
}

/** The JPEG of a part; undefined where there is none. */
export function partOf(analysis: ImageAnalysis | undefined, part: PicturePart): Buffer | undefined {
  const face = /^face-(\d)$/.exec(part)?.[1];
  if (face !== undefined) return analysis?.faces[Number(face)]?.aligned;
  return analysis?.crops[part as ReadField];
}
