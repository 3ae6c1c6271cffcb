import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mrzCheckDigit, readMrz } from '../../../src/verification/documents/mrz.ts';

const today = '2026-06-01';
const td3 = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'];
const td1 = [
  'I<UTOD231458907<<<<<<<<<<<<<<<',
  '7408122F1204159UTO<<<<<<<<<<<6',
  'ERIKSSON<<ANNA<MARIA<<<<<<<<<<',
];

describe('a machine-readable zone (ICAO 9303)', () => {
  it('reads the passport specimen', () => {
    expect(readMrz(td3, today)).toEqual({
      ok: true,
      format: 'TD3',
      documentCode: 'P',
      issuer: 'UTO',
      number: 'L898902C3',
      nationality: 'UTO',
      birthDate: '1974-08-12',
      expiryDate: '2012-04-15',
      sex: 'female',
      surname: 'ERIKSSON',
      givenNames: 'ANNA MARIA',
      failedChecks: [],
    });
  });

  it('reads the card specimen', () => {
    expect(readMrz(td1, today)).toMatchObject({
      ok: true,
      format: 'TD1',
      number: 'D23145890',
      surname: 'ERIKSSON',
      failedChecks: [],
    });
  });

  it('continues a long card number in the optional data', () => {
    const number = 'D23145890ABC';
    const upper = `I<UTO${number.slice(0, 9)}<${number.slice(9)}${mrzCheckDigit(number)}`.padEnd(30, '<');
    const middle = '7408122F1204159UTO<<<<<<<<<<<';
    const composite = upper.slice(5) + middle.slice(0, 7) + middle.slice(8, 15) + middle.slice(18, 29);
    const lines = [upper, middle + mrzCheckDigit(composite), td1[2] as string];
    expect(readMrz(lines, today)).toMatchObject({ ok: true, number, failedChecks: [] });
  });

  it('names the fields that fail', () => {
    const altered = [td3[0] as string, (td3[1] as string).replace('740812', '750812')];
    expect(readMrz(altered, today)).toMatchObject({ ok: true, failedChecks: ['birth_date', 'composite'] });
  });

  it.each([
    [[], 'lines'],
    [['A'], 'lines'],
    [[td3[0] as string, 'short'], 'line_length'],
    [[td3[0] as string, 'é'.repeat(44)], 'character'],
  ])('says what is wrong with %j', (lines, reason) => {
    expect(readMrz(lines, today)).toMatchObject({ ok: false, reason });
  });

  it('notices every single wrong digit in the numbered fields', () => {
    const line = td3[1] as string;
    fc.assert(
      fc.property(fc.constantFrom(...[0, 2, 5, 13, 14, 21, 26, 28]), fc.nat(35), (position, replacement) => {
        const character = replacement.toString(36).toUpperCase();
        const distance = Math.abs(parseInt(line.charAt(position), 36) - replacement);
        fc.pre(distance % 10 !== 0);
        const wrong = line.slice(0, position) + character + line.slice(position + 1);
        const result = readMrz([td3[0] as string, wrong], today);
        expect(result.ok && result.failedChecks.length).toBeGreaterThan(0);
      }),
    );
  });
});
