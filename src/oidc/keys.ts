import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
} from 'node:crypto';
import type { AuditActor, AuditLog } from '../audit/index.ts';
import { days, hours, type Clock, type Instant } from '../core/clock.ts';
import type { Machine } from '../core/machine.ts';

export type SigningAlgorithm = 'ES256' | 'RS256';
export const signingAlgorithms = ['ES256', 'RS256'] as const;

export type KeyState = 'next' | 'active' | 'retiring' | 'removed';

/** A key is published before it signs and after, so that no app ever meets a signature it cannot check. */
export const keyMachine = {
  initial: 'next',
  states: {
    next: { activate: 'active' },
    active: { retire: 'retiring' },
    retiring: { remove: 'removed' },
    removed: {},
  },
} as const satisfies Machine<KeyState, 'activate' | 'retire' | 'remove'>;

/** Apps may keep the published keys for an hour; a new one waits a day before it signs. */
export const publishBeforeUse: number = hours(24);
/** Longer than any signature lives: identity tokens an hour, access tokens ten minutes. */
export const publishAfterUse: number = days(7);

export type SigningKey = {
  /** The JWK thumbprint (RFC 7638), which is also its `kid`. */
  readonly id: string;
  readonly alg: SigningAlgorithm;
  readonly state: KeyState;
  readonly publicJwk: JsonWebKey;
  /** PKCS #8, DER. */
  readonly privateKey: Buffer;
  readonly createdAt: Instant;
  readonly stateSince: Instant;
};

export type SigningKeyStore = {
  /** Every key that is published, in the order active, next, retiring. */
  list(): Promise<SigningKey[]>;
  add(key: SigningKey): Promise<void>;
  /** Moves the key on if it is still in `from`. */
  move(id: string, from: KeyState, to: KeyState, now: Instant): Promise<boolean>;
  /** 32 random bytes that stay the same for the life of the installation; made on first use. */
  secret(id: 'pairwise'): Promise<Buffer>;
  /** Deletes the row; what was signed with it can no longer be checked. */
  remove(id: string): Promise<void>;
};

export type Rotation = {
  readonly alg: SigningAlgorithm;
  readonly action: 'created' | 'activated' | 'removed' | 'waiting';
  readonly id: string;
  /** When the next rotation can do something. */
  readonly dueAt?: Instant;
};

export type SigningKeys = {
  /** Makes the first keys of an installation, already active: nobody can know an older one. */
  ensure(): Promise<void>;
  list(): Promise<SigningKey[]>;
  /** Does what is due for every algorithm; meant to be run regularly. `force` does not wait for the overlap. */
  rotate(how?: { force?: boolean; by?: AuditActor }): Promise<Rotation[]>;
};

export type SigningKeyDependencies = {
  readonly transact: <T>(
    work: (stores: { readonly signingKeys: SigningKeyStore; readonly audit: AuditLog }) => Promise<T>,
  ) => Promise<T>;
  readonly store: SigningKeyStore;
  readonly clock: Clock;
};

export function createSigningKeys({ transact, store, clock }: SigningKeyDependencies): SigningKeys {
  return {
    ensure: () =>
      transact(async ({ signingKeys }) => {
        const present = await signingKeys.list();
        for (const alg of signingAlgorithms) {
          if (!present.some((key) => key.alg === alg && key.state === 'active')) {
            await signingKeys.add(generate(alg, 'active', clock.now()));
          }
        }
      }),
    list: () => store.list(),
    rotate: ({ force = false, by = 'system' } = {}) =>
      transact(async ({ signingKeys, audit }) => {
        const present = await signingKeys.list();
        const done: Rotation[] = [];
        for (const alg of signingAlgorithms) {
          done.push(
            ...(await rotateOne(
              signingKeys,
              present.filter((key) => key.alg === alg),
              alg,
              force,
            )),
          );
        }
        for (const { alg, action, id } of done) {
          if (action === 'waiting') continue;
          await audit.append({
            actor: by,
            action: 'signing_keys.rotated',
            target: id,
            details: { alg, action },
          });
        }
        return done;
      }),
  };

  async function rotateOne(
    keys: SigningKeyStore,
    present: readonly SigningKey[],
    alg: SigningAlgorithm,
    force: boolean,
  ): Promise<Rotation[]> {
    const now = clock.now();
    const done: Rotation[] = [];
    for (const { id, state, stateSince } of present) {
      if (state !== 'retiring' || now < stateSince + publishAfterUse) continue;
      await keys.remove(id);
      done.push({ alg, action: 'removed', id });
    }
    const next = present.find(({ state }) => state === 'next');
    if (!next) {
      const key = generate(alg, 'next', now);
      await keys.add(key);
      return [...done, { alg, action: 'created', id: key.id, dueAt: now + publishBeforeUse }];
    }
    const dueAt = next.stateSince + publishBeforeUse;
    if (now < dueAt && !force) return [...done, { alg, action: 'waiting', id: next.id, dueAt }];
    for (const active of present.filter(({ state }) => state === 'active')) {
      await keys.move(active.id, 'active', 'retiring', now);
    }
    await keys.move(next.id, 'next', 'active', now);
    return [...done, { alg, action: 'activated', id: next.id, dueAt: now + publishAfterUse }];
  }
}

function generate(alg: SigningAlgorithm, state: KeyState, now: Instant): SigningKey {
  const { privateKey, publicKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicJwk = publicKey.export({ format: 'jwk' });
  return {
    id: thumbprint(publicJwk),
    alg,
    state,
    publicJwk,
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }),
    createdAt: now,
    stateSince: now,
  };
}

/** RFC 7638: SHA-256 of the required members in lexicographic order. */
function thumbprint(jwk: JsonWebKey): string {
  const { crv, e, kty, n, x, y } = jwk;
  const members = kty === 'EC' ? { crv, kty, x, y } : { e, kty, n };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

export function readPrivateKey(key: SigningKey) {
  const privateKey = createPrivateKey({ key: key.privateKey, format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}
