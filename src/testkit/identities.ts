import { creditCheckCharacter, organisationCheckCharacter } from '../verification/documents/credit-code.ts';
import { residentCheckCharacter } from '../verification/documents/resident-number.ts';

/** Somebody who does not exist, with numbers that are valid. Days are written yyyy-mm-dd. */
export type TestIdentity = {
  readonly name: string;
  /** As in the machine-readable zone of a passport: capital letters. */
  readonly latin: { readonly surname: string; readonly given: string };
  readonly sex: 'male' | 'female';
  readonly birthdate: string;
  readonly address: string;
  /** Resident identity number (GB 11643). */
  readonly number: string;
  /** Number of a Chinese passport. */
  readonly passport: string;
  /** Number of a passport of {@link nationality}. */
  readonly foreignPassport: string;
  /** ISO 3166-1 alpha-3, of the foreign passport alone. */
  readonly nationality: string;
  /** Who issued the identity card. */
  readonly authority: string;
  readonly validFrom: string;
  /** Of every document; `long_term` for an identity card that never ends. */
  readonly expiresOn: string;
};

/** A company that does not exist. */
export type TestCompany = {
  readonly name: string;
  /** Unified social credit code (GB 32100). */
  readonly code: string;
  readonly type: string;
  readonly legalRepresentative: string;
};

const sequences = 1000;
const names = [
  ['雨', 'YU'],
  ['禾', 'HE'],
  ['安', 'AN'],
  ['一', 'YI'],
  ['文', 'WEN'],
] as const;

/** The nth person of a test run, the same in every run; numbers differ for every n from 0 to 27,999. */
export function testIdentity(nth: number): TestIdentity {
  const [character, given] = names[nth % names.length] ?? names[0];
  const day = String(1 + (Math.floor(nth / sequences) % 28)).padStart(2, '0');
  const sequence = String(nth % sequences).padStart(3, '0');
  const first17 = `110105199003${day}${sequence}`;
  return {
    name: `测试${character}`,
    latin: { surname: 'CESHI', given },
    sex: nth % 2 === 1 ? 'male' : 'female',
    birthdate: `1990-03-${day}`,
    address: '北京市朝阳区样本路1号',
    number: first17 + residentCheckCharacter(first17),
    passport: `E${String(nth).padStart(8, '0')}`,
    foreignPassport: `L${String(nth).padStart(7, '0')}`,
    nationality: 'UTO',
    authority: '北京市公安局朝阳分局',
    validFrom: '2020-01-01',
    expiresOn: '2040-01-01',
  };
}

/** The nth company of a test run, the same in every run, which `legalRepresentative` represents by law. */
export function testCompany(nth: number, legalRepresentative: string): TestCompany {
  const organisation = String(nth).padStart(8, '0');
  const first17 = `91110105${organisation}${organisationCheckCharacter(organisation)}`;
  return {
    name: '样本科技有限公司',
    code: first17 + creditCheckCharacter(first17),
    type: '有限责任公司',
    legalRepresentative,
  };
}
