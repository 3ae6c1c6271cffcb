/**
 * Reading documents: from the lines of text that a recogniser saw to fields, the doubts about them, and the reason to
 * take a picture again. Pure rules; nothing here looks at a pixel.
 */
export type {
  Doubt,
  FieldReading,
  PictureComplaint,
  PictureReading,
  ReadField,
  Shown,
} from './picture-reading.ts';
