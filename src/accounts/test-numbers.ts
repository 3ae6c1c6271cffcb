import { days, type Clock } from '../core/clock.ts';
import type { PhoneNumber } from './phone.ts';

/** Numbers whose code is fixed and to which nothing is ever sent; for test suites of relying apps. */
export type TestNumbers = {
  /** The fixed code of a number, while its entry lasts. */
  codeOf(phone: PhoneNumber): string | undefined;
};

/**
 * Reads entries such as `+8613800000000=123456@2026-12-31`; the day is the last one, in UTC. Production has none:
 * this is a second lock behind the one in the configuration.
 */
export function createTestNumbers(
  entries: readonly string[],
  { mode, clock }: { readonly mode: 'development' | 'production'; readonly clock: Clock },
): TestNumbers {
  if (mode === 'production' && entries.length > 0) throw new Error('test numbers do not exist in production');
  const table = new Map(
    entries.map((entry) => {
      const [phone = '', code = '', day = ''] = entry.split(/[=@]/);
      return [phone, { code, until: Date.parse(`${day}T00:00:00Z`) + days(1) }];
    }),
  );
  return {
    codeOf(phone) {
      const found = table.get(phone);
      return found && clock.now() < found.until ? found.code : undefined;
    },
  };
}
