import { z } from 'zod';
import { days } from '../core/clock.ts';

const statusChange = { from: z.string(), to: z.string(), reasons: z.array(z.string()) };

/**
 * Every event the program can record: type → what it carries, and whether any of it is personal. No event carries
 * personal data: identifiers of rows, codes and instants only. docs/events.md is printed from this.
 */
export const eventCatalogue = {
  'account.registered': { personal: false, payload: z.strictObject({}) },
  'account.signed_in': { personal: false, payload: z.strictObject({ amr: z.array(z.string()) }) },
  'account.credential_changed': {
    personal: false,
    payload: z.strictObject({
      credential: z.enum(['password']),
      change: z.enum(['set', 'changed', 'removed']),
    }),
  },
  'account.role_changed': {
    personal: false,
    payload: z.strictObject({ roles: z.array(z.enum(['candidate', 'recruiter'])) }),
  },
  'account.disabled': { personal: false, payload: z.strictObject({ reason: z.string() }) },
  'account.enabled': { personal: false, payload: z.strictObject({}) },
  /** The account and everything about it is gone for good. Appended before its consents go. */
  'account.purged': { personal: false, payload: z.strictObject({}) },
  'account.identifier_changed': {
    personal: false,
    payload: z.strictObject({ identifier: z.enum(['phone']) }),
  },
  /** The identifier belongs to somebody else now; the subject is who had it before. */
  'account.identifier_recycled': {
    personal: false,
    payload: z.strictObject({ identifier: z.enum(['phone']) }),
  },
  'account.sessions_revoked': {
    personal: false,
    payload: z.strictObject({ by: z.enum(['user', 'admin', 'policy', 'system']) }),
  },
  'consent.granted': {
    personal: false,
    payload: z.strictObject({ clientId: z.string(), scopes: z.array(z.string()) }),
  },
  'consent.withdrawn': { personal: false, payload: z.strictObject({ clientId: z.string() }) },
  'receipt.recorded': {
    personal: false,
    payload: z.strictObject({ purpose: z.string(), granted: z.boolean() }),
  },
  'case.advanced': {
    personal: false,
    payload: z.strictObject({ caseId: z.string(), from: z.string(), to: z.string(), event: z.string() }),
  },
  'person.verified': { personal: false, payload: z.strictObject({ caseId: z.string(), level: z.string() }) },
  'person.revoked': { personal: false, payload: z.strictObject({ reason: z.string() }) },
  'person.level_changed': { personal: false, payload: z.strictObject({ from: z.string(), to: z.string() }) },
  /** An optional use of a person's data was switched: for one app, or for every app without `clientId`. */
  'purpose.switched': {
    personal: false,
    payload: z.strictObject({
      purpose: z.string(),
      granted: z.boolean(),
      clientId: z.string().optional(),
    }),
  },
  'signals.stream_disabled': {
    personal: false,
    payload: z.strictObject({ clientId: z.string(), reason: z.string() }),
  },
  'company.status_changed': {
    personal: false,
    payload: z.strictObject({ companyId: z.string(), from: z.string(), to: z.string() }),
  },
  'membership.status_changed': {
    personal: false,
    payload: z.strictObject({
      membershipId: z.string(),
      companyId: z.string(),
      from: z.string(),
      to: z.string(),
    }),
  },
  'recruiter.status_changed': {
    personal: false,
    payload: z.strictObject({
      ...statusChange,
      /** False: only what is said about single companies changed. */
      overall: z.boolean().optional(),
      /** The same for each of their companies about which it changed. */
      companies: z.array(z.strictObject({ companyId: z.string(), ...statusChange })).optional(),
    }),
  },
} as const;

export type EventType = keyof typeof eventCatalogue;

export type AppEvent = {
  [T in EventType]: {
    readonly type: T;
    /** The account, company or stream the event is about. */
    readonly subject: string;
    readonly payload: z.input<(typeof eventCatalogue)[T]['payload']>;
  };
}[EventType];

/** How long events are kept, in milliseconds: three years, the longest period that rules.md section 3 asks of a log. */
export const eventRetention: number = days(3 * 366);
