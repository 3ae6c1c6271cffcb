import { ageOn, toDay, type Day } from './calendar.ts';
import {
  compact,
  misplaced,
  type AgePolicy,
  type NumberFailure,
  type NumberReading,
  type NumberResult,
} from './reading.ts';

/** Who a number in the GB 11643 form was issued to. */
export type ResidentKind = 'citizen' | 'residence_permit' | 'permanent_resident';

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const checkCharacters = '10X98765432';

/** First two digits of GB/T 2260: provinces and their like. Districts are not checked, as historic codes stay valid. */
const provinces = new Set(
  (
    '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 ' +
    '50 51 52 53 54 61 62 63 64 65 71 81 82 83'
  ).split(' '),
);
const permitRegions = new Set(['810000', '820000', '830000']);

const digit = (character: string): boolean => character >= '0' && character <= '9';

/** The check character of GB 11643 (ISO 7064 MOD 11-2) for 17 digits. */
export function residentCheckCharacter(first17: string): string {
  const sum = weights.reduce<number>((total, weight, i) => total + weight * Number(first17[i]), 0);
  return checkCharacters.charAt(sum % 11);
}

/** The 18-character form of a 15-digit number issued before 1999-10-01: `19` inserted, check character appended. */
export function upgradeOldNumber(fifteen: string): string {
  const first17 = `${fifteen.slice(0, 6)}19${fifteen.slice(6)}`;
  return first17 + residentCheckCharacter(first17);
}

/**
 * Reads a number of the GB 11643 form for the kind of document it should stand on. Length first, then characters,
 * then the kind, region, date, check character and age, so that the message names the first thing to correct.
 */
export function readResidentNumber(
  text: string,
  kind: ResidentKind,
  today: Day,
  policy: AgePolicy,
): NumberResult {
  const number = compact(text);
  const failure = shapeFailure(number, kind);
  if (failure) return failure;
  const reading = kind === 'permanent_resident' ? readPermanentResident(number) : readRegion(number, kind);
  if (!reading.ok) return reading;
  if (residentCheckCharacter(number) !== number[17]) return { ok: false, reason: 'check_digit' };
  return ageFailure(reading.birthDate, today, policy) ?? reading;
}

/** Refuses implausible ages; the reason tells a slip of the pen (future, over 120) from a real minor. */
export function ageFailure(
  birthDate: Day | undefined,
  today: Day,
  policy: AgePolicy,
): NumberFailure | undefined {
  if (birthDate === undefined) return undefined;
  if (birthDate > today) return { ok: false, reason: 'birth_date_future' };
  const age = ageOn(today, birthDate);
  if (age > policy.maximumAge) return { ok: false, reason: 'too_old' };
  return age < policy.minimumAge ? { ok: false, reason: 'too_young' } : undefined;
}

function shapeFailure(number: string, kind: ResidentKind): NumberFailure | undefined {
  if (number === '') return { ok: false, reason: 'empty' };
  const isOldForm =
    kind === 'permanent_resident' ? /^[A-Z]{3}\d{12}$/.test(number) : isOldCitizenNumber(number);
  if (isOldForm) return { ok: false, reason: 'old_form' };
  const strange = misplaced(number, (c, i) => digit(c) || (i === 17 && c === 'X'));
  if (strange && number.length === 18) return strange;
  if (number.length !== 18) return { ok: false, reason: 'length', expected: 18, found: [...number].length };
  return kindOf(number) === kind ? undefined : { ok: false, reason: 'wrong_type' };
}

/** Which kind of document a well-formed number belongs to: the first digit 9 and three regions are set apart. */
function kindOf(number: string): ResidentKind {
  if (number.startsWith('9')) return 'permanent_resident';
  return permitRegions.has(number.slice(0, 6)) ? 'residence_permit' : 'citizen';
}

/** True for a 15-digit number that is well formed; it can be parsed but is never verified. */
function isOldCitizenNumber(number: string): boolean {
  if (!/^\d{15}$/.test(number)) return false;
  return (
    provinces.has(number.slice(0, 2)) &&
    toDay(`19${number.slice(6, 8)}`, number.slice(8, 10), number.slice(10, 12)) !== undefined
  );
}

function readRegion(number: string, kind: ResidentKind): NumberResult {
  const region = number.slice(0, 6);
  if (kind === 'citizen' && !provinces.has(region.slice(0, 2))) return { ok: false, reason: 'region' };
  return withBirth(number, { number, region });
}

function readPermanentResident(number: string): NumberResult {
  return withBirth(number, { number, nationality: number.slice(3, 6) });
}

function withBirth(number: string, reading: NumberReading): NumberResult {
  const birthDate = toDay(number.slice(6, 10), number.slice(10, 12), number.slice(12, 14));
  if (!birthDate) return { ok: false, reason: 'birth_date' };
  const sex = Number(number[16]) % 2 === 1 ? 'male' : 'female';
  return { ok: true, ...reading, birthDate, sex };
}
