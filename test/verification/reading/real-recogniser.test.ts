import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../../../src/core/log.ts';
import { createLocalRecogniser } from '../../../src/providers/recognition/local-recogniser.ts';
import type { ImageKind } from '../../../src/verification/case.ts';
import { complaintAbout } from '../../../src/verification/reading/complaints.ts';
import type { PictureReading } from '../../../src/verification/reading/picture-reading.ts';
import { readPicture } from '../../../src/verification/reading/read-picture.ts';
import { defaultQualityThresholds } from '../../../src/verification/reading/thresholds.ts';
import type { Recogniser } from '../../../src/verification/recogniser.ts';
import {
  businessLicence,
  distort,
  idCardBack,
  idCardFront,
  passportPage,
  seededDice,
  variousCompany,
  variousPerson,
  type Distortion,
} from '../../support/specimens.ts';

// The recogniser waits for everybody else on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const person = variousPerson({}, seededDice(5));
const company = variousCompany({}, seededDice(5));
let recogniser: Recogniser;

beforeAll(() => {
  recogniser = createLocalRecogniser({ log: silentLog, timeoutMs: 100_000 });
});
afterAll(() => recogniser.close());

async function look(kind: ImageKind, document: Buffer, distortion: Distortion) {
  const jpeg = await distort(document, distortion, 3);
  const result = await recogniser.read(jpeg, { zone: kind === 'document_page', codes: kind === 'licence' });
  if (!result.ok) throw new Error(result.reason);
  const reading = readPicture(kind, result.seen, '2026-06-01');
  return {
    reading,
    complaint: complaintAbout(kind, undefined, result.seen, reading, defaultQualityThresholds),
  };
}
const values = ({ fields }: PictureReading) =>
  Object.fromEntries(Object.entries(fields).map(([field, { value }]) => [field, value]));

describe('photographs of specimens, read by the recogniser that ships', () => {
  it('the front of an identity card, askew on a table', async () => {
    const { reading, complaint } = await look('document_front', await idCardFront(person), 'L3');
    expect(values(reading)).toEqual({
      name: person.name,
      sex: person.sex,
      ethnicity: person.ethnicity,
      birthDate: person.birthdate,
      address: person.address,
      number: person.number,
    });
    expect(reading.fields.number?.doubt).toBeUndefined();
    expect(complaint).toBeUndefined();
  });

  it('its back, handed in as a front', async () => {
    const { reading, complaint } = await look('document_front', await idCardBack(person), 'L2');
    expect(values(reading)).toMatchObject({ authority: person.authority, expiresOn: person.expiresOn });
    expect(complaint).toBe('wrong_side');
  });

  it('the data page of a passport', async () => {
    const { reading, complaint } = await look('document_page', await passportPage(person), 'L2');
    expect(reading.documentType).toBe('passport_cn');
    expect(values(reading)).toMatchObject({
      name: person.name,
      number: person.passport,
      birthDate: person.birthdate,
      expiresOn: person.expiresOn,
    });
    expect(complaint).toBeUndefined();
  });

  it('a business licence', async () => {
    const { reading, complaint } = await look('licence', await businessLicence(company), 'L2');
    expect(values(reading)).toMatchObject({
      companyName: company.name,
      creditCode: company.code,
      legalRepresentative: company.legalRepresentative,
      expiresOn: company.expiresOn,
    });
    expect(complaint).toBeUndefined();
  });

  it.each(['blurred', 'glare', 'photocopy', 'screen'] as const)(
    'an identity card: %s',
    async (distortion) => {
      const { complaint } = await look('document_front', await idCardFront(person), distortion);
      expect(complaint).toBe(distortion);
    },
  );
});
