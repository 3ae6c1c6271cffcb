/**
 * Reading documents: from the lines of text that a recogniser saw to fields, the doubts about them, and the reason to
 * take a picture again. Pure rules; nothing here looks at a pixel.
 */
export { compareWithRead, numberGroupOfDifference, type Difference, type Readings } from './comparison.ts';
export { companyKey } from './keys.ts';
export { complaintAbout } from './complaints.ts';
export { faceComplaint, type FacePicture } from './face-complaints.ts';
export type {
  Doubt,
  FieldReading,
  PictureComplaint,
  PictureReading,
  ReadField,
  Shown,
} from './picture-reading.ts';
export { readPicture } from './read-picture.ts';
export { confirmSupporting } from './supporting.ts';
export { defaultQualityThresholds, type QualityThresholds } from './thresholds.ts';
