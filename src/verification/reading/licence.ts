import { readCreditCode } from '../documents/credit-code.ts';
import { confirmedField, findDay, findPeriod, present, seenField, type ReadFields } from './fields.ts';
import { readLabelled, type Label } from './labels.ts';
import { hasRoom, nameField } from './name-field.ts';
import type { FieldReading } from './picture-reading.ts';
import { joinSlices, slicesOf, type Row, type Slice } from './rows.ts';

/** Labels of a business licence, upright or across, in one column or two. */
const labels: readonly Label[] = [
  { field: 'creditCode', pattern: /统一社会信用代码|社会信用代码|信用代码/u },
  { field: 'companyName', pattern: /[(（]?名称|企业名称/u, lines: 3 },
  { field: 'companyType', pattern: /类型|主体类型/u, lines: 2 },
  {
    field: 'legalRepresentative',
    pattern: /法定代表人|法定代表|负责人|经营者(?:姓名)?|执行事务合伙人|投资人/u,
    lines: 2,
  },
  { field: 'expiresOn', pattern: /营业期限|合伙期限|经营期限|有效期/u, lines: 2 },
  { field: 'validFrom', pattern: /成立日期|注册日期/u },
  {
    field: 'other',
    pattern:
      /注册资本|住所|经营场所|主要经营场所|经营范围|组成形式|登记机关|开办资金|宗旨和业务范围|举办单位|营业执照/u,
    lines: 9,
  },
];

/** A business licence; `codes` are the contents of its QR codes. */
export function readLicence(rows: readonly Row[], codes: readonly string[]): ReadFields {
  const { companyName, companyType, legalRepresentative, validFrom, expiresOn } = readLabelled(rows, labels);
  const period = expiresOn && findPeriod(expiresOn.text);
  const founded = validFrom && findDay(validFrom.text);
  return present({
    creditCode: findCreditCode(rows, codes),
    companyName: companyNameField(companyName),
    companyType: companyType && seenField(companyType.text, companyType),
    legalRepresentative: nameField(legalRepresentative),
    ...(validFrom && founded ? { validFrom: seenField(founded, validFrom) } : {}),
    ...(expiresOn && period
      ? { validFrom: seenField(period.from, expiresOn), expiresOn: seenField(period.to, expiresOn) }
      : expiresOn && /长期/u.test(expiresOn.text)
        ? { expiresOn: seenField('long_term', expiresOn) }
        : {}),
  });
}

type Candidate = { readonly code: string; readonly slice: Slice };

/**
 * The unified social credit code: printed, from the QR code, or both. Both its check characters have to fit; real codes
 * that fail them exist, so a printed one that fits nothing is handed on with the doubt.
 */
function findCreditCode(rows: readonly Row[], codes: readonly string[]): FieldReading | undefined {
  const runs = rows.flatMap(runsOf);
  const encoded = codes.flatMap(
    (text) => text.toUpperCase().match(/(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])/gu) ?? [],
  );
  const code = encoded.find(isSoundCode);
  const printed = runs.find(({ text }) => isSoundCode(text));
  if (printed) {
    return confirmedField(
      printed.text,
      printed,
      code && code !== printed.text ? 'sources_differ' : undefined,
    );
  }
  if (code !== undefined) {
    const slice = runs.find(({ text }) => differing(text, code) <= 4);
    return slice ? confirmedField(code, slice) : { value: code, confidence: 1 };
  }
  const candidates = runs.flatMap(amended);
  const [first] = candidates;
  if (first && new Set(candidates.map((one) => one.code)).size === 1) {
    return confirmedField(first.code, first.slice, 'corrected');
  }
  const slice = runs.find(({ text }) => text.length === 18 && readCreditCode(canonical(text)).ok);
  return slice && confirmedField(canonical(slice.text), slice, 'check_digit');
}

/** Runs of 18 letters and digits with a region code of digits (or what is taken for them) in positions 3–8. */
function runsOf(row: Row): Slice[] {
  return [...row.text.matchAll(/(?:[0-9A-Z|] ?){18,19}/giu)].flatMap(({ index, 0: text }) => {
    const slice = joinSlices(slicesOf(row, index, index + text.length));
    const run = text.replace(/ /gu, '').toUpperCase();
    return slice && (run.match(/\d/gu)?.length ?? 0) >= 8 ? [{ ...slice, text: run }] : [];
  });
}

/** Letters that the alphabet of GB 32100 does not have, as the digits they resemble. */
const impossible: Readonly<Record<string, string>> = { O: '0', I: '1', '|': '1', S: '5', Z: '2', V: 'Y' };

function canonical(run: string): string {
  const [head, region, rest] = [run.slice(0, 2), run.slice(2, 8), run.slice(8)].map((part) =>
    part.replace(/[OI|SZV]/gu, (letter) => impossible[letter] ?? letter),
  ) as [string, string, string];
  return (
    head + region.replace(/[DQ]/gu, '0').replace(/B/gu, '8').replace(/G/gu, '6').replace(/L/gu, '1') + rest
  );
}

const lookalikes = [
  '0DQU',
  '1L7T',
  '8B3',
  '6G',
  '5',
  '2',
  '4A',
  'CG',
  'EF',
  'MN',
  'HN',
  'KX',
  'XY',
  'PR',
  'UW',
];

/** Sound codes that one run may stand for: as it is, or with one exchange of lookalikes, if there is exactly one. */
function amended(slice: Slice): Candidate[] {
  const windows = slice.text.length === 19 ? [slice.text.slice(0, 18), slice.text.slice(1)] : [slice.text];
  const plain = windows.map(canonical).filter(isSoundCode);
  const found = plain.length > 0 ? plain : windows.map(canonical).flatMap(exchanged).filter(isSoundCode);
  const codes = [...new Set(found)];
  return codes.length === 1 ? [{ code: codes[0] as string, slice }] : [];
}

function exchanged(code: string): string[] {
  return [...code].flatMap((character, at) =>
    lookalikes
      .filter((group) => group.includes(character))
      .flatMap((group) => [...group])
      .filter((other) => other !== character)
      .map((other) => code.slice(0, at) + other + code.slice(at + 1)),
  );
}

function isSoundCode(text: string): boolean {
  const read = readCreditCode(text);
  return read.ok && read.checkDigitMatches && read.organisationCheckMatches;
}

function differing(a: string, b: string): number {
  return a.length === b.length ? [...a].filter((character, i) => character !== b[i]).length : Infinity;
}

function companyNameField(slice: Slice | undefined): FieldReading | undefined {
  const value = slice?.text.replace(/\s+/gu, ' ').trim();
  if (!slice || !value) return undefined;
  return hasRoom(value, slice) ? seenField(value, slice, 'rare_character') : seenField(value, slice);
}
