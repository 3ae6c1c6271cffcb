import { callingCode } from '../../accounts/index.ts';
import type { Context } from '../context.ts';
import { fieldsOf } from '../guard.ts';

/** What was entered into the partial `phone-field`. */
export function numberForm(ctx: Context): { phone: string; country: string } {
  const { phone = '', country = '' } = fieldsOf(ctx);
  return { phone, country };
}

/** The countries of the partial `phone-field`, named in the language of the page. */
export function describeCountries(countries: readonly string[], lang: string) {
  const names = new Intl.DisplayNames(lang, { type: 'region' });
  return countries.map((country) => ({
    country,
    calling: callingCode(country),
    name: names.of(country) ?? country,
  }));
}
