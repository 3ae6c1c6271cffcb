import fc from 'fast-check';
import { stdnum } from 'stdnum';
import { describe, expect, it } from 'vitest';
import {
  creditCheckCharacter,
  organisationCheckCharacter,
  readCreditCode,
} from '../../../src/verification/documents/credit-code.ts';

describe('a unified social credit code (GB 32100)', () => {
  it.each([
    '914403001922038216',
    '9144030071526726XG',
    '9152000071430580XT',
    '91100000100003962T',
    '91440300192317458F',
    '91350900587527783P',
    '91440400192548256N',
  ])('%s passes both check characters', (code) => {
    expect(readCreditCode(code)).toEqual({
      ok: true,
      code,
      checkDigitMatches: true,
      organisationCheckMatches: true,
    });
  });

  it.each(['91350100M000100Y4Z', '91350211M0000XUF4Z'])(
    '%s holds a letter the alphabet does not have',
    (code) => {
      expect(readCreditCode(code)).toMatchObject({
        ok: false,
        reason: 'character',
        position: 18,
        character: 'Z',
      });
    },
  );

  it('reports a failed check character instead of rejecting the code', () => {
    expect(readCreditCode('91350211M0000XUF46')).toMatchObject({ ok: true, checkDigitMatches: false });
    expect(creditCheckCharacter('91350100M000100Y4')).toBe('3');
  });

  it('accepts how people type it', () => {
    expect(readCreditCode(' 9144 0300 1923 1745 8f ')).toMatchObject({
      ok: true,
      code: '91440300192317458F',
    });
  });

  it.each([
    ['', { reason: 'empty' }],
    ['91440300192317458', { reason: 'length', found: 17 }],
    ['9144030019231745OF', { reason: 'character', position: 17, character: 'O' }],
    ['91A40300192317458F', { reason: 'form' }],
    ['𠮷'.repeat(18), { reason: 'character', position: 1 }],
  ])('says what is wrong with %j', (text, expected) => {
    expect(readCreditCode(text)).toMatchObject({ ok: false, ...expected });
  });

  const alphabet = [...'0123456789ABCDEFGHJKLMNPQRTUWXY'];
  const digits = (length: number) =>
    fc
      .array(fc.constantFrom(...'0123456789'), { minLength: length, maxLength: length })
      .map((d) => d.join(''));
  const letters = (length: number) =>
    fc.array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length }).map((d) => d.join(''));

  it('agrees with stdnum, which lacks only the check character 0', () => {
    fc.assert(
      fc.property(digits(8), letters(9), fc.constantFrom(...alphabet), (front, back, last) => {
        fc.pre(creditCheckCharacter(front + back) !== '0');
        const result = readCreditCode(front + back + last);
        expect(result.ok && result.checkDigitMatches).toBe(
          stdnum['CN']?.['uscc']?.validate(front + back + last).isValid,
        );
      }),
    );
  });

  it('notices every single wrong character', () => {
    fc.assert(
      fc.property(
        digits(8),
        letters(9),
        fc.nat(16),
        fc.integer({ min: 1, max: 30 }),
        (front, back, at, shift) => {
          const code = front + back;
          const wrong = alphabet[(alphabet.indexOf(code.charAt(at)) + shift) % 31] as string;
          const other = code.slice(0, at) + wrong + code.slice(at + 1);
          expect(creditCheckCharacter(other)).not.toBe(creditCheckCharacter(code));
        },
      ),
    );
  });

  it('knows the organisation code of the standard (GB 11714)', () => {
    expect(organisationCheckCharacter('D2143569')).toBe('X');
  });
});
