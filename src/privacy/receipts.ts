import type { Instant } from '../core/clock.ts';
import type { AccountId, ReceiptId } from '../core/ids.ts';

/**
 * Purposes that need a separate consent of their own (PIPL 23 and 29, Measures on face recognition). `authority`: name
 * and number, and the face where it was consented to, are compared with an official source.
 */
export const separatePurposes = ['id_images', 'face', 'authority'] as const;
export type SeparatePurpose = (typeof separatePurposes)[number];

/** The version of the wording a person agrees to; raise it with every change of meaning of a consent text. */
export const consentVersions: Readonly<Record<SeparatePurpose, string>> = {
  id_images: '2026-11.2',
  face: '2026-11.2',
  authority: '2026-11',
};

/** What somebody agreed to or withdrew, when, in which words. Never changed and never deleted on its own. */
export type Receipt = {
  readonly id: ReceiptId;
  readonly accountId: AccountId;
  readonly purpose: SeparatePurpose;
  readonly granted: boolean;
  readonly version: string;
  /** BCP 47 tag of the text that was shown. */
  readonly language: string;
  readonly occurredAt: Instant;
};

export type ReceiptStore = {
  record(receipt: Omit<Receipt, 'id' | 'occurredAt'>): Promise<Receipt>;
  /** Oldest first. */
  list(accountId: AccountId): Promise<Receipt[]>;
};
