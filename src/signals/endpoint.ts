import { isIP } from 'node:net';
import { isPublicAddress } from '../core/addresses.ts';

/** What of an address of a receiver is wrong, as a sentence for its developer; undefined when nothing is. */
export function endpointProblem(text: string, { production }: { production: boolean }): string | undefined {
  if (text.length > 2000) return 'must not be longer than 2000 characters';
  if (!URL.canParse(text)) return 'must be an absolute address such as https://app.example/signals';
  const { protocol, username, password, hash, hostname } = new URL(text);
  if (protocol !== 'https:' && (production || protocol !== 'http:')) return 'must be an https address';
  if (username !== '' || password !== '')
    return 'must not carry a name or a password; use authorization_header';
  if (hash !== '') return 'must not have a fragment';
  const host = hostname.replace(/^\[|\]$/g, '');
  if (
    production &&
    (isIP(host) ? !isPublicAddress(host) : !host.includes('.') || host.endsWith('.localhost'))
  )
    return 'must be reachable from the internet, not an address of a private network';
  return undefined;
}
