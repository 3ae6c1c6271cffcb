import type { Box, DocumentSeen, Point, Quad, TextLine } from '../recogniser.ts';

/** A run of text, placed in a frame in which the text of the document runs level. */
export type Piece = {
  /** Half-width, without the spaces that stand beside Chinese characters. */
  readonly text: string;
  readonly confidence: number;
  /** Of the least sure character. */
  readonly weakest: number;
  /** Where it stands on the picture as handed in. */
  readonly quad: Quad;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
};

/** Pieces on one level, from left to right. */
export type Row = {
  readonly pieces: readonly Piece[];
  /** The texts of the pieces without a gap. */
  readonly text: string;
};

/** Part of a row's text: where it was seen and how surely. */
export type Slice = {
  readonly text: string;
  readonly confidence: number;
  /** Of the least sure character of the lines that it is part of. */
  readonly weakest: number;
  readonly box: Box;
  /** In the level frame. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
};

/** A watermark, or a mark of the kind that specimens carry, runs askew by more than this (radians). */
const askew = 0.14;

/** A mark of the background that was taken for a character or two. */
const noise = { confidence: 0.6, length: 2 } as const;

/** The lines of a picture in a level frame, without what runs across the document. */
export function levelPieces(seen: Pick<DocumentSeen, 'lines' | 'rotation'>): Piece[] {
  const angle = textAngle(seen);
  const level = (point: Point): Point => turn(point, -angle);
  return seen.lines
    .filter((line) => !isLong(line.quad) || Math.abs(between(angle, angleOf(line.quad))) < askew)
    .filter(({ text, confidence }) => confidence >= noise.confidence || text.length > noise.length)
    .map((line) => toPiece(line, level))
    .filter(({ text }) => text !== '' && !isMark(text));
}

/** Groups pieces whose middles are level with each other; rows from top to bottom. */
export function rowsOf(pieces: readonly Piece[]): Row[] {
  const rows: Piece[][] = [];
  for (const piece of [...pieces].sort((a, b) => middle(a) - middle(b))) {
    const row = rows.find((other) => other.every((member) => areLevel(member, piece)));
    if (row) row.push(piece);
    else rows.push([piece]);
  }
  return rows.map((members) => toRow(withoutSeams(members.sort((a, b) => a.left - b.left))));
}

/** One row of the given pieces. */
export function toRow(pieces: readonly Piece[]): Row {
  return { pieces, text: pieces.map(({ text }) => text).join('') };
}

/** What stands between two indices of a row's text: one slice for each piece that takes part. */
export function slicesOf(row: Row, from: number, to: number): Slice[] {
  const slices: Slice[] = [];
  let start = 0;
  for (const piece of row.pieces) {
    const a = Math.max(from - start, 0);
    const b = Math.min(to - start, piece.text.length);
    if (a < b) slices.push(cut(piece, a, b));
    start += piece.text.length;
  }
  return slices;
}

/** Several slices as one: texts joined, the least confidence, the box around all. */
export function joinSlices(slices: readonly Slice[]): Slice | undefined {
  const [first, ...rest] = slices;
  return rest.reduce<Slice | undefined>((all, next) => all && merge(all, next), first);
}

/** The index in the row's text at which each piece begins. */
export function pieceStarts(row: Row): Set<number> {
  let at = 0;
  return new Set(row.pieces.map(({ text }) => (at += text.length) - text.length));
}

/** Half-width forms; no spaces beside Chinese characters; single spaces elsewhere. */
export function tidy(text: string): string {
  return text
    .replace(/[\uFF01-\uFF5E]/gu, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u3000]+/gu, ' ')
    .replace(/ ?(\p{Script=Han}|[·:：]) ?/gu, '$1')
    .trim();
}

/** The upright rectangle around points. */
export function boxAround(points: readonly Point[]): Box {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const left = Math.min(...xs);
  const top = Math.min(...ys);
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

/** The direction in which the text runs, radians clockwise from the picture's own: long lines vote by their length. */
function textAngle({ lines, rotation }: Pick<DocumentSeen, 'lines' | 'rotation'>): number {
  const base = (-rotation * Math.PI) / 180;
  const angles = lines
    .filter(({ quad }) => isLong(quad))
    .map(({ quad }) => ({ angle: angleOf(quad), weight: distance(quad[0], quad[1]) }))
    .sort((a, b) => between(base, a.angle) - between(base, b.angle));
  let half = angles.reduce((sum, { weight }) => sum + weight, 0) / 2;
  return angles.find(({ weight }) => (half -= weight) <= 0)?.angle ?? base;
}

/** The mark that specimens carry, once or several times in a line. */
function isMark(text: string): boolean {
  const rest = text.replace(/SPECIMEN ?样[本张]|样[本张] ?SPECIMEN/giu, '');
  return rest !== text && /^[^\p{Script=Han}]{0,3}$/u.test(rest);
}

const distance = (a: Point, b: Point): number => Math.hypot(b[0] - a[0], b[1] - a[1]);
const angleOf = ([a, b]: Quad): number => Math.atan2(b[1] - a[1], b[0] - a[0]);
const isLong = ([a, b, c]: Quad): boolean => distance(a, b) > 2 * distance(b, c);
const middle = ({ top, bottom }: Pick<Piece, 'top' | 'bottom'>): number => (top + bottom) / 2;

/** From one angle to another, −π to π. */
function between(from: number, to: number): number {
  return Math.atan2(Math.sin(to - from), Math.cos(to - from));
}

function turn([x, y]: Point, angle: number): Point {
  return [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)];
}

function toPiece(
  { text, confidence, weakest = confidence, quad }: TextLine,
  level: (point: Point) => Point,
): Piece {
  const { left, top, width, height } = boxAround(quad.map(level));
  return {
    ...{ text: tidy(text), confidence, weakest, quad },
    ...{ left, top, right: left + width, bottom: top + height },
  };
}

function areLevel(a: Piece, b: Piece): boolean {
  return Math.abs(middle(a) - middle(b)) < 0.5 * Math.min(a.bottom - a.top, b.bottom - b.top);
}

/** Where two boxes overlap, the character between them was read twice. */
function withoutSeams(pieces: readonly Piece[]): Piece[] {
  return pieces.flatMap((piece, i) => {
    const next = pieces[i + 1];
    const overlap = next ? piece.right - next.left : 0;
    const isTwice = overlap > 0.3 * (piece.bottom - piece.top) && piece.text.at(-1) === next?.text.at(0);
    const text = isTwice ? piece.text.slice(0, -1) : piece.text;
    return text === '' ? [] : [{ ...piece, text }];
  });
}

/** Characters of a piece by their share of its width: a Chinese character is as wide as two others. */
function cut(piece: Piece, from: number, to: number): Slice {
  const sum = (text: string): number =>
    [...text].reduce((total, c) => total + (/\p{Script=Han}/u.test(c) ? 2 : 1), 0);
  const whole = sum(piece.text);
  const a = sum(piece.text.slice(0, from)) / whole;
  const b = sum(piece.text.slice(0, to)) / whole;
  const [p, q, r, s] = piece.quad;
  const corners = [along(p, q, a), along(p, q, b), along(s, r, b), along(s, r, a)];
  const span = piece.right - piece.left;
  return {
    text: piece.text.slice(from, to),
    confidence: piece.confidence,
    weakest: piece.weakest,
    box: boxAround(corners),
    left: piece.left + a * span,
    right: piece.left + b * span,
    top: piece.top,
    bottom: piece.bottom,
  };
}

function along(a: Point, b: Point, share: number): Point {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
}

function merge(a: Slice, b: Slice): Slice {
  const corners = [a.box, b.box].flatMap(({ left, top, width, height }): Point[] => [
    [left, top],
    [left + width, top + height],
  ]);
  return {
    text: tidy(isLatinEnd(a.text) && isLatinStart(b.text) ? `${a.text} ${b.text}` : a.text + b.text),
    confidence: Math.min(a.confidence, b.confidence),
    weakest: Math.min(a.weakest, b.weakest),
    box: boxAround(corners),
    left: Math.min(a.left, b.left),
    right: Math.max(a.right, b.right),
    top: Math.min(a.top, b.top),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

const isLatinEnd = (text: string): boolean => /[A-Za-z,]$/.test(text);
const isLatinStart = (text: string): boolean => /^[A-Za-z]/.test(text);
