import type { FakeOutcome } from '../providers/recognition/fake-recogniser.ts';
import { mrzCheckDigit } from '../verification/documents/mrz.ts';
import type { Prompt } from '../verification/index.ts';
import type { TestCompany, TestIdentity } from './identities.ts';
import { testPicture } from './picture-code.ts';

/** What a machine sees on a test picture: lines of text, faces (of the same seed: the same person), quality, failure. */
export type PictureContent = FakeOutcome;

/** What may be wrong with a picture, to be laid over what it shows. */
export const pictureFlaws = {
  /** Nothing can be made out: too dark. */
  unreadable: { lines: [], zone: [], quality: { brightness: 0.05 } },
  /** Black and white. */
  photocopy: { quality: { colour: 0 } },
  /** The face of somebody else. */
  wrongFace: { faces: [{ seed: 'somebody else' }] },
  /** Nobody could look at it. */
  recogniserDown: { fails: 'unavailable' },
} as const satisfies Record<string, PictureContent>;

/** Draws a picture (JPEG) of one thing; `over` lays something else over what a machine sees on it. */
type Draw = (over?: PictureContent) => Promise<Buffer>;

export type TestPictures = {
  readonly licence: Draw;
  readonly front: Draw;
  readonly back: Draw;
  readonly passport: Draw;
  readonly foreignPassport: Draw;
  readonly businessCard: Draw;
  /** Looking straight ahead. */
  readonly selfie: Draw;
  /** The picture of a prompt that is followed; `seed` is whose face it is, by default the person's. */
  readonly following: (prompt: Prompt, seed?: string) => Promise<Buffer>;
  /** The person, holding their document. */
  readonly handHeld: Draw;
};

/** How alike the person is to the portrait on the document, as photographs of one person are (cosine). */
const alike = 0.7;

/** Pictures of a person and a company, as a machine reads them without a doubt. */
export function testPictures(person: TestIdentity, company: TestCompany): TestPictures {
  const seed = person.number;
  const showing =
    (content: PictureContent): Draw =>
    (over = {}) =>
      testPicture({ ...content, ...over });
  return {
    licence: showing({ lines: licenceLines(company) }),
    front: showing({ lines: frontLines(person), faces: [{ seed }] }),
    back: showing({ lines: backLines(person) }),
    passport: showing({ ...passportPage(person, 'CHN', person.passport), faces: [{ seed }] }),
    foreignPassport: showing({
      ...passportPage(person, person.nationality, person.foreignPassport),
      faces: [{ seed }],
    }),
    businessCard: showing({ lines: [company.name, person.name, '招聘经理'] }),
    selfie: showing({ faces: [{ seed, like: alike }] }),
    following: (prompt, of = seed) =>
      testPicture({ faces: [{ seed: of, like: 0.65, ...movements[prompt] }] }),
    handHeld: showing({
      faces: [
        { seed, like: alike },
        { seed, like: 0.8 },
      ],
    }),
  };
}

/** What a face does that follows a prompt; yaw in degrees, as the camera sees it. */
const movements: { readonly [prompt in Prompt]: { readonly yaw?: number; readonly eyesOpen?: number } } = {
  left: { yaw: 25 },
  right: { yaw: -25 },
  blink: { eyesOpen: 0 },
};

const dotted = (day: string): string => (day === 'long_term' ? '长期' : day.replaceAll('-', '.'));

function licenceLines({ code, name, type, legalRepresentative }: TestCompany): string[] {
  return [
    '营业执照',
    `统一社会信用代码 ${code}`,
    `名称 ${name}`,
    `类型 ${type}`,
    `法定代表人 ${legalRepresentative}`,
  ];
}

function frontLines({ name, sex, birthdate, address, number }: TestIdentity): string[] {
  const [year, month, day] = birthdate.split('-').map(Number);
  return [
    `姓名 ${name}`,
    `性别 ${sex === 'male' ? '男' : '女'} 民族 汉`,
    `出生 ${year} 年 ${month} 月 ${day} 日`,
    `住址 ${address}`,
    `公民身份号码 ${number}`,
  ];
}

function backLines({ authority, validFrom, expiresOn }: TestIdentity): string[] {
  return [
    '中华人民共和国',
    '居民身份证',
    `签发机关 ${authority}`,
    `有效期限 ${dotted(validFrom)}-${dotted(expiresOn)}`,
  ];
}

function passportPage(
  { name, latin: { surname, given }, birthdate, sex, expiresOn }: TestIdentity,
  state: string,
  number: string,
): PictureContent {
  const filled = (text: string, width: number): string => text.slice(0, width).padEnd(width, '<');
  const checked = (text: string): string => text + mrzCheckDigit(text);
  const short = (day: string): string => day.slice(2).replaceAll('-', '');
  // ICAO 9303 part 4, section 4.2.2: two lines of 44 characters, the last digit over all that have one.
  const [document, birth, expiry] = [
    checked(filled(number, 9)),
    checked(short(birthdate)),
    checked(short(expiresOn)),
  ];
  const optional = checked(filled('', 14));
  const upper = filled(`P<${state}${surname}<<${given}`, 44);
  const lower = document + state + birth + (sex === 'male' ? 'M' : 'F') + expiry + optional;
  const zone = [upper, lower + mrzCheckDigit(document + birth + expiry + optional)];
  const named =
    state === 'CHN'
      ? [`姓名/Name ${name}`, '国籍/Nationality 中国/CHINESE']
      : [`Surname ${surname}`, `Given names ${given}`];
  return { lines: [`Passport No. ${number}`, ...named], zone };
}
