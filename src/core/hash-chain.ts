import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from './canonical-json.ts';

/** What the first link of a chain names as the hash before it. */
export const chainStart = '0'.repeat(64);

/** SHA-256, in hexadecimal, over the canonical JSON of a link; the link holds the hash of the one before it. */
export function linkHash(link: { readonly previous_hash: string; readonly [member: string]: Json }): string {
  return createHash('sha256').update(canonicalJson(link)).digest('hex');
}
