import { failed, ok } from '../../core/result.ts';
import type { DepositSender } from '../../companies/index.ts';

/**
 * Pays nothing. The account number says what happens: its last two digits are the amount in hundredths of a yuan (`00`:
 * the amount that was asked for); an account of `000…` is refused, one of `001…` cannot be reached. For development and
 * test suites; refused in production.
 */
export function createFakeDeposits(): DepositSender {
  return {
    async send({ accountNumber, amount }) {
      if (accountNumber.startsWith('000')) return failed('refused');
      if (accountNumber.startsWith('001')) return failed('unavailable');
      return ok({ amount: Number(accountNumber.slice(-2)) || amount });
    },
  };
}
