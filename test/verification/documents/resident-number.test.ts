import fc from 'fast-check';
import { stdnum } from 'stdnum';
import { describe, expect, it } from 'vitest';
import {
  readResidentNumber,
  residentCheckCharacter,
  upgradeOldNumber,
  type ResidentKind,
} from '../../../src/verification/documents/resident-number.ts';

const today = '2026-06-01';
const policy = { minimumAge: 16, maximumAge: 120 };
const read = (text: string, kind: ResidentKind = 'citizen') => readResidentNumber(text, kind, today, policy);
const withCheck = (first17: string) => first17 + residentCheckCharacter(first17);

describe('a resident identity number (GB 11643)', () => {
  it('reads region, birth date and sex from the example of the standard', () => {
    expect(read('11010519491231002X')).toEqual({
      ok: true,
      number: '11010519491231002X',
      region: '110105',
      birthDate: '1949-12-31',
      sex: 'female',
    });
  });

  it('accepts how people type it', () => {
    expect(read(' 110105 19491231 002x ')).toMatchObject({ ok: true, number: '11010519491231002X' });
    expect(read('１１０１０５１９４９１２３１００２Ｘ')).toMatchObject({
      ok: true,
      number: '11010519491231002X',
    });
  });

  it.each([
    ['', { reason: 'empty' }],
    ['   ', { reason: 'empty' }],
    ['11010519491231002', { reason: 'length', expected: 18, found: 17 }],
    ['11010519491231002XX', { reason: 'length', expected: 18, found: 19 }],
    ['1101O519491231002X', { reason: 'character', position: 5, character: 'O' }],
    ['X1010519491231002X', { reason: 'character', position: 1, character: 'X' }],
    ['1'.repeat(100_000), { reason: 'length', found: 100_000 }],
    ['110105194912310021', { reason: 'check_digit' }],
    ['11010519490229002X', { reason: 'birth_date' }],
    ['990105194912310021', { reason: 'wrong_type' }],
    [withCheck('00010519491231002'), { reason: 'region' }],
    ['440524188001010014', { reason: 'too_old' }],
    [withCheck('11010520100602002'), { reason: 'too_young' }],
    [withCheck('11010520270101002'), { reason: 'birth_date_future' }],
    ['110105491231002', { reason: 'old_form' }],
    ['81000019980902013X', { reason: 'wrong_type' }],
    ['911124198108030024', { reason: 'wrong_type' }],
  ])('says what is wrong with %j', (text, expected) => {
    expect(read(text)).toMatchObject({ ok: false, ...expected });
  });

  it('lets a person in on the sixteenth birthday, not the day before', () => {
    expect(read(withCheck('11010520100601002'))).toMatchObject({ ok: true });
    expect(read(withCheck('11010520100602002'))).toMatchObject({ reason: 'too_young' });
  });

  it('upgrades the old form of 15 digits', () => {
    expect(upgradeOldNumber('110105491231002')).toBe('11010519491231002X');
  });

  it.each(['81000019980902013X', '830000199201300022'])('reads the residence permit %s', (number) => {
    expect(read(number, 'residence_permit')).toMatchObject({ ok: true, number });
    expect(read(number, 'citizen')).toMatchObject({ ok: false, reason: 'wrong_type' });
  });

  it('does not take a citizen for the holder of a residence permit', () => {
    expect(read('11010519491231002X', 'residence_permit')).toMatchObject({ ok: false, reason: 'wrong_type' });
  });

  it.each([
    ['911124198108030024', '124'],
    ['932682198501010017', '682'],
  ])('reads the permanent resident card %s', (number, nationality) => {
    expect(read(number, 'permanent_resident')).toMatchObject({ ok: true, number, nationality });
  });

  it('recognises the old permanent resident card without verifying it', () => {
    expect(read('USA110000123456', 'permanent_resident')).toMatchObject({ ok: false, reason: 'old_form' });
  });
});

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((d) => d.join(''));
const birthDate = fc
  .date({ min: new Date('1920-01-01'), max: new Date('2010-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10).replaceAll('-', ''));
const citizen = fc
  .tuple(fc.constantFrom('11', '31', '44', '50', '65', '71', '82'), digits(4), birthDate, digits(3))
  .map(([province, district, birth, sequence]) => withCheck(province + district + birth + sequence))
  .filter((number) => !/^8[123]0000/.test(number));

describe('as properties', () => {
  it('agrees with stdnum on every well-formed number', () => {
    fc.assert(
      fc.property(citizen, (number) => {
        expect(read(number).ok).toBe(true);
        expect(stdnum['CN']?.['ric']?.validate(number).isValid).toBe(true);
      }),
    );
  });

  it('agrees with stdnum on the check character of any 18 digits with a possible date', () => {
    fc.assert(
      fc.property(fc.constantFrom('11', '44'), digits(4), birthDate, digits(4), (a, b, c, d) => {
        const number = a + b + c + d;
        expect(read(number).ok).toBe(stdnum['CN']?.['ric']?.validate(number).isValid);
      }),
    );
  });

  it('notices every single wrong digit', () => {
    fc.assert(
      fc.property(citizen, fc.nat(16), fc.integer({ min: 1, max: 9 }), (number, position, shift) => {
        const wrong = String((Number(number[position]) + shift) % 10);
        expect(read(number.slice(0, position) + wrong + number.slice(position + 1)).ok).toBe(false);
      }),
    );
  });

  it('notices every swap of neighbours', () => {
    fc.assert(
      fc.property(citizen, fc.nat(15), (number, i) => {
        fc.pre(number[i] !== number[i + 1]);
        const swapped = number.slice(0, i) + number.charAt(i + 1) + number.charAt(i) + number.slice(i + 2);
        expect(read(swapped).ok).toBe(false);
      }),
    );
  });

  it('answers anything typed with a result', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        for (const kind of ['citizen', 'residence_permit', 'permanent_resident'] as const) {
          expect(typeof read(text, kind).ok).toBe('boolean');
        }
      }),
    );
  });
});
