import { sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { ExternalSigningKey } from 'oidc-provider';
import { readPrivateKey, type SigningKey } from './keys.ts';

const signInPool = promisify(sign) as (alg: string, data: Uint8Array, key: KeyObject) => Promise<Buffer>;

/**
 * The keys as oidc-provider uses them, the active ones first because it takes the first that fits. ES256 is signed on
 * the spot (31 µs, less than a trip to another thread); RS256 (360 µs) in the thread pool.
 */
export function toExternalKeys(keys: readonly SigningKey[]): ExternalSigningKey[] {
  const order = ['active', 'next', 'retiring', 'removed'];
  return [...keys]
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
    .map((key) => new StoredKey(key));
}

class StoredKey extends ExternalSigningKey {
  readonly #key: SigningKey;
  readonly #private: KeyObject;
  readonly #public: KeyObject;

  constructor(key: SigningKey) {
    super();
    const { privateKey, publicKey } = readPrivateKey(key);
    this.#key = key;
    this.#private = privateKey;
    this.#public = publicKey;
    Object.assign(this, { kid: key.id, alg: key.alg });
  }

  override keyObject(): KeyObject {
    return this.#public;
  }

  override sign(data: Uint8Array): Uint8Array | Promise<Uint8Array> {
    if (this.#key.alg === 'RS256') return signInPool('sha256', data, this.#private);
    return sign('sha256', data, { key: this.#private, dsaEncoding: 'ieee-p1363' });
  }
}
