import type { Membership, MembershipEvent, MembershipEvidence } from './company.ts';
import type { CompanyStores } from './company-store.ts';
import { administers, type Held } from './in-company.ts';

/** How somebody can show that they may act for a company that stands verified, strongest first. */
export const joinWays = [
  'administrator',
  'authorisation_letter',
  'micro_deposit',
  'company_email',
] as const satisfies readonly MembershipEvidence[];
export type JoinWay = (typeof joinWays)[number];

/** One way, wired; those that are not wired are not offered. */
export type WiredWay<S extends CompanyStores> = {
  /** Whether it can be gone at this company now. */
  readonly offered: (held: Held<S>) => boolean | Promise<boolean>;
  /** What choosing it does to a request at once; absent: nothing, the way's own pages do. */
  readonly event?: Extract<MembershipEvent, 'ask_admin'>;
};

/** The ways of this installation. A new one is wired here and leads to a page of its own, `/company/:id/ways/<way>`. */
export type Ways<S extends CompanyStores> = { readonly [way in JoinWay]?: WiredWay<S> };

/** An administrator can only be asked where there is one. */
export const askAdministrator: WiredWay<CompanyStores> = {
  offered: ({ members }) => members.some(administers),
  event: 'ask_admin',
};

/** States of a request in which a way can be chosen. */
export const isOpenRequest = ({ state }: Membership): boolean =>
  state === 'evidence_pending' || state === 'awaiting_admin';
