import {
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberWithError,
  ParseError,
  type CountryCode,
} from 'libphonenumber-js/mobile';
import { failed, ok, type Failed, type Ok } from '../core/result.ts';

declare const brand: unique symbol;

/** A mobile number in E.164, such as `+8613812345678`; only {@link parsePhone} makes one from what was typed. */
export type PhoneNumber = string & { readonly [brand]: 'phone' };

export type PhoneProblem = 'empty' | 'malformed' | 'not_mobile' | 'country_not_supported';

export type ParsedPhone = Ok<{ phone: PhoneNumber; country: string }> | Failed<PhoneProblem>;

/** rules.md section 1: mainland numbers must match this before the library's metadata is asked. */
const mainland = /^\+861[3-9]\d{9}$/;

/**
 * Reads a number as people type it (spaces, dashes, full-width digits, `0086`, `+86`) and normalises it to E.164.
 * `country` is the one selected beside the field; a number written with its own country code overrides it.
 * `countries` are ISO 3166 codes, the first one the default.
 */
export function parsePhone(typed: string, countries: readonly string[], country?: string): ParsedPhone {
  const text = typed.normalize('NFKC').trim();
  if (text === '') return failed('empty');
  if (text.length > 40) return failed('malformed');
  const preset = country !== undefined && countries.includes(country) ? country : countries[0];
  try {
    const number = parsePhoneNumberWithError(text, {
      ...(preset !== undefined && isSupportedCountry(preset) ? { defaultCountry: preset } : {}),
      extract: false,
    });
    if (number.ext !== undefined) return failed('malformed');
    if (!isCountryAllowed(number.country, number.countryCallingCode, countries)) {
      return failed('country_not_supported');
    }
    if (number.countryCallingCode === '86' && !mainland.test(number.number)) return failed('not_mobile');
    if (number.country === undefined || !number.isValid()) return failed('not_mobile');
    return ok({ phone: number.number as PhoneNumber, country: number.country });
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return failed(error.message === 'INVALID_COUNTRY' ? 'country_not_supported' : 'malformed');
  }
}

/** `138 1234 5678` for mainland numbers, `+852 5123 4567` for all others. */
export function formatPhone(phone: PhoneNumber): string {
  const number = parsePhoneNumberWithError(phone);
  return number.countryCallingCode === '86' ? number.formatNational() : number.formatInternational();
}

/** `138 **** 5678`; of a number from elsewhere the calling code and the last three digits. */
export function maskPhone(phone: PhoneNumber): string {
  const { countryCallingCode, nationalNumber } = parsePhoneNumberWithError(phone);
  if (countryCallingCode === '86') return `${nationalNumber.slice(0, 3)} **** ${nationalNumber.slice(-4)}`;
  return `+${countryCallingCode} ${'*'.repeat(nationalNumber.length - 3)} ${nationalNumber.slice(-3)}`;
}

/** The ISO 3166 code of the number's country. */
export function countryOf(phone: PhoneNumber): string {
  return parsePhoneNumberWithError(phone).country ?? '';
}

/** The number without its last four digits: ten thousand neighbours share it. */
export function numberPrefix(phone: PhoneNumber): string {
  return phone.slice(0, -4);
}

/** `86` for `CN`; for the list beside the phone field. */
export function callingCode(country: string): string {
  return isSupportedCountry(country) ? getCountryCallingCode(country) : '';
}

/** A wrong number of an allowed calling code is a typing mistake, not a foreign number. */
function isCountryAllowed(
  country: CountryCode | undefined,
  code: string,
  countries: readonly string[],
): boolean {
  if (country !== undefined) return countries.includes(country);
  return countries.some((allowed) => callingCode(allowed) === code);
}
