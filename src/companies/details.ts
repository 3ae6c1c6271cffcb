import type { Instant } from '../core/clock.ts';
import type { CompanyId } from '../core/ids.ts';
import type { CompanyStores } from './company-store.ts';

/** What is known of a company besides its code; each value with the time in which it held. Sealed: it may name people. */
export type DetailField =
  'name' | 'address' | 'legal_representative' | 'type' | 'licence_valid_until' | 'commercial_licence';

/** Who said so: the licence as it was read, an official register, or a member of staff. */
export type DetailSource = 'licence' | 'registry' | 'staff';

export type CompanyDetail = {
  readonly field: DetailField;
  readonly value: string;
  readonly source: DetailSource;
  readonly validFrom: Instant;
  /** Undefined: it still holds, without an end; an instant to come: until then. */
  readonly validUntil: Instant | undefined;
};

/** What holds of a field at an instant. */
export const inForce = (details: readonly CompanyDetail[], field: DetailField, at: Instant) =>
  details.findLast(
    (one) =>
      one.field === field && one.validFrom <= at && (one.validUntil === undefined || one.validUntil > at),
  );

/** Writes what somebody now says of a company; every difference from before goes on the company's record. */
export async function recordDetails(
  stores: CompanyStores,
  companyId: CompanyId,
  details: { readonly [field in DetailField]?: string },
  source: DetailSource,
  at: Instant,
  until?: Instant,
): Promise<void> {
  const known = new Set((await stores.companies.listDetails(companyId)).map(({ field }) => field));
  for (const [field, value] of Object.entries(details) as [DetailField, string][]) {
    const changed = await stores.companies.setDetail(companyId, { field, value, source, at, until });
    if (changed && known.has(field)) {
      const actor = source === 'staff' ? 'staff' : 'system';
      await stores.companyActivity.record({ companyId, action: 'detail_changed', actor, detail: field });
    }
  }
}
