import type { FacesSeen, PictureQuality, SeenFace } from '../recogniser.ts';
import type { PictureComplaint } from './picture-reading.ts';
import type { QualityThresholds } from './thresholds.ts';

export type FacePicture = 'document_front' | 'document_page' | 'selfie' | 'hand_held';

/** The single most useful reason to take a picture with a face again; undefined when it will do. */
export function faceComplaint(
  kind: FacePicture,
  { faces, quality }: FacesSeen,
  thresholds: QualityThresholds,
): PictureComplaint | undefined {
  const found = faces.filter(({ score }) => score >= thresholds.faceScore);
  const [first, second] = found;
  if (kind === 'document_front' || kind === 'document_page') {
    return first ? undefined : (poor(quality, thresholds, thresholds.sharpness) ?? 'no_card_face');
  }
  if (!first) return poorFace(quality, thresholds) ?? 'no_face';
  if (widthOf(first) < thresholds.faceWidth) return 'face_too_small';
  if (kind === 'hand_held') return cardComplaint(found, quality, thresholds);
  if (second && widthOf(second) >= thresholds.secondFace * widthOf(first)) return 'several_faces';
  return poorFace(quality, thresholds);
}

/** Beside the person there has to be one smaller face, the portrait on the card. */
function cardComplaint(
  [first, second, third]: readonly SeenFace[],
  quality: PictureQuality,
  thresholds: QualityThresholds,
): PictureComplaint | undefined {
  if (!first || !second) return poorFace(quality, thresholds) ?? 'no_card_face';
  const limit = thresholds.secondFace * widthOf(first);
  if (third && widthOf(second) >= limit) return 'several_faces';
  const portrait = third && widthOf(second) >= limit ? third : second;
  return widthOf(portrait) < thresholds.cardFaceWidth ? 'face_too_small' : undefined;
}

function poorFace(quality: PictureQuality, thresholds: QualityThresholds): PictureComplaint | undefined {
  return poor(quality, thresholds, thresholds.faceSharpness);
}

function poor(
  { brightness, sharpness }: PictureQuality,
  { darkest }: QualityThresholds,
  least: number,
): PictureComplaint | undefined {
  if (brightness < darkest) return 'too_dark';
  return sharpness < least ? 'blurred' : undefined;
}

const widthOf = ({ box }: SeenFace): number => box.width;
