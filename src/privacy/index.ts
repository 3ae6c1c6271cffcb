/**
 * What people agreed to. A receipt is written for every separate consent and every withdrawal, with the version and
 * the language of the words that were shown; receipts are only ever added. Data categories name what is kept.
 */
export {
  consentVersions,
  separatePurposes,
  type Receipt,
  type ReceiptStore,
  type SeparatePurpose,
} from './receipts.ts';
export type { DataCategory } from './categories.ts';
