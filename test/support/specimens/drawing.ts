import sharp from 'sharp';
import { mono, monoAdvance, sans } from './fonts.ts';

/** Parts of a picture as SVG; positions are in pixels, `y` of a text is its base line. */

export const ink = '#1d1d22';

export function jpeg(width: number, height: number, parts: readonly string[]): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${parts.join('')}</svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer();
}

export type TextStyle = {
  fill?: string;
  anchor?: 'start' | 'middle' | 'end';
  /** Extra pixels between characters. */
  spacing?: number;
  bold?: boolean;
};

export function text(x: number, y: number, size: number, content: string, style: TextStyle = {}): string {
  return written(x, y, size, content, sans, style);
}

/** Characters at a fixed `pitch` in pixels, as on a machine-readable zone. */
export function typed(x: number, y: number, size: number, pitch: number, content: string): string {
  return written(x, y, size, content, mono, { spacing: pitch - size * monoAdvance });
}

function written(
  x: number,
  y: number,
  size: number,
  content: string,
  family: string,
  { fill = ink, anchor = 'start', spacing = 0, bold = false }: TextStyle,
): string {
  const stroke = bold ? ` stroke="${fill}" stroke-width="${size / 30}"` : '';
  return (
    `<text x="${x}" y="${y}" font-size="${size}" font-family="${family}, sans-serif" fill="${fill}"${stroke} ` +
    `text-anchor="${anchor}" letter-spacing="${spacing}" xml:space="preserve">${escaped(content)}</text>`
  );
}

/** Text that is broken into lines of `width` pixels, and made smaller until it takes no more than `lines` of them. */
export function block(
  x: number,
  y: number,
  size: number,
  content: string,
  { width, lines = 2, leading = 1.35 }: { width: number; lines?: number; leading?: number },
): string {
  const broken = breakLines(content, width / size);
  if (broken.length > lines && size > 14) return block(x, y, size * 0.92, content, { width, lines, leading });
  return broken.map((line, at) => text(x, y + at * size * leading, size, line)).join('');
}

function breakLines(content: string, width: number): string[] {
  const lines: string[] = [''];
  let used = 0;
  for (const character of content) {
    const advance = (character.codePointAt(0) ?? 0) > 0x2e7f ? 1 : 0.58;
    if (used + advance > width) {
      lines.push('');
      used = 0;
    }
    lines[lines.length - 1] += character;
    used += advance;
  }
  return lines;
}

/** Paper with the fine waves of a security print. */
export function paper(width: number, height: number, colour: string, waves = '#3a6ea522'): string {
  const lines = Array.from({ length: 30 }, (_, at) => {
    const y = (height / 30) * at;
    const [a, b] = at % 2 === 0 ? [36, -36] : [-20, 20];
    const [first, half, last] = [width / 4, width / 2, (width * 3) / 4];
    return `M0 ${y} Q${first} ${y + a} ${half} ${y} Q${last} ${y + b} ${width} ${y}`;
  });
  return `<rect width="${width}" height="${height}" fill="${colour}"/><path d="${lines.join('')}" stroke="${waves}" stroke-width="1.5" fill="none"/>`;
}

/** The band that says what this is, along the top edge, where no document has a field. */
export function mark(width: number, height = 40): string {
  const content = Array.from({ length: Math.round(width / 330) }, () => 'SPECIMEN 样本').join('  ·  ');
  return (
    `<rect width="${width}" height="${height}" fill="#fbe9e7"/>` +
    text(width / 2, height * 0.74, height * 0.66, content, { fill: '#d08a84', anchor: 'middle', spacing: 2 })
  );
}

/** A round red emblem that belongs to no state. */
export function emblem(x: number, y: number, radius: number): string {
  const petals = Array.from(
    { length: 12 },
    (_, at) => `<ellipse cy="-0.62" rx="0.12" ry="0.26" fill="#e8b84a" transform="rotate(${at * 30})"/>`,
  );
  return (
    `<g transform="translate(${x} ${y}) scale(${radius})"><circle r="1" fill="#b8322a"/>${petals.join('')}` +
    '<circle r="0.3" fill="#e8b84a"/></g>'
  );
}

/** `2020-01-31` → `2020.01.31`, and the words for no end. */
export const dotted = (day: string): string => (day === 'long_term' ? '长期' : day.replaceAll('-', '.'));
/** `2020-01-31` → `2020年01月31日`. */
export const spelled = (day: string): string =>
  day === 'long_term' ? '长期' : `${day.slice(0, 4)}年${day.slice(5, 7)}月${day.slice(8)}日`;

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
