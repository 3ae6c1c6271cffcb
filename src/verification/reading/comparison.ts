import type { CaseAnswers, CompanyAnswers, ImageKind, PersonAnswers } from '../case.ts';
import { nameKey } from '../documents/names.ts';
import { companyKey } from './keys.ts';
import { compareLatin, isLatin } from './latin-names.ts';
import type { FieldReading, PictureReading, ReadField } from './picture-reading.ts';

/** Something typed that the pictures do not plainly confirm. Holds no value, so that it may be kept as a finding. */
export type Difference = {
  readonly field: ReadField;
  /** Whether a person has to look before a machine may agree. */
  readonly matters: boolean;
  /**
   * `differs`: the picture says something else. `not_read`: it says nothing legible. `read_doubtful`: what it says is
   * in doubt, and the doubt could explain a difference.
   */
  readonly kind: 'differs' | 'not_read' | 'read_doubtful';
};

export type Readings = { readonly [kind in ImageKind]?: PictureReading };

/** How alike a typed and a read value are. */
type Likeness = 'same' | 'perhaps' | 'different' | 'incomparable';
type Compare = (typed: string, read: string) => Likeness;

const exactly: Compare = (typed, read) => (typed === read ? 'same' : 'different');
const asCompany: Compare = (typed, read) => (companyKey(typed) === companyKey(read) ? 'same' : 'different');

/** Fields that decide who somebody is, for whom they act, and whether the document is valid. */
const decisive: readonly ReadField[] = [
  'name',
  'number',
  'birthDate',
  'expiresOn',
  'issuingState',
  'companyName',
  'creditCode',
];

type Row = readonly [field: ReadField, typed: string | undefined, compare: Compare];

/** What was typed against what was read; empty where every typed value is confirmed. */
export function compareWithRead(
  { person, company }: CaseAnswers,
  { document_front: front, document_page: page, document_back: back, licence }: Readings,
): readonly Difference[] {
  const document = [front, page, back].filter((reading) => reading !== undefined);
  return [
    ...(person && document.length > 0 ? personRows(person).flatMap(against(document)) : []),
    ...(company && licence ? companyRows(company).flatMap(against([licence])) : []),
  ];
}

function personRows({ name, document, issuingState }: PersonAnswers): readonly Row[] {
  const isPassport = document.type === 'passport_other';
  return [
    ['name', name, compareNames],
    ['number', document.number, exactly],
    ['birthDate', document.birthDate, exactly],
    ['expiresOn', document.expiresOn ?? 'long_term', exactly],
    ['issuingState', isPassport ? issuingState : undefined, exactly],
  ];
}

function companyRows({ name, creditCode }: CompanyAnswers): readonly Row[] {
  return [
    ['companyName', name, asCompany],
    ['creditCode', creditCode, exactly],
  ];
}

const against =
  (readings: readonly PictureReading[]) =>
  ([field, typed, compare]: Row): Difference[] => {
    if (typed === undefined) return [];
    const read = readings.map(({ fields }) => fields[field]).find((found) => found !== undefined);
    const kind = differenceOf(typed, read, compare);
    if (kind === undefined) return [];
    const isSettled =
      kind === 'read_doubtful' &&
      read !== undefined &&
      read.doubt !== 'sources_differ' &&
      compare(typed, read.value) === 'same';
    return [{ field, kind, matters: kind === 'differs' || (decisive.includes(field) && !isSettled) }];
  };

function differenceOf(
  typed: string,
  read: FieldReading | undefined,
  compare: Compare,
): Difference['kind'] | undefined {
  if (!read) return 'not_read';
  const likeness = compare(typed, read.value);
  if (likeness === 'incomparable') return 'not_read';
  if (likeness === 'perhaps') return 'read_doubtful';
  if (likeness === 'different') return isUnreliable(read) ? 'read_doubtful' : 'differs';
  // The same value from two independent places settles a faint reading, but not a document that contradicts itself.
  return read.doubt === 'sources_differ' || read.doubt === 'rare_character' ? 'read_doubtful' : undefined;
}

/** A reading whose own check digit fails says nothing against what was typed. */
function isUnreliable({ doubt }: FieldReading): boolean {
  return doubt === 'check_digit';
}

/**
 * `·`, spaces, width and case do not matter. A name from which a single character or `·` is missing may be the same:
 * the model drops characters that it does not know.
 */
function compareNames(typed: string, read: string): Likeness {
  if (isLatin(typed) !== isLatin(read)) return 'incomparable';
  if (isLatin(typed)) return compareLatin(typed, read);
  const [wanted, seen] = [[...nameKey(typed)], [...nameKey(read)]];
  if (wanted.join('') === seen.join('')) return 'same';
  const isDropped = wanted.length - seen.length === 1 && seen.length > 0 && isWithin(seen, wanted);
  return isDropped ? 'perhaps' : 'different';
}

/** Whether all of `part` stands in `whole` in the same order. */
function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const character of whole) if (character === part[at]) at++;
  return at === part.length;
}

export type NumberGroup = 'region' | 'birth' | 'sequence' | 'check';

const groups: readonly (readonly [NumberGroup, from: number, to: number])[] = [
  ['region', 0, 6],
  ['birth', 6, 14],
  ['sequence', 14, 17],
  ['check', 17, 18],
];

/** The first of the four groups (6-8-3-1) in which a typed number of 18 characters differs from the one read. */
export function numberGroupOfDifference(typed: string, read: string): NumberGroup | undefined {
  if (typed.length !== 18 || read.length !== 18) return undefined;
  return groups.find(([, from, to]) => typed.slice(from, to) !== read.slice(from, to))?.[0];
}
