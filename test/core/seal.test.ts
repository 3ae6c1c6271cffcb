import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemRandom } from '../../src/core/random.ts';
import {
  createBlindIndex,
  open,
  seal,
  SealError,
  unwrapKey,
  wrapKey,
  type KeyRing,
} from '../../src/core/seal.ts';

const key = systemRandom.bytes(32);
const place = { table: 'accounts', column: 'phone', row: 'acc_1' };
const ring = (...ids: string[]): KeyRing =>
  ids.map((id) => ({ id, key: Buffer.alloc(32, id.charCodeAt(0)) })) as unknown as KeyRing;

describe('sealing', () => {
  it('opens what was sealed, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const plain = Buffer.from(bytes);
        expect(open(key, place, seal(key, place, plain, systemRandom))).toEqual(plain);
      }),
    );
  });

  it('does not open a value that was altered in any byte', () => {
    const sealed = seal(key, place, '13800000000', systemRandom);
    for (let i = 0; i < sealed.length; i++) {
      const altered = Buffer.from(sealed);
      altered[i] = (altered[i] as number) ^ 1;
      expect(() => open(key, place, altered)).toThrow(SealError);
    }
  });

  it.each([
    ['table', { ...place, table: 'staff' }],
    ['column', { ...place, column: 'profile' }],
    ['row', { ...place, row: 'acc_2' }],
  ])('does not open a value that was moved to another %s', (_what, elsewhere) => {
    expect(() => open(key, elsewhere, seal(key, place, 'x', systemRandom))).toThrow(SealError);
  });

  it('does not confuse the boundaries between table, column and row', () => {
    const sealed = seal(key, { table: 'a', column: 'bc', row: 'd' }, 'x', systemRandom);
    expect(() => open(key, { table: 'ab', column: 'c', row: 'd' }, sealed)).toThrow(SealError);
  });

  it('does not repeat itself', () => {
    expect(seal(key, place, 'x', systemRandom)).not.toEqual(seal(key, place, 'x', systemRandom));
  });
});

describe('key wrapping', () => {
  it('wraps under the newest key and unwraps under any configured one', () => {
    const old = wrapKey(ring('a'), 'acc_1', key, systemRandom);
    expect(old.kek).toBe('a');
    expect(unwrapKey(ring('b', 'a'), 'acc_1', old)).toEqual(key);
    expect(wrapKey(ring('b', 'a'), 'acc_1', key, systemRandom).kek).toBe('b');
  });

  it('refuses a key of another subject and a key that is no longer configured', () => {
    const wrapped = wrapKey(ring('a'), 'acc_1', key, systemRandom);
    expect(() => unwrapKey(ring('a'), 'acc_2', wrapped)).toThrow(SealError);
    expect(() => unwrapKey(ring('b'), 'acc_1', wrapped)).toThrow(SealError);
  });
});

describe('the blind index', () => {
  it('finds a value stored under an older key, and keeps purposes apart', () => {
    const stored = createBlindIndex(ring('a')).of('phone', '+8613800000000');
    const now = createBlindIndex(ring('b', 'a'));
    expect(now.candidates('phone', '+8613800000000')).toContain(stored);
    expect(now.of('phone', '+8613800000000')).not.toBe(stored);
    expect(now.candidates('document', '+8613800000000')).not.toContain(stored);
    expect(stored).not.toContain('138');
  });
});
