import { createHash, createHmac } from 'node:crypto';
import type { Instant } from '../core/clock.ts';
import type { AccountId, CompanyId } from '../core/ids.ts';
import type { AppEvent } from '../events/index.ts';
import { eventUri, signalFor, streamEvents } from './mapping.ts';
import type { Delivery, Stream } from './stream.ts';

export type SignalIdentities = {
  /** The `sub` of the account in identity tokens for this app; undefined when the app is gone. */
  subjectFor(accountId: AccountId, clientId: string): Promise<string | undefined>;
  companyCode(companyId: CompanyId): Promise<string | undefined>;
};

/** RFC 9493. */
export type SubjectIdentifier =
  | { readonly format: 'iss_sub'; readonly iss: string; readonly sub: string }
  | { readonly format: 'opaque'; readonly id: string };

type Members = Readonly<Record<string, unknown>>;

/** Whom a delivery is about, as its receiver knows them: nobody else's app can match the person. */
export async function subjectOf(
  { type, subject, streamId }: Delivery,
  { clientId }: Pick<Stream, 'clientId'>,
  { subjectFor, companyCode }: SignalIdentities,
  issuer: string,
): Promise<SubjectIdentifier | undefined> {
  const row = signalFor(type);
  if (!row) return { format: 'opaque', id: streamId };
  if (row.about === 'company') {
    const code = await companyCode(subject as CompanyId);
    return code === undefined ? undefined : { format: 'opaque', id: code };
  }
  const sub = await subjectFor(subject as AccountId, clientId);
  return sub === undefined ? undefined : { format: 'iss_sub', iss: issuer, sub };
}

/** How a stream stores that it does not want to hear of a subject. */
export function subjectKey(subject: SubjectIdentifier): string {
  return subject.format === 'iss_sub' ? `sub:${subject.sub}` : `id:${subject.id}`;
}

/**
 * The claims of a security event token (RFC 8417, SSF 1.0 section 4.1). They depend on the delivery alone, so what is sent
 * again is the same. `txn` tells events of one stream apart and links no two apps.
 */
export function tokenClaims(
  delivery: Delivery,
  clientId: string,
  subject: SubjectIdentifier,
  issuer: string,
): Members {
  const { id, type, eventId, occurredAt, createdAt } = delivery;
  const row = signalFor(type);
  const uri = row ? eventUri(row, issuer) : streamEvents[type as keyof typeof streamEvents];
  // RISC 1.0 gives its events no instant of their own; `toe` (RFC 8417 section 2.2) says it for all.
  const at = row && row.family !== 'risc' ? { event_timestamp: toSeconds(occurredAt) } : {};
  return {
    iss: issuer,
    aud: clientId,
    jti: id,
    iat: toSeconds(createdAt),
    toe: toSeconds(occurredAt),
    txn: createHash('sha256').update(`${eventId}\0${clientId}`).digest('base64url'),
    sub_id: subject,
    events: { [uri]: { ...membersOf(delivery), ...at } },
  };
}

/** The body of a webhook: who and what, under the type of the catalogue. */
export function webhookBody(delivery: Delivery, subject: SubjectIdentifier): string {
  const about = signalFor(delivery.type)?.about;
  const who =
    subject.format === 'iss_sub'
      ? { sub: subject.sub }
      : about === 'company'
        ? { company_code: subject.id }
        : { stream_id: subject.id };
  return JSON.stringify({
    type: delivery.type,
    timestamp: new Date(delivery.occurredAt).toISOString(),
    data: { ...who, ...membersOf(delivery) },
  });
}

/** Standard Webhooks: the id, the instant in seconds and the body under HMAC-SHA256; `secret` is `whsec_` and base64. */
export function webhookHeaders(
  id: string,
  at: Instant,
  body: string,
  secret: string,
): Record<string, string> {
  const timestamp = String(toSeconds(at));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}

function membersOf({ type, payload }: Delivery): Members {
  const row = signalFor(type);
  return row ? row.claims(payload as AppEvent['payload']) : payload;
}

function toSeconds(at: Instant): number {
  return Math.floor(at / 1000);
}
