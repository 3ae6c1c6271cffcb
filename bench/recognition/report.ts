import type { Distortion } from '../../test/support/specimens.ts';
import { median, quantile } from '../statistics.ts';
import { documentKinds, type DocumentKindName } from './documents.ts';
import type { HandHeld, Likeness } from './faces.ts';
import type { Attempt, Outcome } from './read.ts';

/** Markdown tables of what was measured. */

const levels = ['L1', 'L2', 'L3'] as const;
type Level = (typeof levels)[number];

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Exact matches of every field; `f` wrong but flagged, `w` wrong without a warning, `–` not read. */
export function fieldTable(attempts: readonly Attempt[]): string {
  const kinds = [...new Set(attempts.map(({ kind }) => kind))];
  const rows = kinds.flatMap((kind) => {
    const own = attempts.filter((one) => one.kind === kind);
    const fields = [...new Set(own.flatMap(({ outcomes }) => Object.keys(outcomes)))];
    return [
      [kind, '(what it is)', ...levels.map((level) => recognised(own, level))],
      ...fields.map((field) => ['', field, ...levels.map((level) => matches(own, level, field))]),
    ];
  });
  return table(['document', 'field', ...levels], rows);
}

const at = (attempts: readonly Attempt[], distortion: Distortion) =>
  attempts.filter((one) => one.distortion === distortion);

function recognised(attempts: readonly Attempt[], level: Level): string {
  const own = at(attempts, level);
  return own.length === 0 ? '' : `${own.filter((one) => one.recognised).length}/${own.length}`;
}

function matches(attempts: readonly Attempt[], level: Level, field: string): string {
  const outcomes = at(attempts, level).map((one) => (one.outcomes as Record<string, Outcome>)[field]);
  if (outcomes.length === 0) return '';
  const count = (outcome: Outcome) => outcomes.filter((one) => one === outcome).length;
  const rest = [
    [count('flagged'), 'f'],
    [count('wrong'), 'w'],
    [count('missing'), '–'],
  ] as const;
  const said = rest.filter(([n]) => n > 0).map(([n, mark]) => ` ${n}${mark}`);
  return `${count('right')}/${outcomes.length}${said.join('')}`;
}

type Target = {
  readonly name: string;
  readonly least: number;
  readonly kinds: (kind: DocumentKindName) => boolean;
  readonly levels: readonly Distortion[];
  readonly holds: (attempt: Attempt) => boolean;
};

const isIdFront = (kind: DocumentKindName) => kind.startsWith('id_front');
const isPassport = (kind: DocumentKindName) => kind.startsWith('passport');
const isLicence = (kind: DocumentKindName) => kind.startsWith('licence');
const noWrong = ({ outcomes }: Attempt, field: 'number' | 'creditCode') => outcomes[field] !== 'wrong';

/** The targets of the recognition of documents; shares of the attempts for which `holds`. */
const targets: readonly Target[] = [
  {
    name: 'identity number exact',
    least: 1,
    kinds: isIdFront,
    levels,
    holds: ({ outcomes }) => outcomes.number === 'right',
  },
  {
    name: 'everyday name exact',
    least: 0.95,
    kinds: (kind) => kind === 'id_front',
    levels,
    holds: ({ outcomes }) => outcomes.name === 'right',
  },
  {
    name: 'rare name exact or flagged',
    least: 0.95,
    kinds: (kind) => kind === 'id_front_rare',
    levels,
    holds: ({ outcomes }) => outcomes.name !== 'wrong',
  },
  {
    name: 'passport: number, birth, expiry exact',
    least: 0.95,
    kinds: isPassport,
    levels: ['L1', 'L2'],
    holds: ({ outcomes: { number, birthDate, expiresOn } }) =>
      [number, birthDate, expiresOn].every((outcome) => outcome === 'right'),
  },
  {
    name: 'no wrong document number without a warning',
    least: 1,
    kinds: () => true,
    levels,
    holds: (one) => noWrong(one, 'number') && noWrong(one, 'creditCode'),
  },
  {
    name: 'licence code exact, or asked again',
    least: 0.9,
    kinds: isLicence,
    levels: ['L3'],
    holds: ({ outcomes, complaint }) => outcomes.creditCode === 'right' || complaint !== undefined,
  },
  {
    name: 'good picture not complained of',
    least: 0.98,
    kinds: () => true,
    levels: ['L1', 'L2', 'turned90', 'turned180', 'turned270', 'large'],
    holds: ({ complaint }) => complaint === undefined,
  },
];

export function targetTable(attempts: readonly Attempt[]): string {
  const rows = targets.flatMap(({ name, least, kinds, levels: at, holds }) => {
    const own = attempts.filter((one) => kinds(one.kind) && at.includes(one.distortion));
    if (own.length === 0) return [];
    const held = own.filter(holds).length;
    const met = held / own.length >= least ? 'met' : 'NOT MET';
    return [
      [name, at.join(' '), percent(least), `${held}/${own.length} (${percent(held / own.length)})`, met],
    ];
  });
  return table(['target', 'of', 'at least', 'measured', ''], rows);
}

/** What each distortion is answered with. `read` counts pictures without complaint whose fields were all right. */
export function complaintTable(attempts: readonly Attempt[]): string {
  const distortions = [...new Set(attempts.map(({ distortion }) => distortion))];
  const rows = distortions.map((distortion) => {
    const own = at(attempts, distortion);
    const complaints = own.map(({ complaint }) => complaint).filter((one) => one !== undefined);
    const kinds = [...new Set(complaints)].map(
      (kind) => `${kind} ${complaints.filter((one) => one === kind).length}`,
    );
    const good = own.filter(
      ({ complaint, outcomes }) => !complaint && Object.values(outcomes).every((o) => o === 'right'),
    );
    return [
      distortion,
      `${complaints.length}/${own.length}`,
      kinds.join(', ') || '–',
      `${good.length}/${own.length}`,
    ];
  });
  return table(['distortion', 'asked again', 'with', 'taken and all right'], rows);
}

export function costTable(attempts: readonly Attempt[]): string {
  const kinds = Object.keys(documentKinds) as DocumentKindName[];
  const rows = kinds.flatMap((kind) => {
    const times = attempts.filter((one) => one.kind === kind).map(({ ms }) => ms);
    return times.length === 0
      ? []
      : [[kind, String(times.length), seconds(median(times)), seconds(quantile(times, 0.95))]];
  });
  return table(['document', 'pictures', 'median s', '95 % s'], rows);
}

export function handHeldTable(results: readonly HandHeld[]): string {
  const rows = levels.flatMap((level) => {
    const own = results.filter((one) => one.level === level);
    if (own.length === 0) return [];
    const complaints = [...new Set(own.map(({ complaint }) => complaint))].join(', ');
    const found = own.filter(({ bothFound }) => bothFound).length;
    return [[level, `${found}/${own.length}`, complaints, seconds(median(own.map(({ ms }) => ms)))]];
  });
  return table(['hand-held', 'both faces found (target 98 %)', 'complaints', 'median s'], rows);
}

export function likenessTable(results: readonly Likeness[]): string {
  const rows = levels.flatMap((level) =>
    [true, false].flatMap((samePerson) => {
      const own = results.filter((one) => one.level === level && one.samePerson === samePerson);
      const found = own.map(({ cosine }) => cosine).filter((one) => one !== undefined);
      if (found.length === 0) return [];
      const range = [Math.min(...found), median(found), Math.max(...found)].map((one) => one.toFixed(2));
      return [[level, samePerson ? 'same' : 'different', `${found.length}/${own.length}`, range.join(' / ')]];
    }),
  );
  return table(['document to selfie', 'person', 'faces found', 'likeness: least / median / greatest'], rows);
}

const percent = (share: number): string => `${(share * 100).toFixed(share === 1 ? 0 : 1)} %`;
const seconds = (ms: number): string => (ms / 1000).toFixed(2);
