import type { RegistryEntry } from '../../companies/index.ts';
import type { OperatingStatus } from '../../verification/index.ts';

/** Why a row is left out. Docs/registry.md explains each to whoever keeps the file. */
export type RowProblem =
  'too_long' | 'encoding' | 'quotes' | 'columns' | 'code' | 'name' | 'status' | 'valid_until' | 'duplicate';

export type Row = RegistryEntry & { readonly code: string };
export type RowResult = { readonly row: Row } | { readonly problem: RowProblem };

const columns = ['code', 'name', 'legal_representative', 'status', 'valid_until'] as const;
type Column = (typeof columns)[number] | 'type';

/** Column → where it stands. */
export type Header = Readonly<Record<(typeof columns)[number], number>> & {
  readonly type?: number;
  readonly width: number;
};

const statuses: Readonly<Record<string, OperatingStatus>> = {
  operating: 'operating',
  moved_out: 'moved_out',
  deregistered: 'deregistered',
  licence_revoked: 'licence_revoked',
  registration_annulled: 'registration_annulled',
  closed: 'closed',
  other: 'other',
  存续: 'operating',
  在业: 'operating',
  在营: 'operating',
  开业: 'operating',
  在册: 'operating',
  正常: 'operating',
  迁出: 'moved_out',
  注销: 'deregistered',
  吊销: 'licence_revoked',
  撤销: 'registration_annulled',
  停业: 'closed',
  歇业: 'closed',
};

/** The header where it names every column once, in any order; `type` may stand beside them. */
export function readHeader(line: string): Header | undefined {
  const names = cells(line.replace(/^\uFEFF/, ''))?.map((name) => name.trim());
  if (!names || new Set(names).size !== names.length) return undefined;
  const known: readonly string[] = [...columns, 'type' satisfies Column];
  if (columns.some((name) => !names.includes(name)) || names.some((name) => !known.includes(name)))
    return undefined;
  const places = Object.fromEntries(names.map((name, at) => [name, at]));
  return { ...(places as Omit<Header, 'width'>), width: names.length };
}

export function readRow(line: string, header: Header): RowResult {
  const values = cells(line);
  if (!values) return { problem: 'quotes' };
  if (values.length !== header.width) return { problem: 'columns' };
  const at = (place: number) => (values[place] ?? '').trim();
  const code = at(header.code).toUpperCase();
  if (!/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(code)) return { problem: 'code' };
  const name = at(header.name);
  if (name === '') return { problem: 'name' };
  const word = at(header.status);
  const status = Object.hasOwn(statuses, word) ? statuses[word] : undefined;
  if (!status) return { problem: 'status' };
  const until = at(header.valid_until);
  const isOpen = until === '' || until === '长期' || until === 'long_term';
  if (!isOpen && !isDay(until)) return { problem: 'valid_until' };
  const type = header.type === undefined ? '' : at(header.type);
  return {
    row: {
      code,
      name,
      legalRepresentative: at(header.legal_representative),
      status,
      ...(type === '' ? {} : { type }),
      ...(isOpen ? {} : { validUntil: until }),
    },
  };
}

/** The cells of one line (RFC 4180 within a line); undefined where quotes do not pair. */
function cells(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(',');
  const found: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (;;) {
    const match = cell.exec(line);
    if (!match) return undefined;
    found.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '') return found;
  }
}

/** `YYYY-MM-DD` that stands in a calendar. */
function isDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const length = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return month >= 1 && month <= 12 && day >= 1 && day <= length;
}
