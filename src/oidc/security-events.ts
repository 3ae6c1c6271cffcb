import { sign } from 'node:crypto';
import { promisify } from 'node:util';
import { readPrivateKey, type SigningKey } from './keys.ts';

const signInPool = promisify(sign);

/**
 * A security event token in compact form, explicitly typed (RFC 8417 section 2.3). RS256, which the CAEP
 * interoperability profile 1.0 (section 2.6) asks of every transmitter.
 */
export async function signSecurityEvent(keys: readonly SigningKey[], claims: object): Promise<string> {
  const key = keys.find(({ alg, state }) => alg === 'RS256' && state === 'active');
  if (!key) throw new Error('there is no active RS256 key');
  const header = { alg: key.alg, kid: key.id, typ: 'secevent+jwt' };
  const input = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = await signInPool('sha256', Buffer.from(input), readPrivateKey(key).privateKey);
  return `${input}.${signature.toString('base64url')}`;
}
