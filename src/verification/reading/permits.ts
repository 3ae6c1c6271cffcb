import type { Day } from '../documents/calendar.ts';
import { readHongKongMacaoPermit, readTaiwanPermit } from '../documents/travel-numbers.ts';
import { asDigits, confirmedField, findDay, findSex, present, seenField, type ReadFields } from './fields.ts';
import { birthOf, findIdentityNumber, sexOf } from './identity-number.ts';
import { readLabelled, type Label } from './labels.ts';
import { nameField } from './name-field.ts';
import type { FieldReading } from './picture-reading.ts';
import { agreeing, find, numberField, validityFields } from './resident-card.ts';
import { joinSlices, slicesOf, toRow, type Row, type Slice } from './rows.ts';

/** Labels of the cards that print Chinese and English, or values below their labels. */
const labels: readonly Label[] = [
  { field: 'name', pattern: /姓名(?:\/?name)?|(?<![a-z])name/iu, below: true, lines: 2 },
  { field: 'sex', pattern: /性别(?:\/?sex)?|(?<![a-z])sex/iu, below: true },
  { field: 'birthDate', pattern: /出生日期(?:\/?date ?of ?birth)?|出生|date ?of ?birth/iu, below: true },
  { field: 'nationality', pattern: /国籍(?:\/?nationality)?|nationality/iu, below: true },
  {
    field: 'expiresOn',
    pattern: /有效期限?(?:\/?period ?of ?validity)?|period ?of ?validity/iu,
    below: true,
  },
  {
    field: 'authority',
    pattern: /签发机关(?:\/?issuing ?authority)?|issuing ?authority/iu,
    below: true,
    lines: 2,
  },
  { field: 'number', pattern: /证件号码(?:\/?(?:id|card) ?no\.?)?|(?:id|card) ?no\.?/iu, below: true },
  {
    field: 'other',
    pattern:
      /签发地点|签发次数|换证次数|曾持证件号码|其他姓名|外国人永久居留身份证|中华人民共和国|来往(?:内地|大陆)通行证/u,
    below: true,
  },
];

/** Front of the mainland travel permit for Hong Kong and Macao residents: `H` or `M` and eight digits. */
export function readHongKongMacaoFront(rows: readonly Row[]): ReadFields {
  const number = findNumber(rows, /[HM][\dOoQDIl|ZSB]{8}(?:[\dOo]{2})?(?![\dA-Z])/u, (text) => {
    const read = readHongKongMacaoPermit(text.slice(0, 1) + asDigits(text.slice(1)));
    return read.ok ? read.number : undefined;
  });
  return { ...permitFields(rows), ...present({ number }) };
}

/** Front of the mainland travel permit for Taiwan residents: eight digits, no date. */
export function readTaiwanFront(rows: readonly Row[]): ReadFields {
  const number = findNumber(rows, /(?<![\d.A-Z\-/])[\dOoIl|]{8}(?![\d.\-/])/u, (text) => {
    const read = readTaiwanPermit(asDigits(text));
    return read.ok ? read.number : undefined;
  });
  return { ...permitFields(rows), ...present({ number }) };
}

/** Front of the permanent resident card of 2023, whose number has the form of GB 11643 and begins with 9. */
export function readPermanentResidentFront(rows: readonly Row[], today: Day): ReadFields {
  const labelled = readLabelled(rows, labels);
  const birth = labelled.birthDate && findDay(labelled.birthDate.text);
  const seen = findIdentityNumber(rows, today, birth);
  const sex = labelled.sex && findSex(labelled.sex.text);
  return {
    ...permitFields(rows),
    ...present({
      sex: agreeing(sex, labelled.sex, seen, sexOf, today),
      birthDate: agreeing(birth, labelled.birthDate, seen, birthOf, today),
      number: numberField(seen),
    }),
  };
}

/** What the fronts and backs have in common. */
export function permitFields(rows: readonly Row[]): ReadFields {
  const labelled = readLabelled(rows, labels);
  const { sex, birthDate, authority } = labelled;
  return present({
    name: nameField(labelled.name ? inOneScript(labelled.name) : nameAbove(rows)),
    sex: dated(sex, findSex),
    birthDate: dated(birthDate, findDay),
    authority: authority && seenField(authority.text, authority),
    ...validityFields(rows, labelled.expiresOn),
  });
}

/** These cards repeat the name in Latin letters below the Chinese one. */
function inOneScript(slice: Slice): Slice {
  return { ...slice, text: /^[\p{Script=Han}·]{2,}/u.exec(slice.text)?.[0] ?? slice.text };
}

/** Where its label was not read: the last line of Chinese characters above the birth date that is no label. */
function nameAbove(rows: readonly Row[]): Slice | undefined {
  const at = rows.findIndex(({ text }) => /出生|date ?of ?birth/iu.test(text));
  const pieces = rows.slice(0, Math.max(at, 0)).flatMap((row) => row.pieces);
  const name = pieces.findLast(({ text }) => /^(?!姓名|性别|国籍)[\p{Script=Han}·]{2,6}$/u.test(text));
  return name && joinSlices(slicesOf(toRow([name]), 0, name.text.length));
}

function dated(
  slice: Slice | undefined,
  read: (text: string) => string | undefined,
): FieldReading | undefined {
  const value = slice && read(slice.text);
  return slice && value !== undefined ? seenField(value, slice) : undefined;
}

/** These numbers have no check digit: one in which a letter had to be taken for a digit is pointed out. */
function findNumber(
  rows: readonly Row[],
  pattern: RegExp,
  read: (text: string) => string | undefined,
): FieldReading | undefined {
  const slice = find(rows, pattern);
  const value = slice && read(slice.text);
  if (!slice || value === undefined) return undefined;
  return slice.text.startsWith(value) ? seenField(value, slice) : confirmedField(value, slice, 'corrected');
}
