import fc from 'fast-check';
import sharp from 'sharp';
import { stdnum } from 'stdnum';
import { describe, expect, it } from 'vitest';
import { readCodes } from '../../src/providers/recognition/codes.ts';
import { readMrz } from '../../src/verification/documents/mrz.ts';
import type { Day } from '../../src/verification/documents/calendar.ts';
import { cardZone, passportZone } from './specimens/numbers.ts';
import * as specimens from './specimens.ts';

const china = stdnum['CN'];
const today = '2026-11-01' as Day;
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const person = specimens.specimenPerson();
const company = specimens.specimenCompany();

/** Every document with everything that may be asked of it. */
const documents: Record<string, (options?: specimens.DocumentOptions) => Promise<Buffer>> = {
  idCardFront: (options) => specimens.idCardFront(person, options),
  idCardBack: (options) => specimens.idCardBack(person, options),
  residencePermitFront: (options) => specimens.residencePermitFront(person, options),
  residencePermitBack: (options) => specimens.residencePermitBack(person, options),
  hkMacaoPermitFront: (options) => specimens.hkMacaoPermitFront(person, options),
  hkMacaoPermitBack: (options) => specimens.hkMacaoPermitBack(person, options),
  taiwanPermitFront: (options) => specimens.taiwanPermitFront(person, options),
  taiwanPermitBack: (options) => specimens.taiwanPermitBack(person, options),
  permanentResidentFront: (options) => specimens.permanentResidentFront(person, options),
  permanentResidentBack: (options) => specimens.permanentResidentBack(person, options),
  passportPage: (options) => specimens.passportPage(person, options),
  foreignPassport: (options) => specimens.passportPage(person, { ...options, foreign: true }),
  businessLicence: (options) => specimens.businessLicence(company, options),
  businessCard: (options) => specimens.businessCard(person, company, options),
  workBadge: (options) => specimens.workBadge(person, company, options),
  selfie: (options) => specimens.selfie(person, options),
  handHeld: (options) => specimens.handHeld(person, options),
};
const names = Object.keys(documents);
const draw = (name: string, options?: specimens.DocumentOptions) => documents[name]!(options);

describe('specimen people and companies', () => {
  it('have numbers and codes that an independent library accepts', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const dice = specimens.seededDice(seed);
        for (const someone of [specimens.specimenPerson({}, dice), specimens.variousPerson({}, dice)]) {
          expect(china?.['ric']?.validate(someone.number).isValid).toBe(true);
          expect(someone.number.slice(6, 14)).toBe(someone.birthdate.replaceAll('-', ''));
          expect(Number(someone.number.charAt(16)) % 2).toBe(someone.sex === 'male' ? 1 : 0);
          expect(china?.['ric']?.validate(someone.residenceNumber).isValid).toBe(true);
        }
        const { code } = specimens.variousCompany({}, dice);
        // The library looks for a 32nd character where the check character is 0.
        if (!code.endsWith('0')) expect(china?.['uscc']?.validate(code).isValid).toBe(true);
      }),
    );
  });

  it('are the same again for the same seed, and others for another', () => {
    const drawn = (seed: number) => specimens.variousPerson({}, specimens.seededDice(seed));
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(2).number).not.toBe(drawn(1).number);
  });

  it('follow a number that is given', () => {
    const given = specimens.specimenPerson({ number: '11010519491231002X' });
    expect(given).toMatchObject({ birthdate: '1949-12-31', sex: 'female' });
  });

  it('have names of every kind: fifty characters, a separator, rare characters', () => {
    expect([...specimens.specimenName('long').name].length).toBeGreaterThanOrEqual(50);
    expect(specimens.specimenName('dotted').name).toContain('·');
    expect(specimens.specimenName('rare').name).toMatch(/[赟翾翀婳鋆韡喆玥垚旻昶祎]$/);
  });
});

describe('machine-readable zones', () => {
  const zone = fc.record({ seed: seeds, passport: fc.boolean() }).map(({ seed, passport }) => ({
    someone: specimens.variousPerson({}, specimens.seededDice(seed)),
    passport,
  }));

  it('pass every check digit and say what the document says', () => {
    fc.assert(
      fc.property(zone, ({ someone, passport }) => {
        const number = passport ? someone.passport : someone.permanentNumber;
        const said = { ...someone, ...someone.latin, code: 'P', issuer: 'CHN', number };
        const lines = passport ? passportZone(said) : cardZone(said);
        const { birthdate: birthDate, expiresOn: expiryDate, sex } = someone;
        expect(readMrz(lines, today)).toMatchObject({
          ok: true,
          failedChecks: [],
          number,
          birthDate,
          expiryDate,
          sex,
        });
      }),
    );
  });

  it('match the specimens that ICAO prints', () => {
    const anna = {
      birthdate: '1974-08-12',
      expiresOn: '2012-04-15',
      sex: 'female',
      surname: 'ERIKSSON',
    } as const;
    const utopia = { ...anna, given: 'ANNA MARIA', issuer: 'UTO', nationality: 'UTO' };
    expect(passportZone({ ...utopia, code: 'P', number: 'L898902C3' })[0]).toBe(
      'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
    );
    expect(cardZone({ ...utopia, code: 'I', number: 'D23145890' })).toEqual([
      'I<UTOD231458907<<<<<<<<<<<<<<<',
      '7408122F1204159UTO<<<<<<<<<<<6',
      'ERIKSSON<<ANNA<MARIA<<<<<<<<<<',
    ]);
  });
});

describe('the fonts of specimens', () => {
  const drawn = (family: string, content: string) => {
    const text = `<text y="60" font-size="60" font-family="${family}">${content}</text>`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="80">${text}</svg>`;
    return sharp(Buffer.from(svg)).raw().toBuffer();
  };

  it('are those of the packages alone, whatever the machine has installed', async () => {
    const sans = await drawn('Noto Sans SC', 'Specimen');
    expect((await drawn('DejaVu Serif', 'Specimen')).equals(sans)).toBe(true);
    expect((await drawn('serif', 'Specimen')).equals(sans)).toBe(true);
    expect((await drawn('B612 Mono', 'Specimen')).equals(sans)).toBe(false);
  });

  it('draw every character, rare ones too, and not a box instead', async () => {
    const box = await drawn('Noto Sans SC', '\u{F0000}');
    const shapes = await Promise.all([...'样本赟翾翀婳鋆韡·〇'].map((one) => drawn('Noto Sans SC', one)));
    for (const shape of shapes) expect(shape.equals(box)).toBe(false);
    expect(new Set(shapes.map((shape) => shape.toString('base64'))).size).toBe(shapes.length);
  });
});

describe('specimen pictures', () => {
  it.each(names)('%s is a JPEG of a useful size', async (name) => {
    const { format, width, height } = await sharp(await draw(name)).metadata();
    expect(format).toBe('jpeg');
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(600);
    expect(Math.max(width, height)).toBeGreaterThanOrEqual(1080);
  });

  it.each(names)('%s carries the band of a specimen along its top edge', async (name) => {
    const picture = await draw(name);
    const { width } = await sharp(picture).metadata();
    const band = sharp(picture).extract({ left: 0, top: 0, width, height: 38 });
    const { channels } = await sharp(await band.toBuffer()).stats();
    const [red, , blue] = channels;
    expect(red!.mean - blue!.mean).toBeGreaterThan(12);
    expect(blue!.stdev).toBeGreaterThan(10);
  });

  it.each(names)('%s hands the fake recogniser its outcome, also after the intake', async (name) => {
    const outcome = { name: '样本', lines: ['姓名', '一', '男'], note: 'x'.repeat(120) };
    const stamped = await draw(name, { qr: outcome });
    const resized = sharp(stamped).resize(2400, 2400, { fit: 'inside', withoutEnlargement: true });
    const taken = await resized.jpeg({ quality: 75 }).toBuffer();
    expect(await readCodes(taken)).toContain(specimens.fakePrefix + JSON.stringify(outcome));
    expect((await readCodes(await draw(name))).join()).not.toContain(specimens.fakePrefix);
  });

  it('take a code whatever they show', async () => {
    const picture = await specimens.withFakeCode(await draw('idCardBack'), { shows: 'nothing' });
    expect(await readCodes(picture)).toEqual([`${specimens.fakePrefix}{"shows":"nothing"}`]);
  });

  it('survive a photograph of 12 MP with their code', async () => {
    const taken = await sharp(await specimens.enlarge(await specimens.selfie(person, { qr: 'yes' })))
      .resize(2400, 2400, { fit: 'inside' })
      .jpeg({ quality: 75 })
      .toBuffer();
    expect(await readCodes(taken)).toEqual([`${specimens.fakePrefix}"yes"`]);
  });

  it('show the code of the public register on a licence', async () => {
    expect((await readCodes(await draw('businessLicence'))).join()).toContain(company.code);
  });

  it('show two people as different, and a portrait that is given', async () => {
    const other = specimens.specimenPerson({ number: '440524188001010014' });
    const drawn = await specimens.selfie(person);
    expect((await specimens.selfie(other)).equals(drawn)).toBe(false);
    const blank = { width: 400, height: 500, channels: 3 as const, background: '#00ff00' };
    const portrait = await sharp({ create: blank }).jpeg().toBuffer();
    const pixel = { left: 1000, top: 350, width: 1, height: 1 };
    const card = await specimens.idCardFront(person, { portrait });
    const [red = 255, green = 0] = await sharp(card).extract(pixel).raw().toBuffer();
    expect(red).toBeLessThan(20);
    expect(green).toBeGreaterThan(235);
  });

  it('come as large, turned and located pictures', async () => {
    const front = await specimens.idCardFront(person);
    const large = await sharp(await specimens.enlarge(front)).metadata();
    expect(large.width * large.height).toBeGreaterThan(10_000_000);
    const turned = await sharp(await specimens.turnedByExif(front)).metadata();
    expect([turned.orientation, turned.width, turned.height]).toEqual([6, 808, 1280]);
    const located = await specimens.withGps(front);
    expect((await sharp(located).metadata()).exif?.length).toBeGreaterThan(50);
    expect(located.includes('gps-specimen-owner')).toBe(true);
  });
});
