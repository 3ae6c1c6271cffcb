import type { AccountId } from '../core/ids.ts';
import { consentVersions, type Receipt, type SeparatePurpose } from '../privacy/index.ts';
import type { VerificationStores } from './stores.ts';

/** A separate consent or its refusal, as it was answered. */
export type ConsentAnswer = {
  readonly purpose: SeparatePurpose;
  readonly granted: boolean;
  /** BCP 47 tag of the text that was shown. */
  readonly language: string;
  /** Of the wording; the one in force where absent. */
  readonly version?: string;
};

/** Writes the receipt and its event, within the caller's transaction. */
export async function recordConsent(
  stores: Pick<VerificationStores, 'receipts' | 'events'>,
  accountId: AccountId,
  { purpose, granted, language, version = consentVersions[purpose] }: ConsentAnswer,
): Promise<Receipt> {
  const receipt = await stores.receipts.record({ accountId, purpose, granted, version, language });
  await stores.events.append({ type: 'receipt.recorded', subject: accountId, payload: { purpose, granted } });
  return receipt;
}
