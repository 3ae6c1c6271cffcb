import sharp from 'sharp';
import type { Prompt } from '../../src/verification/index.ts';
import { specimenCompany, specimenPerson, type SpecimenCompany, type SpecimenPerson } from './specimens.ts';
import { withFakeCode } from './specimens/fake-code.ts';

/** What the fake recogniser is told of a picture; see src/providers/recognition/fake-recogniser.ts. */
export type Outcome = {
  lines?: readonly string[];
  zone?: readonly string[];
  codes?: readonly string[];
  faces?: readonly { seed: string; like?: number; yaw?: number; eyesOpen?: number; liveness?: number }[];
  quality?: object;
  fails?: 'busy' | 'crashed' | 'timeout' | 'unavailable';
  slow?: number;
};

let shade = 0;

/** A plain picture that says itself what is on it. No two are alike. */
export async function told(outcome: Outcome): Promise<Buffer> {
  shade = (shade + 1) % 200;
  const background = { r: 40 + shade, g: 180, b: 200 - shade };
  const plain = await sharp({ create: { width: 900, height: 600, channels: 3, background } })
    .jpeg()
    .toBuffer();
  return withFakeCode(plain, outcome);
}

const dotted = (day: string) => (day === 'long_term' ? '长期' : day.replaceAll('-', '.'));

/** Pictures of a person and the company whose legal representative they are, as a machine reads them without a doubt. */
export function readablePictures(
  person: SpecimenPerson = specimenPerson(),
  company: SpecimenCompany = specimenCompany({ legalRepresentative: person.name }),
) {
  const [year, month, day] = person.birthdate.split('-').map(Number);
  const face = person.number;
  return {
    person,
    company,
    licence: (over: Outcome = {}) =>
      told({
        lines: [
          '营业执照',
          `统一社会信用代码 ${company.code}`,
          `名称 ${company.name}`,
          `类型 ${company.type}`,
          `法定代表人 ${company.legalRepresentative}`,
        ],
        ...over,
      }),
    front: (over: Outcome = {}) =>
      told({
        lines: [
          `姓名 ${person.name}`,
          `性别 ${person.sex === 'male' ? '男' : '女'} 民族 汉`,
          `出生 ${year} 年 ${month} 月 ${day} 日`,
          `住址 ${person.address}`,
          `公民身份号码 ${person.number}`,
        ],
        faces: [{ seed: face }],
        ...over,
      }),
    back: (over: Outcome = {}) =>
      told({
        lines: [
          '中华人民共和国',
          '居民身份证',
          `签发机关 ${person.authority}`,
          `有效期限 ${dotted(person.validFrom)}-${dotted(person.expiresOn)}`,
        ],
        ...over,
      }),
    selfie: (over: Outcome = {}) => told({ faces: [{ seed: face, like: 0.7 }], ...over }),
    handHeld: (over: Outcome = {}) =>
      told({
        faces: [
          { seed: face, like: 0.7 },
          { seed: face, like: 0.8 },
        ],
        ...over,
      }),
    /** The picture of a prompt that is followed. */
    following: (prompt: Prompt) =>
      told({
        faces: [
          {
            seed: face,
            like: 0.65,
            ...(prompt === 'blink' ? { eyesOpen: 0 } : { yaw: prompt === 'left' ? 25 : -25 }),
          },
        ],
      }),
  };
}

export type ReadablePictures = ReturnType<typeof readablePictures>;
