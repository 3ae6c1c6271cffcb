import type { DepositSender } from '../../companies/index.ts';
import type { Config } from '../../config.ts';
import { createFakeDeposits } from './fake.ts';

/** Who pays deposits; undefined where the configuration names nobody. */
export function createDepositSender({
  depositSender,
}: Pick<Config, 'depositSender'>): DepositSender | undefined {
  return depositSender === 'fake' ? createFakeDeposits() : undefined;
}
