import { afterAll, describe, expect, it } from 'vitest';
import { createPasswordHasher } from '../../src/accounts/index.ts';
import { checkNewPassword } from '../../src/accounts/password.ts';

const check = (password: string) => {
  const judged = checkNewPassword(password, '+8613812345678');
  return judged.ok ? 'ok' : judged.reason;
};

describe('a new password', () => {
  it.each([
    'correct horse battery',
    '春眠不觉晓，处处闻啼鸟',
    '𠮷野家のカレーが好き',
    'x9$Lq2!vRw',
    'Tr0ub4dor&3xy',
  ])('may be %j', (password) => expect(check(password)).toBe('ok'));
  it.each([
    ['', 'empty'],
    ['x9$Lq2!v', 'too_short'],
    ['𠮷'.repeat(9), 'too_short'],
    ['a'.repeat(129), 'too_long'],
    ['aaaaaaaaaaaa', 'too_common'],
    ['abcdefghijkl', 'too_common'],
    ['0987654321', 'too_common'],
    ['password123', 'too_common'],
    ['woaini5201314', 'too_common'],
    ['my 138 1234 5678', 'contains_phone'],
  ])('may not be %j: %s', (password, reason) => expect(check(password)).toBe(reason));
});

describe('the hasher', () => {
  const hasher = createPasswordHasher();
  afterAll(() => hasher.close());

  it('makes argon2id hashes of 19 MiB, two passes and one lane, each with its own salt', async () => {
    const [one, two] = await Promise.all([hasher.hash('同一个密码'), hasher.hash('同一个密码')]);
    if (!one.ok || !two.ok) return expect.unreachable();
    expect(one.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one.hash).not.toBe(two.hash);
    expect(await hasher.verify(one.hash, '同一个密码')).toMatchObject({ matches: true });
    expect(await hasher.verify(one.hash, '同一个密碼')).toMatchObject({ matches: false });
  });

  it('refuses at once when too many wait, and keeps serving the others', async () => {
    const small = createPasswordHasher(2);
    const answers = await Promise.all(Array.from({ length: 20 }, () => small.hash('some password')));
    expect(answers.filter(({ ok }) => ok).length).toBeLessThanOrEqual(3);
    expect(answers.find(({ ok }) => !ok)).toEqual({ ok: false, reason: 'busy' });
    await small.close();
  });
});
