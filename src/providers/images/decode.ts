import sharp from 'sharp';
import type { ImageReason, NormalisedImage } from '../../verification/images.ts';

export type DecodeLimits = {
  readonly maxPixels: number;
  readonly minSide: number;
  readonly longestSide: number;
  readonly thumbnailSide: number;
  readonly quality: number;
};

export type DecodeResult =
  ({ readonly ok: true } & NormalisedImage) | { readonly ok: false; readonly reason: ImageReason };

/**
 * Re-encodes a picture: turned upright by its EXIF orientation, at most `longestSide` pixels, sRGB, on white, and
 * written anew without any metadata. Size is judged from the header, before a pixel is decoded.
 */
export async function decode(bytes: Buffer, limits: DecodeLimits): Promise<DecodeResult> {
  try {
    const image = sharp(bytes, { limitInputPixels: limits.maxPixels, failOn: 'error', sequentialRead: true });
    const { width, height, pages = 1, format } = await image.metadata();
    if (format === 'svg' || format === 'gif') return { ok: false, reason: 'unsupported' };
    if (pages > 1 && format !== 'heif') return { ok: false, reason: 'animated' };
    if (width * height > limits.maxPixels) return { ok: false, reason: 'too_many_pixels' };
    if (Math.min(width, height) < limits.minSide) return { ok: false, reason: 'too_small' };
    const { longestSide, thumbnailSide, quality } = limits;
    const { data: jpeg, info } = await image
      .rotate()
      .resize(longestSide, longestSide, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .jpeg({ quality, chromaSubsampling: '4:4:4' })
      .toBuffer({ resolveWithObject: true });
    const thumbnail = await sharp(jpeg)
      .resize(thumbnailSide, thumbnailSide, { fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 75 })
      .toBuffer();
    return { ok: true, jpeg, width: info.width, height: info.height, thumbnail };
  } catch (error) {
    const tooLarge = error instanceof Error && /pixel limit|too large|exceeds/i.test(error.message);
    return { ok: false, reason: tooLarge ? 'too_many_pixels' : 'unreadable' };
  }
}
