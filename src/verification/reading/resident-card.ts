import type { Day } from '../documents/calendar.ts';
import {
  confirmedField,
  derivedField,
  findDay,
  findPeriod,
  findSex,
  isWholeYears,
  present,
  seenField,
  type ReadFields,
} from './fields.ts';
import { birthOf, findIdentityNumber, isSound, sexOf, type SeenNumber } from './identity-number.ts';
import { readLabelled, type Label } from './labels.ts';
import { nameField } from './name-field.ts';
import type { FieldReading } from './picture-reading.ts';
import { joinSlices, slicesOf, toRow, type Row, type Slice } from './rows.ts';

/** Labels of the front of a resident identity card or residence permit. */
const frontLabels: readonly Label[] = [
  { field: 'name', pattern: /[姓性]名|^姓/u, lines: 2, full: 8, not: /^[男女](?:$|民|族)/u },
  { field: 'sex', pattern: /性别|[性别]别/u },
  { field: 'ethnicity', pattern: /民族/u, within: true },
  { field: 'birthDate', pattern: /出生/u },
  { field: 'address', pattern: /住址|[住佳往]址/u, lines: 4 },
  { field: 'number', pattern: /公民身.?号码|身[份分]号码|公民身[份分]?/u, within: true },
];

/** Labels of the back. */
const backLabels: readonly Label[] = [
  { field: 'authority', pattern: /.?发机关|签.机关/u, lines: 2 },
  { field: 'expiresOn', pattern: /有效期限?/u },
  { field: 'other', pattern: /通行证号码|签发次数|中华人民共和国|居民(?:身份|居住)证/u },
];

/** Front of a resident identity card, or of a residence permit for residents of Hong Kong, Macao and Taiwan. */
export function readResidentFront(rows: readonly Row[], today: Day): ReadFields {
  const labelled = readLabelled(rows, frontLabels);
  const birth = findBirth(rows, labelled.birthDate);
  const seen = findIdentityNumber(rows, today, birth?.day);
  const sexSlice = labelled.sex ?? find(rows, /(?<=性?别)[男女]|[男女](?=民族)/u);
  return present({
    name: nameField(labelled.name ?? lineAbove(rows, /性别|民族/u)),
    sex: agreeing(sexSlice && findSex(sexSlice.text), sexSlice, seen, sexOf, today),
    ethnicity: ethnicity(labelled.ethnicity),
    birthDate: agreeing(birth?.day, birth?.slice, seen, birthOf, today),
    address: addressField(labelled.address),
    number: numberField(seen),
  });
}

/** Back of such a card: who issued it and how long it is valid. */
export function readResidentBack(rows: readonly Row[]): ReadFields {
  const labelled = readLabelled(rows, backLabels);
  const authority = labelled.authority ?? find(rows, /[\p{Script=Han}]{2,}公安[\p{Script=Han}]*局/u);
  return present({
    authority: authority && seenField(authority.text.replace(/[^\p{L}]/gu, ''), authority),
    ...validityFields(rows, labelled.expiresOn),
  });
}

/** The period of validity printed anywhere on the card, first where its label is. */
export function validityFields(rows: readonly Row[], labelled?: Slice): ReadFields {
  const lines = rows.map((row) => joinSlices(slicesOf(row, 0, row.text.length)) as Slice);
  const slice = [...(labelled ? [labelled] : []), ...lines].find(({ text }) => findPeriod(text));
  const period = slice && findPeriod(slice.text);
  if (!slice || !period) return {};
  const doubt = isWholeYears(period) ? undefined : 'check_digit';
  return present({
    validFrom: confirmedField(period.from, slice, doubt),
    expiresOn: confirmedField(period.to, slice, doubt),
  });
}

/** The number as a field. */
export function numberField(seen: SeenNumber | undefined): FieldReading | undefined {
  return seen && confirmedField(seen.number, seen.slice, seen.doubt);
}

/**
 * A value that is printed and that the number carries as well: confirmed where both agree, in doubt where they differ,
 * taken from the number where it is not legible.
 */
export function agreeing<T extends string>(
  printed: T | undefined,
  slice: Slice | undefined,
  seen: SeenNumber | undefined,
  of: (number: string) => T | undefined,
  today: Day,
): FieldReading | undefined {
  const carried = seen && isSound(seen.number, today) ? of(seen.number) : undefined;
  if (printed === undefined || !slice) {
    const number = numberField(seen);
    return carried === undefined || !number ? undefined : derivedField(carried, number);
  }
  if (carried === undefined) return seenField(printed, slice);
  return confirmedField(printed, slice, carried === printed ? undefined : 'sources_differ');
}

/** What a pattern matches: within one piece, else across the pieces of a row. */
export function find(rows: readonly Row[], pattern: RegExp): Slice | undefined {
  const alone = rows.flatMap(({ pieces }) => pieces.map((piece) => toRow([piece])));
  for (const row of [...alone, ...rows]) {
    const match = pattern.exec(row.text);
    if (match) return joinSlices(slicesOf(row, match.index, match.index + match[0].length));
  }
  return undefined;
}

function findBirth(
  rows: readonly Row[],
  labelled: Slice | undefined,
): { day: Day; slice: Slice } | undefined {
  const slice = labelled ?? find(rows, /\d{4}年\d{1,2}月\d{1,2}日?/u);
  const day = slice && findDay(slice.text);
  return slice && day !== undefined ? { day, slice } : undefined;
}

/** Where the small label of the name was not read: the line of two to six characters above the one that was. */
function lineAbove(rows: readonly Row[], pattern: RegExp): Slice | undefined {
  const at = rows.findIndex(({ text }) => pattern.test(text));
  const row = rows[at - 1];
  if (!row || !/^[\p{Script=Han}·]{2,6}$/u.test(row.text)) return undefined;
  return joinSlices(slicesOf(row, 0, row.text.length));
}

function ethnicity(slice: Slice | undefined): FieldReading | undefined {
  const value = slice && /^\p{Script=Han}{1,6}/u.exec(slice.text)?.[0];
  return slice && value !== undefined ? seenField(value, slice) : undefined;
}

function addressField(slice: Slice | undefined): FieldReading | undefined {
  const value = slice?.text.replace(/\s+/gu, '');
  return slice && value ? seenField(value, slice) : undefined;
}
