import { describe, expect, it } from 'vitest';
import { ageOn, chinaDay, parseDay, toDay } from '../../../src/verification/documents/calendar.ts';
import { readDocument, type DocumentEntry } from '../../../src/verification/documents/document-types.ts';
import {
  readChinesePassport,
  readForeignPassport,
  readHongKongMacaoPermit,
  readTaiwanPermit,
} from '../../../src/verification/documents/travel-numbers.ts';

const today = '2026-06-01';
const policy = { minimumAge: 16, maximumAge: 120 };

describe('travel documents', () => {
  it.each([
    [readHongKongMacaoPermit, 'h12345678', 'H12345678'],
    [readHongKongMacaoPermit, 'M1234567801', 'M12345678'],
    [readTaiwanPermit, '1234 5678', '12345678'],
    [readChinesePassport, 'e12345678', 'E12345678'],
    [readChinesePassport, 'EA1234567', 'EA1234567'],
    [readForeignPassport, 'L898902C3', 'L898902C3'],
  ])('%o reads %s', (read, text, number) => {
    expect(read(text)).toEqual({ ok: true, number });
  });

  it.each([
    [readHongKongMacaoPermit, 'A12345678', 'character'],
    [readHongKongMacaoPermit, 'H1234567', 'length'],
    [readHongKongMacaoPermit, '', 'empty'],
    [readTaiwanPermit, 'T1234567', 'character'],
    [readTaiwanPermit, '123456789', 'length'],
    [readChinesePassport, 'E1234567', 'length'],
    [readChinesePassport, 'E1234567号', 'character'],
    [readChinesePassport, '123456789', 'form'],
    [readForeignPassport, 'ABCDEFGH', 'form'],
    [readForeignPassport, 'A1', 'length'],
  ])('%o says what is wrong with %s', (read, text, reason) => {
    expect(read(text)).toMatchObject({ ok: false, reason });
  });

  it('flags older passports instead of rejecting them', () => {
    expect(readChinesePassport('G12345678')).toEqual({ ok: true, number: 'G12345678', unusualForm: true });
    expect(readChinesePassport('140000001')).toMatchObject({ ok: true, unusualForm: true });
  });
});

const entry = (changes: Partial<DocumentEntry> = {}): DocumentEntry => ({
  type: 'resident_id',
  number: '11010519491231002X',
  birthDate: '',
  expiresOn: '2030-01-01',
  longTerm: false,
  ...changes,
});

describe('what is typed about a document', () => {
  it('takes the birth date from the number where it carries one', () => {
    expect(readDocument(entry(), today, policy)).toMatchObject({
      ok: true,
      document: { type: 'resident_id', birthDate: '1949-12-31', expiresOn: '2030-01-01', sex: 'female' },
    });
  });

  it('knows cards that are valid without end', () => {
    const result = readDocument(entry({ longTerm: true, expiresOn: '' }), today, policy);
    expect(result.ok && 'expiresOn' in result.document).toBe(false);
    expect(result.ok).toBe(true);
    expect(readDocument(entry({ type: 'passport_cn', longTerm: true }), today, policy)).toMatchObject({
      errors: [{ field: 'number' }, { field: 'birthDate', reason: 'empty' }, { reason: 'never_long_term' }],
    });
  });

  it.each([
    [{ expiresOn: '2026-05-31' }, 'expiresOn', 'expired'],
    [{ expiresOn: '' }, 'expiresOn', 'empty'],
    [{ expiresOn: '2026-02-30' }, 'expiresOn', 'form'],
    [{ expiresOn: '2099-01-01' }, 'expiresOn', 'too_far'],
    [{ number: 'x' }, 'number', 'length'],
    [{ type: 'passport_cn', number: 'E12345678', birthDate: '2015-01-01' }, 'birthDate', 'too_young'],
    [{ type: 'passport_cn', number: 'E12345678', birthDate: '1815-01-01' }, 'birthDate', 'too_old'],
    [{ type: 'passport_cn', number: 'E12345678', birthDate: '2030-01-01' }, 'birthDate', 'birth_date_future'],
    [{ type: 'passport_cn', number: 'E12345678', birthDate: 'yesterday' }, 'birthDate', 'form'],
  ] as const)('reports %j', (changes, field, reason) => {
    expect(readDocument(entry(changes), today, policy)).toMatchObject({
      ok: false,
      errors: [{ field, reason }],
    });
  });

  it('reports everything at once', () => {
    const result = readDocument(entry({ number: '', expiresOn: '' }), today, policy);
    expect(result.ok ? [] : result.errors.map(({ field }) => field)).toEqual(['number', 'expiresOn']);
  });

  it('is still in date on its last day', () => {
    expect(readDocument(entry({ expiresOn: today }), today, policy).ok).toBe(true);
  });
});

describe('the calendar', () => {
  it('lives in China', () => {
    expect(chinaDay(Date.parse('2026-05-31T16:00:00Z'))).toBe('2026-06-01');
    expect(chinaDay(Date.parse('2026-05-31T15:59:59Z'))).toBe('2026-05-31');
  });

  it('knows leap years', () => {
    expect(toDay('2000', '02', '29')).toBe('2000-02-29');
    expect(toDay('1900', '02', '29')).toBeUndefined();
    expect(ageOn('2026-02-28', '2008-02-29')).toBe(17);
    expect(ageOn('2026-03-01', '2008-02-29')).toBe(18);
  });

  it('reads a date as people write it', () => {
    expect(parseDay('2030年1月9日')).toBe('2030-01-09');
    expect(parseDay('2030.01.09')).toBe('2030-01-09');
    expect(parseDay('09/01/2030')).toBeUndefined();
  });
});
