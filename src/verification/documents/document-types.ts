import { parseDay, type Day } from './calendar.ts';
import type { AgePolicy, NumberFailure, NumberReading, NumberResult } from './reading.ts';
import { ageFailure, readResidentNumber } from './resident-number.ts';
import {
  readChinesePassport,
  readForeignPassport,
  readHongKongMacaoPermit,
  readTaiwanPermit,
} from './travel-numbers.ts';

export type DocumentSide = 'document_front' | 'document_back' | 'document_page';

type DocumentRule = {
  /** The pictures that show it completely. */
  readonly sides: readonly DocumentSide[];
  /** Whether the number carries the birth date or the person has to type it. */
  readonly birthDate: 'in_number' | 'typed';
  /** Whether the document may be valid without end. */
  readonly mayBeLongTerm: boolean;
  /** ISO 3166-1 alpha-2 of the issuer where the type settles it. */
  readonly issuer?: 'CN';
  readonly read: (number: string, today: Day, policy: AgePolicy) => NumberResult;
};

const card: readonly DocumentSide[] = ['document_front', 'document_back'];

/** Every document a recruiter can prove a name with, and how each is read. */
export const documentTypes = {
  resident_id: {
    sides: card,
    birthDate: 'in_number',
    mayBeLongTerm: true,
    issuer: 'CN',
    read: (number, today, policy) => readResidentNumber(number, 'citizen', today, policy),
  },
  residence_permit: {
    sides: card,
    birthDate: 'in_number',
    mayBeLongTerm: false,
    issuer: 'CN',
    read: (number, today, policy) => readResidentNumber(number, 'residence_permit', today, policy),
  },
  permanent_resident: {
    sides: card,
    birthDate: 'in_number',
    mayBeLongTerm: false,
    issuer: 'CN',
    read: (number, today, policy) => readResidentNumber(number, 'permanent_resident', today, policy),
  },
  hk_macao_permit: {
    sides: card,
    birthDate: 'typed',
    mayBeLongTerm: false,
    issuer: 'CN',
    read: readHongKongMacaoPermit,
  },
  taiwan_permit: {
    sides: card,
    birthDate: 'typed',
    mayBeLongTerm: false,
    issuer: 'CN',
    read: readTaiwanPermit,
  },
  passport_cn: {
    sides: ['document_page'],
    birthDate: 'typed',
    mayBeLongTerm: false,
    issuer: 'CN',
    read: readChinesePassport,
  },
  passport_other: {
    sides: ['document_page'],
    birthDate: 'typed',
    mayBeLongTerm: false,
    read: readForeignPassport,
  },
} as const satisfies Record<string, DocumentRule>;

export type DocumentType = keyof typeof documentTypes;

export const documentTypeNames = Object.keys(documentTypes) as DocumentType[];

/** The rule of a type, widened so that optional members can be asked for. */
export function documentRule(type: DocumentType): DocumentRule {
  return documentTypes[type];
}

/** What a person types about a document. */
export type DocumentEntry = {
  readonly type: DocumentType;
  readonly number: string;
  /** Only for types whose number does not carry it. */
  readonly birthDate: string;
  /** Last day of validity, or empty with `longTerm`. */
  readonly expiresOn: string;
  readonly longTerm: boolean;
};

/** What an accepted document says. */
export type DocumentFacts = NumberReading & {
  readonly type: DocumentType;
  readonly birthDate: Day;
  /** Last day of validity; absent for a document valid without end. */
  readonly expiresOn?: Day;
};

export type DateReason =
  | 'empty'
  | 'form'
  | 'birth_date_future'
  | 'too_young'
  | 'too_old'
  | 'expired'
  | 'too_far'
  | 'never_long_term';

export type DocumentError =
  | ({ readonly field: 'number' } & Omit<NumberFailure, 'ok'>)
  | { readonly field: 'birthDate' | 'expiresOn'; readonly reason: DateReason };

export type DocumentResult =
  | { readonly ok: true; readonly document: DocumentFacts }
  | { readonly ok: false; readonly errors: readonly DocumentError[] };

/** Longest validity of any document listed, in years: the resident identity card of 2004 runs for twenty. */
const LONGEST_VALIDITY = 20;

/** Checks everything typed about a document and reports all that is wrong at once. */
export function readDocument(entry: DocumentEntry, today: Day, policy: AgePolicy): DocumentResult {
  const rule = documentRule(entry.type);
  const number = rule.read(entry.number, today, policy);
  const birth = rule.birthDate === 'typed' ? typedBirthDate(entry.birthDate, today, policy) : undefined;
  const expiry = typedExpiry(entry, rule, today);
  const errors: DocumentError[] = [];
  if (!number.ok) {
    const { ok: _, ...failure } = number;
    errors.push({ field: 'number', ...failure });
  }
  if (birth && !birth.ok) errors.push({ field: 'birthDate', reason: birth.reason });
  if (!expiry.ok) errors.push({ field: 'expiresOn', reason: expiry.reason });
  const birthDate = birth?.ok ? birth.day : number.ok ? number.birthDate : undefined;
  if (!number.ok || !expiry.ok || birthDate === undefined || errors.length > 0) return { ok: false, errors };
  const { ok: _, ...reading } = number;
  return {
    ok: true,
    document: { ...reading, type: entry.type, birthDate, ...(expiry.day ? { expiresOn: expiry.day } : {}) },
  };
}

type DateResult = { ok: true; day: Day } | { ok: false; reason: DateReason };

function typedBirthDate(text: string, today: Day, policy: AgePolicy): DateResult {
  if (text.trim() === '') return { ok: false, reason: 'empty' };
  const day = parseDay(text);
  if (!day) return { ok: false, reason: 'form' };
  const failure = ageFailure(day, today, policy);
  return failure ? { ok: false, reason: failure.reason as DateReason } : { ok: true, day };
}

function typedExpiry(
  entry: DocumentEntry,
  rule: DocumentRule,
  today: Day,
): { ok: true; day?: Day } | { ok: false; reason: DateReason } {
  if (entry.longTerm) return rule.mayBeLongTerm ? { ok: true } : { ok: false, reason: 'never_long_term' };
  if (entry.expiresOn.trim() === '') return { ok: false, reason: 'empty' };
  const day = parseDay(entry.expiresOn);
  if (!day) return { ok: false, reason: 'form' };
  if (day < today) return { ok: false, reason: 'expired' };
  const latest = `${Number(today.slice(0, 4)) + LONGEST_VALIDITY}${today.slice(4)}`;
  return day > latest ? { ok: false, reason: 'too_far' } : { ok: true, day };
}
