import { failed, ok, type Failed, type Ok } from '../core/result.ts';

/** Length in characters. NIST SP 800-63B-4: long, no composition rules, common ones refused. */
export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 128;

export type PasswordProblem = 'empty' | 'too_short' | 'too_long' | 'too_common' | 'contains_phone';

/** Computes and checks argon2id hashes away from the main thread; `busy` when its queue is full. */
export type PasswordHasher = {
  hash(password: string): Promise<Ok<{ hash: string }> | Failed<'busy'>>;
  verify(hash: string, password: string): Promise<Ok<{ matches: boolean }> | Failed<'busy'>>;
  close(): Promise<void>;
};

/** Judges a new password. Characters of every script count; the Unicode form is normalised (RFC 8265). */
export function checkNewPassword(password: string, phone: string): Ok<object> | Failed<PasswordProblem> {
  const text = normalisePassword(password);
  const length = [...text].length;
  if (length === 0) return failed('empty');
  if (length < PASSWORD_MIN) return failed('too_short');
  if (length > PASSWORD_MAX) return failed('too_long');
  if (containsPhone(text, phone)) return failed('contains_phone');
  return isPredictable(text) ? failed('too_common') : ok();
}

export function normalisePassword(password: string): string {
  return password.normalize('NFC');
}

const words = [
  'password', 'passw0rd', 'iloveyou', 'woaini', 'qwerty', 'asdfgh', 'zxcvbn', '1q2w3e', 'letmein', 'welcome',
  'admin', 'monkey', 'dragon', 'football', 'shiming', '5201314', '1314520', 'abc', '123', '888', '666', '520',
]; // prettier-ignore

/** Little is left once repeated characters, runs of the keyboard or alphabet and the commonest words are taken out. */
function isPredictable(text: string): boolean {
  let rest = text.toLowerCase();
  for (const word of words) rest = rest.replaceAll(word, '');
  const surprising = [...rest].filter((character, at, all) => {
    const step = (character.codePointAt(0) ?? 0) - (all[at - 1]?.codePointAt(0) ?? -1000);
    return Math.abs(step) > 1;
  });
  return new Set(surprising).size < 4;
}

function containsPhone(text: string, phone: string): boolean {
  const digits = text.replace(/\D/g, '');
  return digits.includes(phone.replace(/^\+(86)?/, ''));
}
