import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mrzCheckDigit } from '../../../src/verification/documents/mrz.ts';
import { stateOf } from '../../../src/verification/reading/countries.ts';
import { readPicture } from '../../../src/verification/reading/read-picture.ts';
import { seenOf, type Run } from './layout.ts';

const today = '2026-06-01';
const specimen = [
  'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
  'L898902C36UTO7408122F1204159ZE184226B<<<<<10',
] as const;
const printed: Run[] = [
  [500, 100, 'PASSPORT'],
  [500, 200, 'Passport No.'],
  [900, 200, 'L898902C3'],
  [500, 300, 'ERIKSSON'],
  [500, 400, 'ANNA MARIA'],
];

type Passport = { issuer: string; number: string; birth: string; expiry: string; optional: string };

/** Both lines with right check digits. */
function zoneOf({ issuer, number, birth, expiry, optional }: Passport): [string, string] {
  const checked = (text: string): string => text + mrzCheckDigit(text);
  const [n, b, e, o] = [
    checked(number.padEnd(9, '<')),
    checked(birth),
    checked(expiry),
    checked(optional.padEnd(14, '<')),
  ];
  return [
    `P<${issuer}ERIKSSON<<ANNA<MARIA`.padEnd(44, '<'),
    `${n}${issuer}${b}F${e}${o}${mrzCheckDigit(n + b + e + o)}`,
  ];
}

const chinese = zoneOf({
  issuer: 'CHN',
  number: 'E12345678',
  birth: '900101',
  expiry: '300101',
  optional: '',
});
const page = (zones: readonly (readonly string[])[], runs: readonly Run[] = []) =>
  readPicture('document_page', seenOf(runs, { zones }), today);

describe('a passport page', () => {
  it('reads the specimen, confirmed by what is printed', () => {
    expect(page([specimen], printed)).toMatchObject({
      shows: 'passport_page',
      documentType: 'passport_other',
      fields: {
        number: { value: 'L898902C3' },
        name: { value: 'ERIKSSON ANNA MARIA' },
        sex: { value: 'female' },
        birthDate: { value: '1974-08-12' },
        expiresOn: { value: '2012-04-15' },
        issuingState: { value: 'UTO' },
      },
    });
    const { number, name } = page([specimen], printed).fields;
    expect([number?.doubt, name?.doubt]).toEqual([undefined, undefined]);
  });

  it('doubts a number that nothing printed confirms and that others look like', () => {
    expect(page([specimen]).fields.number).toMatchObject({ value: 'L898902C3', doubt: 'faint' });
  });

  it('doubts a number that another number is printed beside', () => {
    expect(page([chinese], [[500, 200, '护照号 E12345679']]).fields.number).toMatchObject({
      value: 'E12345678',
      doubt: 'sources_differ',
    });
  });

  it('reads a Chinese passport with the name in characters', () => {
    const runs: Run[] = [
      [500, 100, '护照'],
      [500, 200, '姓名/Name'],
      [500, 260, '范例'],
    ];
    const reading = page([chinese], runs);
    expect(reading).toMatchObject({
      documentType: 'passport_cn',
      fields: { number: { value: 'E12345678' }, name: { value: '范例' }, expiresOn: { value: '2030-01-01' } },
    });
    expect(reading.fields.number?.doubt).toBeUndefined();
  });

  it('does not take the romanised name in the next column for the name in characters', () => {
    const runs: Run[] = [
      [440, 180, '姓名/Name', 28],
      [900, 178, 'FAN, LI'],
      [440, 225, '范例'],
      [440, 290, '性别/Sex', 28],
    ];
    expect(page([chinese], runs).fields.name?.value).toBe('范例');
  });

  it('doubts a name in the zone that is printed only as a part of another', () => {
    const named = (printed: string) =>
      page([[specimen[0].replace('ANNA<MARIA', 'ANNA<<<<<<'), specimen[1]]], [[440, 225, printed]]);
    expect(named('ERIKSSON ANNA').fields.name).toEqual({ value: 'ERIKSSON ANNA', confidence: 1 });
    expect(named('ERIKSSON HANNA').fields.name).toMatchObject({ doubt: 'faint' });
  });

  it('reads the printed name of a foreign passport where the zone lost letters of it', () => {
    const runs: Run[] = [
      [440, 180, 'Surname', 28],
      [440, 225, 'ERIKSSON'],
      [440, 290, 'Givennames', 28],
      [440, 335, 'ANNA MARIA'],
    ];
    const lost = [specimen[0].replace('ANNA<MARIA', 'ANA<MRIA'), specimen[1]];
    expect(page([lost], runs).fields.name).toMatchObject({ value: 'ERIKSSON ANNA MARIA', doubt: 'faint' });
    expect(page([specimen], runs).fields.name?.doubt).toBeUndefined();
  });

  it('puts letters and digits where the class of a position demands them', () => {
    const seen = [chinese[0].replace('ERIKSSON', 'ER1KSS0N'), chinese[1].replace('E12345678', 'EI2345678')];
    const { fields } = page([seen]);
    expect(fields.number).toMatchObject({ value: 'E12345678' });
    expect(fields.name?.value).toBe('ERIKSSON ANNA MARIA');
  });

  it('takes each checked field from the reading in which it fits', () => {
    const misread = [
      [specimen[0], specimen[1].replace('740812', '740872')],
      [specimen[0], specimen[1].replace('120415', '120475')],
      [specimen[0], specimen[1].replace('740812', '740873')],
    ];
    expect(page(misread, printed).fields).toMatchObject({
      number: { value: 'L898902C3' },
      birthDate: { value: '1974-08-12' },
      expiresOn: { value: '2012-04-15' },
    });
  });

  it('repairs a line that lost or gained fillers', () => {
    const seen = [specimen[0].slice(0, -4), specimen[1].replace('<<<<<', '<<<')];
    expect(page([seen], printed).fields.number?.value).toBe('L898902C3');
    expect(page([[`${specimen[0]}<<`, specimen[1]]], printed).fields.number?.value).toBe('L898902C3');
  });

  it('reads a zone among the lines of the text', () => {
    const runs: Run[] = [...printed, [60, 700, specimen[0]], [60, 760, specimen[1]]];
    expect(page([], runs).fields.number?.value).toBe('L898902C3');
  });

  it('gives no document number whose check digit does not fit', () => {
    expect(
      page([[specimen[0], specimen[1].replace('L898902C36', 'L898972C36')]]).fields.number,
    ).toBeUndefined();
  });

  it('gives no date of a line whose number does not fit: it may be shifted', () => {
    const shifted = [specimen[0], `${specimen[1].slice(2)}<<`];
    const { fields } = page([shifted]);
    expect([fields.number, fields.birthDate, fields.expiresOn]).toEqual([undefined, undefined, undefined]);
  });

  it('knows the codes of states and none that do not exist', () => {
    expect(['CHN', 'D<<', 'UTO', 'GBD', 'XYZ'].map(stateOf)).toEqual(['CHN', 'DEU', 'UTO', 'GBD', undefined]);
    const unknown = specimen.map((line) => line.replace('UTO', 'XYZ'));
    expect(page([unknown]).fields.issuingState).toBeUndefined();
  });

  it('takes the nationality for an issuing state that is not legible, and says so', () => {
    expect(page([[specimen[0].replace('UTO', 'XYZ'), specimen[1]]]).fields.issuingState).toMatchObject({
      value: 'UTO',
      doubt: 'corrected',
    });
  });

  it('reads the zone of a card', () => {
    const td1 = [
      'I<UTOD231458907<<<<<<<<<<<<<<<',
      '7408122F1204159UTO<<<<<<<<<<<6',
      'ERIKSSON<<ANNA<MARIA<<<<<<<<<<',
    ];
    const seen = seenOf(
      [
        [300, 200, '曾持证件号码'],
        [300, 300, '换证次数'],
      ],
      { zones: [td1] },
    );
    expect(readPicture('document_back', seen, today)).toMatchObject({
      shows: 'permanent_resident_back',
      fields: { name: { value: 'ERIKSSON ANNA MARIA' }, birthDate: { value: '1974-08-12' } },
    });
  });
});

describe('the zone on the back of a permanent resident card', () => {
  const number = '932124197903196207';
  const upper = `C<CHN${number.slice(0, 9)}<${number.slice(9)}${mrzCheckDigit(number)}`.padEnd(30, '<');
  const middle = `790319${mrzCheckDigit('790319')}F400101${mrzCheckDigit('400101')}CAN`.padEnd(29, '<');
  const composite = mrzCheckDigit(
    upper.slice(5) + middle.slice(0, 7) + middle.slice(8, 15) + middle.slice(18),
  );

  it('is read with its long number, and without the line of names', () => {
    const seen = seenOf(
      [
        [80, 150, '签发机关/Issuing Authority'],
        [80, 260, `证件号码 ${number}`],
      ],
      {
        zones: [[upper, middle + composite]],
      },
    );
    expect(readPicture('document_back', seen, today)).toMatchObject({
      shows: 'permanent_resident_back',
      fields: {
        number: { value: number },
        birthDate: { value: '1979-03-19' },
        expiresOn: { value: '2040-01-01' },
      },
    });
  });
});

describe('a zone with misread characters', () => {
  const pairs = ['0O', '1I', '8B', '5S', '2Z', '6G', '0D', '0Q'];
  const confused = (character: string, choice: number): string => {
    const others = pairs
      .filter((pair) => pair.includes(character))
      .map((pair) => pair.replace(character, ''));
    return others[choice % others.length] ?? character;
  };
  const digits = (length: number) =>
    fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
      .map((all) => all.join(''));
  const day = fc
    .date({ min: new Date('1950-01-01'), max: new Date('1999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(2, 10).replaceAll('-', ''));
  const passports = fc.record({
    issuer: fc.constantFrom('CHN', 'UTO', 'FRA', 'GBR'),
    number: fc.tuple(fc.constantFrom('E', 'G', 'B', 'L', 'Z'), digits(8)).map((parts) => parts.join('')),
    birth: day,
    expiry: fc.constantFrom('300615', '281201', '350809'),
    optional: fc.constantFrom('', '0123456'),
  });

  it('is read exactly or refused: never a wrong document number for sure', () => {
    let exact = 0;
    let runs = 0;
    fc.assert(
      fc.property(
        passports,
        fc.array(fc.tuple(fc.nat(43), fc.nat(3)), { maxLength: 2 }),
        (passport, slips) => {
          const lines = zoneOf(passport);
          let line: string = lines[1];
          for (const [at, choice] of slips)
            line = line.slice(0, at) + confused(line.charAt(at), choice) + line.slice(at + 1);
          const { number } = page([[lines[0], line]]).fields;
          runs++;
          if (number?.value === passport.number) exact++;
          else if (number) expect(number.doubt).not.toBeUndefined();
        },
      ),
      { numRuns: 1000 },
    );
    // Otherwise a reader that refuses everything would pass.
    expect(exact / runs).toBeGreaterThan(0.8);
  });

  it('is read with the printed number as a second place', () => {
    fc.assert(
      fc.property(passports, fc.nat(8), fc.nat(3), (passport, at, choice) => {
        const lines = zoneOf(passport);
        const line = lines[1].slice(0, at) + confused(lines[1].charAt(at), choice) + lines[1].slice(at + 1);
        expect(page([[lines[0], line]], [[900, 200, passport.number]]).fields.number?.value).toBe(
          passport.number,
        );
      }),
    );
  });
});
