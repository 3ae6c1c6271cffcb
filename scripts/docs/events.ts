import { z } from 'zod';
import { eventCatalogue, eventRetention } from '../../src/events/catalogue.ts';
import { days } from '../../src/core/clock.ts';
import { eventUri, signalTable, type SignalRow } from '../../src/signals/index.ts';
import { code, heading, table } from './markdown.ts';

type JsonSchema = {
  type?: string;
  enum?: readonly string[];
  items?: JsonSchema;
  anyOf?: readonly JsonSchema[];
  properties?: Readonly<Record<string, JsonSchema>>;
  required?: readonly string[];
};

/** docs/events.md, from the event catalogue. */
export function eventsDocument(): string {
  const intro = `What the program records, in the transaction that made it true. Every event has an id, a type, a subject (the account,
company or stream it is about) and an instant; it is kept for ${eventRetention / days(1)} days. No event carries personal data.`;
  const rows = Object.entries(eventCatalogue).map(([type, { personal, payload }]) => [
    code(type),
    members(z.toJSONSchema(payload, { io: 'input' }) as JsonSchema),
    personal ? 'yes' : 'no',
  ]);
  return [
    heading('Events', '`src/events/catalogue.ts` and `src/signals/mapping.ts`', intro),
    table(['event', 'carries', 'personal'], rows),
    '## Signals\n',
    `What of it relying apps are told ([how to receive](signals.md)), under which event type, and what the person must have given the
app. Our own event types stand under the issuer, here \`<issuer>\`. “Signed in”: any consent or grant that is in force.\n`,
    table(
      ['event', 'event type', 'subject', 'told to apps that have'],
      signalTable.map((row) => [code(row.event), code(eventUri(row, '<issuer>')), subject(row), need(row)]),
    ),
  ].join('\n');
}

function subject({ about }: SignalRow): string {
  return about === 'company' ? 'the credit code' : 'the person’s `sub` in this app';
}

function need({ needs, only, about }: SignalRow): string {
  if (only) return 'to do with it: the app it names; where it names none, those that signed the person in';
  if (needs === 'known') return 'signed the person in';
  const whose = about === 'company' ? ' of somebody who acts for the company' : '';
  return `the scope ${code(needs.scope)}${whose}, or one of the claims ${needs.claims.map(code).join(', ')} by name`;
}

function members({ properties = {}, required = [] }: JsonSchema): string {
  const named = Object.entries(properties).map(
    ([name, schema]) => `${code(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}`,
  );
  return named.join(', ') || '–';
}

function typeOf(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.map(code).join(' / ');
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  return schema.type ?? 'anything';
}
