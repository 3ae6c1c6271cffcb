import type { Day } from '../documents/calendar.ts';
import { mrzCheckDigit, readMrz, type MrzReading } from '../documents/mrz.ts';
import { stateOf } from './countries.ts';
import { alternatives, byClass, layoutOf, type Span, type ZoneLayout } from './zone-layout.ts';

/** What several readings of a zone agree on, and how far its document number can be relied on. */
export type SettledZone = {
  readonly reading: MrzReading;
  /**
   * `firm`: it fits as it was read and nothing like it does. `corrected`: exactly one likely number fits. `open`: it
   * fits, but so do others that look like it. `refused`: none fits.
   */
  readonly number: 'firm' | 'corrected' | 'open' | 'refused';
  /** Numbers that look like what was read and fit the check digit, for a second place to choose from. */
  readonly fitting: readonly string[];
};

/** Settles a zone from candidate readings, best first; undefined when none has the form of a zone. */
export function settleZone(candidates: readonly (readonly string[])[], today: Day): SettledZone | undefined {
  const shaped = candidates.flatMap((lines) => shape(lines));
  const layout = shaped[0] && layoutOf(shaped[0]);
  if (!layout) return undefined;
  const raw = shaped.filter((lines) => layoutOf(lines) === layout);
  const variants = raw.map((lines) => lines.map((line, i) => classed(line, classesOf(layout, lines, i))));
  const best = amend(assemble(variants, layout), layout, today);
  const result = readMrz(best, today);
  if (!result.ok) return undefined;
  const { ok: _, ...reading } = result;
  return { reading: withStates(reading), ...judgeNumber(best, raw, layout) };
}

/** Lines of the right width: too short ones are filled where fillers stand, too long ones lose fillers there. */
function shape(candidate: readonly string[]): string[][] {
  const isCard = candidate.length === 2 && candidate.every(({ length }) => length >= 26 && length <= 33);
  // The names in the third line of a card were not legible; nothing else depends on them.
  const lines = isCard ? [...candidate, '<'.repeat(30)] : candidate;
  const width = layoutOf(lines)?.width;
  if (width === undefined) return [];
  const clean = lines.map((line) =>
    line
      .toUpperCase()
      .replace(/[«‹(]/gu, '<')
      .replace(/[^A-Z0-9<]/gu, ''),
  );
  const fitted = clean.map((line) => fit(line, width));
  return fitted.every((line) => line !== undefined) ? [fitted] : [];
}

/** Readers lose count in long runs of fillers; a line without a run cannot be repaired that way. */
function fit(line: string, width: number): string | undefined {
  const missing = width - line.length;
  if (missing === 0) return line;
  const runs = [...line.matchAll(/<{2,}/gu)].sort((a, b) => b[0].length - a[0].length);
  const run = runs[0];
  const atEnd = run === undefined || run.index + run[0].length === line.length;
  if (missing > 0) {
    if (missing > width / 3 || run === undefined) return undefined;
    return line.slice(0, run.index) + '<'.repeat(missing) + line.slice(run.index);
  }
  if (run && run[0].length > 1 - missing) return line.slice(0, run.index) + line.slice(run.index - missing);
  return atEnd && run ? line.slice(0, width) : undefined;
}

/** Positions whose class the issuer settles: Chinese passports have a letter, a letter or digit, and seven digits. */
function classesOf(layout: ZoneLayout, lines: readonly string[], line: number): string {
  const classes = layout.classes[line] ?? '';
  const { number } = layout;
  const says = (lines[0] ?? '').slice(2, 5) === 'CHN' || (lines[1] ?? '').slice(10, 13) === 'CHN';
  const isChinese = layout.classes.length === 2 && says;
  return isChinese && line === number.line ? `an${'d'.repeat(7)}${classes.slice(9)}` : classes;
}

function classed(line: string, classes: string): string {
  return [...line].map((character, i) => byClass(character, classes.charAt(i))).join('');
}

/** Votes by position; fields with a check digit are taken whole from those readings in which it fits. */
function assemble(variants: readonly (readonly string[])[], layout: ZoneLayout): string[] {
  const voted = layout.classes.map((classes, line) =>
    Array.from({ length: classes.length }, (_, at) =>
      most(variants.map((lines) => lines[line]?.charAt(at) ?? '<')),
    ),
  );
  const lines = voted.map((characters) => characters.join(''));
  for (const span of layout.checked) {
    const fitting = variants.map((variant) => take(variant, span)).filter(({ fits }) => fits);
    if (fitting.length === 0 || take(lines, span).fits) continue;
    put(lines, span, most(fitting.map(({ text }) => text)));
  }
  return lines;
}

/** One exchange of lookalikes that makes every check digit fit, if there is exactly one. */
function amend(lines: readonly string[], layout: ZoneLayout, today: Day): readonly string[] {
  if (isIntact(lines, today)) return lines;
  const fitting = lines.flatMap((line, at) =>
    [...line].flatMap((character, position) =>
      alternatives(character, classesOf(layout, lines, at).charAt(position))
        .map((other) => lines.with(at, line.slice(0, position) + other + line.slice(position + 1)))
        .filter((changed) => isIntact(changed, today)),
    ),
  );
  return fitting.length === 1 ? (fitting[0] as string[]) : lines;
}

function isIntact(lines: readonly string[], today: Day): boolean {
  const result = readMrz(lines, today);
  return result.ok && result.failedChecks.length === 0;
}

/**
 * A check digit notices one wrong character, not always two. So a number counts as firm only where no other number
 * within two exchanges of lookalikes fits as well.
 */
function judgeNumber(
  best: readonly string[],
  raw: readonly (readonly string[])[],
  layout: ZoneLayout,
): Pick<SettledZone, 'number' | 'fitting'> {
  const { number: span } = layout;
  const { text, fits } = takeNumber(best, span);
  const classes = classesOf(layout, best, span.line).slice(span.from, span.from + text.length);
  const seen = raw.map((lines) => classed(takeNumber(lines, span).text, classes));
  const asRead = fits && seen.includes(text);
  const sources = asRead ? [text] : [...new Set([text, ...seen])];
  const all = sources.flatMap((source) => [source, ...exchanged(source, classes)]).filter(hasFittingEnd);
  const fitting = [...new Set(all.map((whole) => whole.slice(0, -1).replace(/<+$/u, '')))];
  if (!fits) return { number: 'refused', fitting };
  return { number: fitting.length > 1 ? 'open' : asRead ? 'firm' : 'corrected', fitting };
}

/** Texts that differ from this one by one or two exchanges of lookalikes. */
function exchanged(text: string, classes: string): string[] {
  const once = (source: string, from: number): { text: string; at: number }[] =>
    [...source].flatMap((character, at) =>
      at < from
        ? []
        : alternatives(character, classes.charAt(at)).map((other) => ({
            text: source.slice(0, at) + other + source.slice(at + 1),
            at,
          })),
    );
  const first = once(text, 0);
  return [...first, ...first.flatMap(({ text: changed, at }) => once(changed, at + 1))].map(
    (one) => one.text,
  );
}

const hasFittingEnd = (text: string): boolean => mrzCheckDigit(text.slice(0, -1)) === text.at(-1);

/** A field together with its check digit. */
function take(lines: readonly string[], { line, from, to }: Span): { text: string; fits: boolean } {
  const text = (lines[line] ?? '').slice(from, to + 1);
  return { text, fits: hasFittingEnd(text) };
}

/** A card's number of more than nine characters continues in the optional data (ICAO 9303 part 5, note j). */
function takeNumber(lines: readonly string[], span: Span): { text: string; fits: boolean } {
  const line = lines[span.line] ?? '';
  const rest = line.charAt(span.to) === '<' && /^[0-9A-Z]+/.exec(line.slice(span.to + 1))?.[0];
  if (!rest) return take(lines, span);
  const text = line.slice(span.from, span.to) + rest;
  return { text, fits: hasFittingEnd(text) };
}

function put(lines: string[], { line, from }: Span, text: string): void {
  const old = lines[line] ?? '';
  lines[line] = old.slice(0, from) + text + old.slice(from + text.length);
}

/** The most frequent; of equals the first, as candidates come best first. */
function most(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), ['', 0] as [
    string,
    number,
  ])[0];
}

/** States by the list of codes; one lookalike may be exchanged where exactly one code results. */
function withStates(reading: MrzReading): MrzReading {
  return { ...reading, issuer: state(reading.issuer), nationality: state(reading.nationality) };
}

function state(code: string): string {
  const exact = stateOf(code);
  if (exact !== undefined) return exact;
  const near = [...code].flatMap((_, at) =>
    ['O', 'Q', 'D', 'I', 'L', 'C', 'G', 'U', 'V', 'M', 'N', 'H', 'E', 'F', 'P', 'R', 'B']
      .map((other) => stateOf(code.slice(0, at) + other + code.slice(at + 1)))
      .filter((found) => found !== undefined),
  );
  const distinct = [...new Set(near)];
  return distinct.length === 1 ? (distinct[0] as string) : '';
}
