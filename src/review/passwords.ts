import { failed, ok, type Result } from '../core/result.ts';
import type { Random } from '../core/random.ts';

/** NIST SP 800-63B-4: length matters, composition rules do not. */
export const staffPasswordLength = { min: 12, max: 128 } as const;

export type PasswordRefusal = 'too_short' | 'too_long' | 'too_simple' | 'contains_login' | 'unchanged';

const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Four groups of five letters and digits that cannot be mistaken for one another: 98 bits. */
export function createOneTimePassword(random: Random): string {
  const group = () => Array.from({ length: 5 }, () => letters.charAt(random.int(letters.length))).join('');
  return Array.from({ length: 4 }, group).join('-');
}

/** Judges a password that a member of staff chose. `isCurrent` tells whether it is the one in use. */
export function judgePassword(
  password: string,
  login: string,
  isCurrent: boolean,
): Result<object, PasswordRefusal> {
  if ([...password].length < staffPasswordLength.min) return failed('too_short');
  if ([...password].length > staffPasswordLength.max) return failed('too_long');
  if (new Set(password).size < 5) return failed('too_simple');
  if (login.length >= 4 && password.toLowerCase().includes(login.toLowerCase()))
    return failed('contains_login');
  if (isCurrent) return failed('unchanged');
  return ok();
}
