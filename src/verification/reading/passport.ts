import type { Day } from '../documents/calendar.ts';
import type { DocumentType } from '../documents/document-types.ts';
import type { MrzReading } from '../documents/mrz.ts';
import { confirmedField, present, seenField, type ReadFields } from './fields.ts';
import { readLabelled, type Label } from './labels.ts';
import { nameField } from './name-field.ts';
import type { Doubt, FieldReading } from './picture-reading.ts';
import { find } from './resident-card.ts';
import { joinSlices, type Row, type Slice } from './rows.ts';
import { settleZone, type SettledZone } from './zone-voting.ts';

type Printed = 'number' | 'name' | 'surname' | 'given';

const labels: readonly Label<Printed>[] = [
  { field: 'number', pattern: /护照号码?(?:\/?passport ?no\.?)?|passport ?(?:no|number)\.?/iu, below: true },
  { field: 'name', pattern: /姓名(?:\/?name)?/iu, below: true, lines: 2 },
  { field: 'surname', pattern: /姓(?:\/?surname)?|surname/iu, below: true, lines: 2 },
  { field: 'given', pattern: /名(?:\/?given ?names?)?|given ?names?/iu, below: true, lines: 2 },
  {
    field: 'other',
    pattern:
      /国籍|nationality|出生|date ?of|place ?of|性别|sex|签发|有效期|authority|持证人|type|code|country/iu,
    below: true,
  },
];

/** How sure a zone of each standing is. */
const zoneConfidence = { firm: 1, corrected: 0.85, open: 0.8, refused: 0.5 } as const;

/** The zone of a picture: what the recogniser offers, else lines of the text that look like one. */
export function zoneOf(
  zones: readonly (readonly string[])[],
  rows: readonly Row[],
  today: Day,
): SettledZone | undefined {
  const lines = rows.map(({ text }) => text.replace(/ /gu, '')).filter(isZoneLine);
  const found =
    lines.length >= 3 && lines.every(({ length }) => length < 37) ? lines.slice(-3) : lines.slice(-2);
  return settleZone([...zones, found], today);
}

/** A passport's data page: the zone, and the printed part beside it. */
export function readPassport(
  zone: SettledZone | undefined,
  rows: readonly Row[],
): { readonly fields: ReadFields; readonly documentType?: DocumentType } {
  const printed = rows.filter(({ text }) => !isZoneLine(text));
  const labelled = readLabelled(printed, labels);
  const hanName = hanNameOf(printed, labelled.name);
  if (!zone) {
    const slice = labelled.number ?? find(printed, /(?<![A-Z0-9])E[A-HJ-NP-Z\d]\d{7}(?!\d)/u);
    const value = slice && /[A-Z0-9]{7,9}/u.exec(slice.text.replace(/\s/gu, ''))?.[0];
    const number = slice && value !== undefined ? seenField(value, slice, 'faint') : undefined;
    return { fields: present({ name: hanName, number }) };
  }
  const fields = zoneFields(zone, printed);
  const state = fields.issuingState?.value;
  const latin = latinName(zone, printed, [labelled.surname, labelled.given]);
  return {
    fields: present({ ...fields, name: hanName ?? latin }),
    ...(state ? { documentType: state === 'CHN' ? 'passport_cn' : 'passport_other' } : {}),
  };
}

/** Fields of a zone of either form; `printed` is the rest of the text, which may confirm or contradict it. */
export function zoneFields(zone: SettledZone, printed: readonly Row[]): ReadFields {
  const { reading } = zone;
  // Where the number does not fit, the line is likely to be shifted, and one digit may fit by chance.
  const fits = (field: MrzReading['failedChecks'][number]): boolean =>
    zone.number !== 'refused' && !reading.failedChecks.includes(field);
  const confidence = zoneConfidence[zone.number];
  const said = (value: string | undefined, doubt?: Doubt): FieldReading | undefined =>
    value ? { value, confidence, ...(doubt ? { doubt } : {}) } : undefined;
  return present({
    number: numberOf(zone, printed),
    name: latinName(zone, printed),
    sex: said(reading.sex === 'unspecified' ? undefined : reading.sex),
    birthDate: fits('birth_date') ? said(reading.birthDate) : undefined,
    expiresOn: fits('expiry_date') ? said(reading.expiryDate) : undefined,
    issuingState: reading.issuer ? said(reading.issuer) : said(reading.nationality, 'corrected'),
    nationality: said(reading.nationality),
  });
}

/** The document number: never one whose check digit does not fit; of several that do, the one that is printed. */
function numberOf(zone: SettledZone, printed: readonly Row[]): FieldReading | undefined {
  const { number: standing, fitting, reading } = zone;
  const confidence = zoneConfidence[standing];
  const prints = fitting.filter((number) => whereNumber(printed, number) !== undefined);
  const [only] = prints;
  if (prints.length === 1 && only !== undefined) {
    const slice = whereNumber(printed, only);
    const isRead = standing !== 'refused' && only === reading.number;
    if (slice) return confirmedField(only, slice, isRead ? undefined : 'corrected');
  }
  if (standing === 'refused') return undefined;
  const { number: value } = reading;
  const other = find(printed, /(?<![A-Z0-9])[A-Z]{1,2}\d{7,8}(?![A-Z0-9])/u);
  if (other) return { value, confidence, doubt: 'sources_differ' };
  if (standing === 'firm') return { value, confidence };
  return { value, confidence, doubt: standing === 'corrected' ? 'corrected' : 'faint' };
}

function whereNumber(printed: readonly Row[], number: string): Slice | undefined {
  const spaced = [...number].join(' ?');
  return find(printed, new RegExp(`(?<![A-Z0-9])${spaced}(?![A-Z0-9])`, 'u'));
}

/**
 * The name in Latin letters. The zone's has no check digit and its letters stand close, so that some are lost: what is
 * printed behind the labels counts first. It is sure where both agree, and in doubt otherwise.
 */
function latinName(
  { reading }: SettledZone,
  printed: readonly Row[],
  labelled: readonly (Slice | undefined)[] = [],
): FieldReading | undefined {
  const parts = [reading.surname, reading.givenNames].filter((part) => part !== '');
  const words = printed.flatMap(({ pieces }) => pieces.flatMap(({ text }) => wordsOf(text)));
  const agree = parts.length > 0 && wordsOf(parts.join(' ')).every((word) => words.includes(word));
  const slices = labelled.filter((slice) => slice !== undefined);
  const slice = joinSlices(slices);
  const value = slices
    .map(({ text }) =>
      text
        .toUpperCase()
        .replace(/[^A-Z' -]/gu, '')
        .trim(),
    )
    .join(' ');
  if (slice && slices.length === labelled.length && /[A-Z]{2}/u.test(value)) {
    return lettersOf(value) === lettersOf(parts.join(''))
      ? confirmedField(value, slice)
      : seenField(value, slice, 'faint');
  }
  if (parts.length === 0) return undefined;
  return { value: parts.join(' '), confidence: agree ? 1 : 0.8, ...(agree ? {} : { doubt: 'faint' }) };
}

const wordsOf = (text: string): string[] => text.toUpperCase().match(/[A-Z]+/gu) ?? [];
const lettersOf = (text: string): string => text.toUpperCase().replace(/[^A-Z]/gu, '');

/** The name in Chinese characters: behind its label, else alone on a line of two to six. */
function hanNameOf(printed: readonly Row[], labelled: Slice | undefined): FieldReading | undefined {
  const isHan = labelled && /^\p{Script=Han}/u.test(labelled.text);
  const slice = isHan ? labelled : find(printed, /(?<=姓名(?:\/?name)?)[\p{Script=Han}·]{2,}/iu);
  return nameField(slice);
}

/** A line of a zone has fillers or is a long run of capitals and digits. */
function isZoneLine(text: string): boolean {
  const compact = text.replace(/ /gu, '');
  return /^[A-Z0-9<«‹(]{26,48}$/iu.test(compact) && (/<{2,}|[<«]/u.test(compact) || /\d{6,}/u.test(compact));
}
