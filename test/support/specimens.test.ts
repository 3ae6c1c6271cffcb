import sharp from 'sharp';
import { stdnum } from 'stdnum';
import { describe, expect, it } from 'vitest';
import * as specimens from './specimens.ts';

describe('specimens', () => {
  const person = specimens.specimenPerson();
  const china = stdnum['CN'];

  it('have numbers and codes that an independent library accepts', () => {
    for (let round = 0; round < 50; round++) {
      expect(china?.['ric']?.validate(specimens.specimenPerson().number).isValid).toBe(true);
      const code = specimens.creditCode();
      // The library looks for a 32nd character where the check character is 0.
      if (!code.endsWith('0')) expect(china?.['uscc']?.validate(code).isValid).toBe(true);
    }
  });

  it('are JPEG pictures of a useful size, and two people look different', async () => {
    const pictures = await Promise.all([
      specimens.idCardFront(person),
      specimens.idCardBack(person),
      specimens.passportPage(person),
      specimens.businessLicence(specimens.specimenCompany()),
      specimens.selfie(person),
      specimens.handHeld(person),
    ]);
    for (const picture of pictures) {
      const { format, width, height } = await sharp(picture).metadata();
      expect(format).toBe('jpeg');
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(800);
    }
    const other = await specimens.selfie(specimens.specimenPerson({ number: '440524188001010014' }));
    expect(other.equals(await specimens.selfie(person))).toBe(false);
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
