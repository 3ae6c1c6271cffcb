import { createHash } from 'node:crypto';
import type { AccountId, CompanyId } from '../core/ids.ts';
import type { StoredEvent } from '../events/index.ts';
import { eventUri, mayKnow, signalFor, type SignalRow } from './mapping.ts';
import type { Permission, SignalStores } from './stores.ts';
import { holds, type NewDelivery, type Stream } from './stream.ts';

/** The same for the same event and stream, whenever it is computed: a replay repeats ids. */
export function deliveryId(eventId: string, streamId: string): string {
  return createHash('sha256').update(`${eventId}\0${streamId}`).digest('base64url');
}

type FanOutStores = Pick<SignalStores, 'streams' | 'deliveries' | 'receivers'>;

/**
 * Adds an event, within the transaction that appends it, to what each stream is owed that may hear of it. Who may is
 * decided here and now: the same transaction may end the consents it rests on.
 */
export async function fanOut(stores: FanOutStores, event: StoredEvent, issuer: string): Promise<void> {
  const row = signalFor(event.type);
  if (!row) return;
  const streams = (await stores.streams.list()).filter(holds);
  await stores.deliveries.enqueue(await deliveriesFor(stores, event, row, streams, issuer));
}

/** What `streams` are owed of an event: only those that ask for its type and whose app was given enough. */
export async function deliveriesFor(
  { receivers }: Pick<SignalStores, 'receivers'>,
  event: StoredEvent,
  row: SignalRow,
  streams: readonly Stream[],
  issuer: string,
): Promise<NewDelivery[]> {
  const uri = eventUri(row, issuer);
  const only = row.only?.(event.payload);
  const asking = streams.filter(
    ({ clientId, eventsRequested, method }) =>
      (only === undefined || clientId === only) &&
      (eventsRequested?.includes(method === 'webhook' ? event.type : uri) ?? true),
  );
  if (asking.length === 0) return [];
  const clients = [...new Set(asking.map(({ clientId }) => clientId))];
  const given: Map<string, Permission> =
    only !== undefined
      ? new Map([[only, { scopes: [], claims: [] }]])
      : row.about === 'company'
        ? await receivers.ofCompany(event.subject as CompanyId, clients)
        : await receivers.ofAccount(event.subject as AccountId, clients);
  return asking
    .filter(({ clientId }) => mayKnow(only === undefined ? row.needs : 'known', given.get(clientId)))
    .flatMap(({ id, clientId }) => {
      const payload = row.asSeen
        ? row.asSeen(event.payload, given.get(clientId)?.actsFor ?? [])
        : event.payload;
      if (!payload) return [];
      return {
        id: deliveryId(event.id, id),
        streamId: id,
        subject: event.subject as AccountId | CompanyId,
        eventId: event.id,
        type: event.type,
        payload,
        occurredAt: event.occurredAt,
      };
    });
}
