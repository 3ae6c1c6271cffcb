import type { PasswordHasher } from '../accounts/index.ts';
import { AppError } from '../core/errors.ts';

/** Password hashing as staff need it: there are few of them, so an overloaded thread is an outage, not an answer. */
export type StaffHasher = {
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
};

export function createStaffHasher(hasher: Pick<PasswordHasher, 'hash' | 'verify'>): StaffHasher {
  const busy = () => new AppError('unavailable', { retryAfter: 2 });
  return {
    async hash(password) {
      const result = await hasher.hash(password.normalize('NFC'));
      if (!result.ok) throw busy();
      return result.hash;
    },
    async verify(hash, password) {
      const result = await hasher.verify(hash, password.normalize('NFC'));
      if (!result.ok) throw busy();
      return result.matches;
    },
  };
}
