import type { ImageKind } from '../case.ts';
import type { DocumentType } from '../documents/document-types.ts';
import type { DocumentSeen, PictureQuality } from '../recogniser.ts';
import type { PictureComplaint, PictureReading, ReadField, Shown } from './picture-reading.ts';
import { boxAround } from './rows.ts';
import type { QualityThresholds } from './thresholds.ts';

type Side = 'front' | 'back' | 'page' | 'licence';

const sideOfKind: { readonly [kind in ImageKind]?: Side } = {
  document_front: 'front',
  document_back: 'back',
  document_page: 'page',
  licence: 'licence',
};

/** Without these a picture does not serve its purpose. */
const needed: { readonly [side in Side]: readonly ReadField[] } = {
  front: ['name', 'number'],
  back: ['expiresOn'],
  page: ['number', 'name', 'expiresOn'],
  licence: ['creditCode', 'companyName'],
};

/** Cards that carry their name and number without a back worth reading; there the front has everything. */
const blankBacks: readonly DocumentType[] = ['hk_macao_permit', 'taiwan_permit', 'permanent_resident'];

/**
 * The single most useful reason to take a picture of a document again; undefined when it will do. A complete reading
 * outweighs darkness, blur and distance: the person is asked only for what would change something.
 */
export function complaintAbout(
  kind: ImageKind,
  expected: DocumentType | undefined,
  seen: DocumentSeen,
  reading: PictureReading,
  thresholds: QualityThresholds,
): PictureComplaint | undefined {
  const side = sideOfKind[kind];
  if (!side) return undefined;
  const { quality } = seen;
  const misplaced = misplacement(side, expected, reading);
  if (misplaced) return misplaced;
  if (quality.screen >= thresholds.screen) return 'screen';
  if (isCard(side) && reading.shows !== 'nothing' && quality.colour < thresholds.colour * quality.brightness)
    return 'photocopy';
  if (isComplete(side, expected, reading)) return undefined;
  return (
    poorQuality(seen, thresholds) ?? otherPaper(seen, reading, thresholds) ?? hiddenField(side, seen, reading)
  );
}

const isCard = (side: Side | 'supporting'): boolean => side === 'front' || side === 'back';

/** The other side, or another document that is known. */
function misplacement(
  side: Side,
  expected: DocumentType | undefined,
  { shows, documentType }: PictureReading,
): PictureComplaint | undefined {
  const shown = sideOf(shows);
  if (shown === undefined) return undefined;
  const isOther = expected !== undefined && documentType !== undefined && documentType !== expected;
  if (shown === 'supporting' || isCard(side) !== isCard(shown)) return 'wrong_document';
  if (isCard(side)) return isOther ? 'wrong_document' : shown === side ? undefined : 'wrong_side';
  return shown === side && !isOther ? undefined : 'wrong_document';
}

function sideOf(shows: Shown): Side | 'supporting' | undefined {
  if (shows.endsWith('_front')) return 'front';
  if (shows.endsWith('_back')) return 'back';
  if (shows === 'passport_page') return 'page';
  return shows === 'licence' || shows === 'supporting' ? shows : undefined;
}

/** Every field that is needed was read, and those with check digits fit. */
function isComplete(
  side: Side,
  expected: DocumentType | undefined,
  { fields, shows }: PictureReading,
): boolean {
  if (side === 'back' && expected && blankBacks.includes(expected)) return sideOf(shows) === 'back';
  return needed[side].every((field) => fields[field] && fields[field].doubt !== 'check_digit');
}

function poorQuality(seen: DocumentSeen, thresholds: QualityThresholds): PictureComplaint | undefined {
  const { quality } = seen;
  return (
    darkOrBlurred(quality, thresholds) ??
    (hasGlare(seen, thresholds) ? 'glare' : undefined) ??
    (isCut(seen, thresholds) ? 'cut_off' : undefined) ??
    (isFar(seen, thresholds) ? 'too_far' : undefined)
  );
}

function darkOrBlurred(
  quality: PictureQuality,
  { darkest, sharpness }: QualityThresholds,
): PictureComplaint | undefined {
  if (quality.brightness < darkest) return 'too_dark';
  return quality.sharpness < sharpness ? 'blurred' : undefined;
}

/** A blown-out spot on the document, that is within or close to the area of its text. */
function hasGlare({ quality, lines }: DocumentSeen, { glareArea }: QualityThresholds): boolean {
  const spots = quality.glare.filter(
    ({ width, height }) => width * height >= glareArea * quality.width * quality.height,
  );
  if (lines.length === 0) return spots.length > 0;
  const text = boxAround(lines.flatMap(({ quad }) => quad));
  const around = 0.4 * Math.max(text.width, text.height);
  return spots.some(
    (spot) =>
      spot.left < text.left + text.width + around &&
      spot.left + spot.width > text.left - around &&
      spot.top < text.top + text.height + around &&
      spot.top + spot.height > text.top - around,
  );
}

/** Text that runs to the edge of the picture. */
function isCut({ quality: { width, height }, lines }: DocumentSeen, { edge }: QualityThresholds): boolean {
  return lines.some(({ quad }) =>
    quad.some(
      ([x, y]) =>
        x <= edge * width || x >= (1 - edge) * width || y <= edge * height || y >= (1 - edge) * height,
    ),
  );
}

function isFar({ quality, lines }: DocumentSeen, { textHeight }: QualityThresholds): boolean {
  const scale = Math.min(1, 960 / Math.max(quality.width, quality.height));
  const heights = lines
    .map(({ quad: [a, , , d] }) => Math.hypot(d[0] - a[0], d[1] - a[1]) * scale)
    .sort((a, b) => a - b);
  const median = heights[Math.floor(heights.length / 2)];
  return median !== undefined && median < textHeight;
}

/** No text at all, or plenty of clear text of something else. */
function otherPaper(
  { lines }: DocumentSeen,
  { shows }: PictureReading,
  { otherLines, otherConfidence }: QualityThresholds,
): PictureComplaint | undefined {
  if (shows === 'nothing') return 'no_document';
  if (shows !== 'unknown' || lines.length < otherLines) return undefined;
  const mean = lines.reduce((sum, { confidence }) => sum + confidence, 0) / lines.length;
  return mean >= otherConfidence ? 'wrong_document' : undefined;
}

/**
 * The rest is legible and a field that is needed is not there. A page without its zone, or a front without even the
 * label of its number, lacks its lower edge; over another field lies something, most often a reflection.
 */
function hiddenField(
  side: Side,
  { lines }: DocumentSeen,
  { fields }: PictureReading,
): PictureComplaint | undefined {
  if (side === 'page' && fields.number && !fields.issuingState) return 'cut_off';
  const isLegible = Object.keys(fields).length >= 3;
  if (!isLegible || needed[side].every((field) => fields[field])) return undefined;
  const hasLabel = lines.some(({ text }) => /码|\bNo\b|number/iu.test(text));
  return side === 'front' && !fields.number && !hasLabel ? 'cut_off' : 'glare';
}
