import type { Instant } from '../core/clock.ts';
import type { CompanyAnswers, PersonAnswers } from './case.ts';
import type { CompanyDesk } from './company-desk.ts';
import { chinaDay } from './documents/calendar.ts';
import { readDocument, type DocumentType } from './documents/document-types.ts';
import { readName } from './documents/names.ts';
import type { VerificationPolicy } from './policy.ts';

/** What a person types about the company. */
export type CompanyEntry = {
  readonly name: string;
  readonly creditCode: string;
  /** The person was told what does not fit (a check character, the picture) and says that it is as on the licence. */
  readonly confirmed: boolean;
};

/** What a person types about themself and their document. */
export type PersonEntry = {
  readonly name: string;
  readonly documentType: DocumentType;
  readonly number: string;
  readonly birthDate: string;
  readonly expiresOn: string;
  readonly longTerm: boolean;
  /** ISO 3166-1 alpha-3, for passports that are not Chinese. */
  readonly issuingState: string;
  /** The person was told what differs from the picture and says that it is as on the document. */
  readonly confirmed: boolean;
};

export type AnswerField =
  'companyName' | 'creditCode' | 'name' | 'number' | 'birthDate' | 'expiresOn' | 'issuingState';

/** One thing wrong with an answer: the field, what is wrong with it, and figures for the sentence. */
export type AnswerError = {
  readonly field: AnswerField;
  readonly reason: string;
  readonly params: Readonly<Record<string, string | number>>;
};

const LONGEST_COMPANY_NAME = 200;

export function readCompany(
  entry: CompanyEntry,
  companies: Pick<CompanyDesk<never>, 'readCode'>,
): { ok: true; company: CompanyAnswers } | { ok: false; errors: AnswerError[] } {
  const errors: AnswerError[] = [];
  const name = entry.name.replace(/[\s\u3000]+/gu, ' ').trim();
  const nameReason = companyNameReason(name);
  if (nameReason) errors.push({ field: 'companyName', reason: nameReason, params: {} });
  const code = companies.readCode(entry.creditCode);
  if (!code.ok) errors.push(toError('creditCode', code));
  else if (!(code.checkDigitMatches && code.organisationCheckMatches) && !entry.confirmed) {
    errors.push({ field: 'creditCode', reason: 'check_digit', params: {} });
  }
  if (!code.ok || errors.length > 0) return { ok: false, errors };
  const { code: creditCode, checkDigitMatches, organisationCheckMatches } = code;
  return { ok: true, company: { name, creditCode, checkDigitMatches, organisationCheckMatches } };
}

function companyNameReason(name: string): string | undefined {
  if (name === '') return 'empty';
  if ([...name].length > LONGEST_COMPANY_NAME) return 'too_long';
  if (/[\p{Cc}\p{Cf}<>]/u.test(name)) return 'character';
  return /[\p{L}\p{N}]/u.test(name) ? undefined : 'empty';
}

export function readPerson(
  entry: PersonEntry,
  now: Instant,
  policy: VerificationPolicy,
): { ok: true; person: PersonAnswers } | { ok: false; errors: AnswerError[] } {
  const errors: AnswerError[] = [];
  const name = readName(entry.name);
  if (!name.ok) errors.push(toError('name', name));
  const document = readDocument({ ...entry, type: entry.documentType }, chinaDay(now), policy);
  if (!document.ok) errors.push(...document.errors.map((error) => toError(error.field, error)));
  const needsState = entry.documentType === 'passport_other';
  const issuingState = entry.issuingState.trim().toUpperCase();
  if (needsState && !/^[A-Z]{3}$/.test(issuingState)) {
    errors.push({ field: 'issuingState', reason: issuingState === '' ? 'empty' : 'form', params: {} });
  }
  if (!name.ok || !document.ok || errors.length > 0) return { ok: false, errors };
  return {
    ok: true,
    person: { name: name.name, document: document.document, ...(needsState ? { issuingState } : {}) },
  };
}

type Reading = { readonly reason: string; readonly character?: string } & Readonly<
  Partial<Record<'expected' | 'found' | 'position', number>>
>;

function toError(field: AnswerField, { reason, expected, found, position, character }: Reading): AnswerError {
  const given = { expected, found, position, character };
  const params = Object.fromEntries(
    Object.entries(given).filter((pair): pair is [string, string | number] => pair[1] !== undefined),
  );
  return { field, reason, params };
}
