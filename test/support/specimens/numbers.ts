import { digits, pick, systemDice, type Dice } from './dice.ts';

/** Numbers as rules.md, section 1, describes them; written apart from the program's own rules, so that each tests the other. */

export type Sex = 'male' | 'female';

const pad = (value: number, width: number) => String(value).padStart(width, '0');

/** Resident identity number (GB 11643); `region` is the area code, 810000–830000 for residence permits. */
export function residentNumber(birthdate: string, sex: Sex, region: string, dice: Dice): string {
  return withCheck(region + birthdate.replaceAll('-', '') + sequence(sex, dice));
}

/** Number of the foreign permanent resident card of 2023; `nationality` is numeric ISO 3166-1. */
export function permanentNumber(birthdate: string, sex: Sex, nationality: string, dice: Dice): string {
  const area = pick(dice, ['11', '31', '44', '32', '51']);
  return withCheck(`9${area}${nationality}${birthdate.replaceAll('-', '')}${sequence(sex, dice)}`);
}

function sequence(sex: Sex, dice: Dice): string {
  return pad(dice.int(500) * 2 + (sex === 'male' ? 1 : 0), 3);
}

function withCheck(body: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return body + '10X98765432'.charAt(weightedSum(body, weights, '0123456789') % 11);
}

/** A unified social credit code whose organisation code (GB 11714) and own check digit are valid. */
export function creditCode(dice: Dice = systemDice): string {
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  const organisation = digits(dice, 8);
  const rest = 11 - (weightedSum(organisation, [3, 7, 9, 10, 5, 8, 4, 2], '0123456789') % 11);
  const body = `91110105${organisation}${rest === 10 ? 'X' : rest === 11 ? '0' : String(rest)}`;
  const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
  return body + alphabet.charAt((31 - (weightedSum(body, weights, alphabet) % 31)) % 31);
}

function weightedSum(text: string, weights: readonly number[], alphabet: string): number {
  return weights.reduce((sum, weight, at) => sum + weight * alphabet.indexOf(text.charAt(at)), 0);
}

export type Zone = {
  /** `P`, `PO`, `C`, `CR`, `CT`. */
  code: string;
  issuer: string;
  nationality: string;
  number: string;
  /** ISO dates. */
  birthdate: string;
  expiresOn: string;
  sex: Sex;
  surname: string;
  given: string;
};

/** The two lines of 44 characters of a passport (ICAO 9303 part 4, section 4.2.2). */
export function passportZone(zone: Zone): [string, string] {
  const number = checked(fill(zone.number, 9));
  const birth = checked(short(zone.birthdate));
  const expiry = checked(short(zone.expiresOn));
  const optional = checked(fill('', 14));
  const lower = `${number}${zone.nationality}${birth}${letter(zone.sex)}${expiry}${optional}`;
  return [
    fill(fill(zone.code, 2) + zone.issuer + names(zone), 44),
    lower + checkDigit(number + birth + expiry + optional),
  ];
}

/** The three lines of 30 characters of a card (ICAO 9303 part 5, section 4.2.2). */
export function cardZone(zone: Zone): [string, string, string] {
  const { number } = zone;
  // A number of more than nine characters continues in the optional data, its check digit after it (note j).
  const printed =
    number.length > 9
      ? `${number.slice(0, 9)}<${number.slice(9)}${checkDigit(number)}`
      : checked(fill(number, 9));
  const upper = fill(fill(zone.code, 2) + zone.issuer + printed, 30);
  const birth = checked(short(zone.birthdate));
  const expiry = checked(short(zone.expiresOn));
  const optional = fill('', 11);
  const middle = `${birth}${letter(zone.sex)}${expiry}${zone.nationality}${optional}`;
  const composite = checkDigit(upper.slice(5) + birth + expiry + optional);
  return [upper, middle + composite, fill(names(zone), 30)];
}

const names = ({ surname, given }: Zone) => `${surname}<<${given}`.toUpperCase().replace(/[^A-Z<]+/g, '<');
const fill = (text: string, width: number) => text.slice(0, width).padEnd(width, '<');
const short = (day: string) => day.slice(2).replaceAll('-', '');
const letter = (sex: Sex) => (sex === 'male' ? 'M' : 'F');
const checked = (text: string) => text + checkDigit(text);

function checkDigit(text: string): string {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const values = [...text].map((character) => Math.max(0, alphabet.indexOf(character)));
  return String(values.reduce((sum, value, at) => sum + value * [7, 3, 1][at % 3]!, 0) % 10);
}
