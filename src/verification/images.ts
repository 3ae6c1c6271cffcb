import type { Result } from '../core/result.ts';

/** Limits of a picture that a person hands in. */
export const imageLimits = {
  /** Bytes of the upload. */
  maxBytes: 15 * 1024 * 1024,
  /** Pixels once decoded; above it the header alone refuses the picture. */
  maxPixels: 50_000_000,
  /** Shorter side, in pixels; less cannot be read by anybody. */
  minSide: 400,
  /** Longer side after re-encoding, in pixels. */
  longestSide: 2400,
  /** Longer side of the preview shown to its owner. */
  thumbnailSide: 480,
  /** JPEG quality, 1–100. */
  quality: 85,
} as const;

/** Why a picture is not taken; each has its own sentence on the page. */
export type ImageReason =
  | 'empty'
  | 'too_large'
  | 'heic'
  | 'pdf'
  | 'svg'
  | 'animated'
  | 'unsupported'
  | 'too_many_pixels'
  | 'too_small'
  | 'unreadable'
  /** More pictures than anybody needs were sent for one case. */
  | 'too_many'
  /** Too many pictures are being worked on; nothing is wrong with this one. */
  | 'busy';

/** A picture made safe: plain JPEG, upright, without metadata. */
export type NormalisedImage = {
  readonly jpeg: Buffer;
  readonly width: number;
  readonly height: number;
  readonly thumbnail: Buffer;
};

/** Port: decodes and re-encodes pictures apart from the rest of the program. */
export type ImageProcessor = {
  normalise(bytes: Buffer): Promise<Result<NormalisedImage, ImageReason>>;
  close(): Promise<void>;
};

type Sniffed = { readonly ok: true } | { readonly ok: false; readonly reason: ImageReason };

const refused = (reason: ImageReason): Sniffed => ({ ok: false, reason });

/**
 * Looks at the first bytes, never at a file name or a declared type. Only still JPEG, PNG, WebP and AVIF pass; HEIC,
 * PDF, SVG and animations are told apart for their own message.
 */
export function sniffImage(bytes: Buffer): Sniffed {
  if (bytes.length === 0) return refused('empty');
  if (bytes.length > imageLimits.maxBytes) return refused('too_large');
  const text = bytes.toString('latin1', 0, 1024);
  if (bytes.subarray(0, 3).equals(Buffer.of(0xff, 0xd8, 0xff))) return { ok: true };
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return bytes.includes('acTL') ? apng(bytes) : { ok: true };
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return webp(bytes);
  if (text.slice(4, 8) === 'ftyp') return isoMedia(text);
  if (text.startsWith('GIF8')) return refused('animated');
  if (text.startsWith('%PDF') || text.includes('%PDF-')) return refused('pdf');
  if (/<svg[\s>]/i.test(text) || /^\s*(\xef\xbb\xbf)?<\?xml/.test(text)) return refused('svg');
  return refused('unsupported');
}

/** APNG: an animation control chunk before the first image data (PNG third edition, 11.3.6.1). */
function apng(bytes: Buffer): Sniffed {
  const animation = bytes.indexOf('acTL');
  const data = bytes.indexOf('IDAT');
  return animation >= 0 && (data < 0 || animation < data) ? refused('animated') : { ok: true };
}

/** The animation bit of the extended header (RFC 9649, section 2.7). */
function webp(bytes: Buffer): Sniffed {
  const extended = bytes.toString('latin1', 12, 16) === 'VP8X';
  return extended && ((bytes[20] ?? 0) & 0x02) !== 0 ? refused('animated') : { ok: true };
}

/** The major brand of a HEIF file (ISO/IEC 23008-12): AV1 stills are decoded, HEVC is not. */
function isoMedia(text: string): Sniffed {
  const brands = text.slice(8, 64);
  const major = brands.slice(0, 4);
  if (major === 'avis') return refused('animated');
  if (major === 'avif' || (major === 'mif1' && brands.includes('avif'))) return { ok: true };
  if (/^(hei[cxmsf]|hev[cxms]|mif1|msf1)$/.test(major)) return refused('heic');
  return refused('unsupported');
}
