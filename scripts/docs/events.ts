import { z } from 'zod';
import { eventCatalogue, eventRetention } from '../../src/events/catalogue.ts';
import { days } from '../../src/core/clock.ts';
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
  return `${heading('Events', '`src/events/catalogue.ts`', intro)}\n${table(['event', 'carries', 'personal'], rows)}`;
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
