import { describe, expect, it } from 'vitest';
import type { AccountId } from '../../src/core/ids.ts';
import type { ArtifactStorage, ArtifactWrites } from '../../src/oidc/index.ts';
import { bindDatabase } from '../../src/storage/database.ts';
import { openHotPath } from '../../src/storage/artifacts/index.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';

const account = 'acc_1' as AccountId;
const HOUR = 3600;

describeDatabases('artifacts', (open) => {
  const start = async () => {
    const database = await open();
    return { database, storage: openHotPath(database).artifacts };
  };
  const write = async (storage: ArtifactStorage, work: (writes: ArtifactWrites) => void) => {
    const writes = storage.begin();
    work(writes);
    return writes.commit();
  };
  const token = (grantId: string, scope = 'openid') => ({
    accountId: account,
    clientId: 'app',
    grantId,
    scope,
    kind: 'x',
  });
  const count = async ({ connection }: TestDatabase) =>
    Number((await connection.knex('artifacts').count({ n: '*' }).first<{ n: number }>())?.n);

  it('are found by their id after the commit and not before it', async () => {
    const { storage } = await start();
    const writes = storage.begin();
    writes.upsert('AccessToken', 'id', token('g'), HOUR);
    expect(await storage.reads().find('AccessToken', 'id')).toBeUndefined();
    expect(await writes.commit()).toBe('committed');
    expect(await storage.reads().find('AccessToken', 'id')).toEqual({ ...token('g'), jti: 'id' });
    expect(await storage.reads().find('RefreshToken', 'id')).toBeUndefined();
  });

  it('are seen by another process', async () => {
    const { database, storage } = await start();
    await write(storage, (writes) =>
      writes.upsert('Grant', 'g', { accountId: account, clientId: 'app' }, HOUR),
    );
    const other = openHotPath(await open({ same: database })).artifacts;
    expect(await other.reads().find('Grant', 'g')).toMatchObject({ clientId: 'app' });
  });

  it('are replaced by a second write, the last one of a request counting', async () => {
    const { storage, database } = await start();
    await write(storage, (writes) => {
      writes.upsert('Session', 's', { uid: 'u', accountId: account, n: 1 }, HOUR);
      writes.upsert('Session', 's', { uid: 'u', accountId: account, n: 2 }, HOUR);
    });
    expect(await storage.reads().find('Session', 's')).toMatchObject({ n: 2, jti: 's' });
    await write(storage, (writes) => {
      writes.destroy('Session', 's');
      writes.upsert('Session', 's2', { uid: 'u', accountId: account, n: 3 }, HOUR);
    });
    expect(await storage.reads().find('Session', 's')).toBeUndefined();
    const byUid = await storage.reads().findByUid('u');
    expect(byUid).toMatchObject({ n: 3 });
    expect(byUid).not.toHaveProperty('jti');
    expect(await count(database)).toBe(1);
  });

  it('are used up once, by whoever commits first; the others store nothing', async () => {
    const { storage, database } = await start();
    const second = openHotPath(await open({ same: database })).artifacts;
    await write(storage, (writes) => writes.upsert('AuthorizationCode', 'code', token('g'), 60));
    const attempt = (by: ArtifactStorage, n: number) =>
      write(by, (writes) => {
        writes.consume('AuthorizationCode', 'code', database.clock.now());
        writes.upsert('AccessToken', `token-${n}`, token('g'), HOUR);
        writes.destroy('AuthorizationCode', 'unrelated');
      });
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, n) => attempt(n % 2 ? storage : second, n)),
    );
    expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1);
    expect(await count(database)).toBe(2);
    expect(await storage.reads().find('AuthorizationCode', 'code')).toMatchObject({
      consumed: expect.any(Number) as number,
    });
    expect(await storage.reads().find('AccessToken', `token-${outcomes.indexOf('committed')}`)).toBeDefined();
  });

  it('that may be stored once refuse a second time', async () => {
    const { storage } = await start();
    const seen = () =>
      write(storage, (writes) => writes.upsert('ReplayDetection', 'jti', { iss: 'app' }, 60));
    expect([await seen(), await seen()]).toEqual(['committed', 'conflict']);
    const raced = await Promise.all(
      [1, 2, 3].map(() =>
        write(storage, (writes) => writes.upsert('ReplayDetection', 'other', { iss: 'app' }, 60)),
      ),
    );
    expect(raced.sort()).toEqual(['committed', 'conflict', 'conflict']);
  });

  it('of many requests in one turn are all stored, and a failed one takes none of its neighbours along', async () => {
    const { storage, database } = await start();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        write(storage, (writes) => {
          if (n === 7) writes.consume('AuthorizationCode', 'missing', 1);
          writes.upsert('AccessToken', `t${n}`, token(`g${n}`), HOUR);
        }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'conflict')).toHaveLength(1);
    expect(await count(database)).toBe(19);
  });

  it('of a grant go together, in the order of the requests', async () => {
    const { storage, database } = await start();
    await Promise.all([
      write(storage, (writes) => writes.upsert('AccessToken', 'a', token('g'), HOUR)),
      write(storage, (writes) => writes.upsert('RefreshToken', 'b', token('g'), HOUR)),
      write(storage, (writes) => writes.upsert('AccessToken', 'c', token('other'), HOUR)),
      write(storage, (writes) => writes.revokeByGrantId('g')),
    ]);
    expect(await count(database)).toBe(1);
    expect(await storage.reads().find('AccessToken', 'c')).toBeDefined();
  });

  it('with parameters of a request are unreadable for who has the database, their id included', async () => {
    const { storage, database } = await start();
    const payload = { params: { login_hint: '+8613812345678' }, kind: 'Interaction' };
    await write(storage, (writes) => writes.upsert('Interaction', 'uid-1', payload, HOUR));
    expect(await storage.reads().find('Interaction', 'uid-1')).toEqual({ ...payload, jti: 'uid-1' });
    const rows = await database.connection.knex<{ payload: string }>('artifacts').select('payload');
    expect(rows.map((row) => row.payload).join()).not.toContain('login_hint');
    // The uid of an interaction is stored elsewhere, too; without the keys of the installation it opens nothing.
    const { dependencies } = database;
    const indexKeys = [{ id: 'index', key: dependencies.random.bytes(32) }] as const;
    const thief = bindDatabase(database.connection, { ...dependencies, indexKeys });
    await expect(openHotPath(thief).artifacts.reads().find('Interaction', 'uid-1')).rejects.toThrow();
  });

  it('with parameters of a request outlive a new index key', async () => {
    const { storage, database } = await start();
    const payload = { params: {}, kind: 'Interaction' };
    await write(storage, (writes) => writes.upsert('Interaction', 'uid-2', payload, HOUR));
    const { dependencies } = database;
    const rotated = bindDatabase(database.connection, {
      ...dependencies,
      indexKeys: [{ id: 'newer', key: dependencies.random.bytes(32) }, ...dependencies.indexKeys],
    });
    expect(await openHotPath(rotated).artifacts.reads().find('Interaction', 'uid-2')).toMatchObject(payload);
  });

  describe('as consequences of something else', () => {
    const prepare = async () => {
      const { database, storage } = await start();
      await write(storage, (writes) => {
        writes.upsert('Session', 's', { uid: 'u', accountId: account }, HOUR);
        for (const client of ['app', 'shop']) {
          writes.upsert('Grant', client, { accountId: account, clientId: client }, HOUR);
          writes.upsert('AccessToken', `${client}-plain`, token(client, 'openid'), HOUR);
          writes.upsert('AccessToken', `${client}-company`, token(client, 'openid company'), HOUR);
          writes.upsert('RefreshToken', `${client}-refresh`, token(client, 'openid company'), HOUR);
        }
        writes.upsert('Grant', 'stranger', { accountId: 'acc_2', clientId: 'app' }, HOUR);
        writes.upsert('AccessToken', 'stranger', token('stranger', 'openid company'), HOUR);
      });
      return { database, storage };
    };

    it('access tokens with a lost scope die and nothing else does', async () => {
      const { database, storage } = await prepare();
      const killed = await database.transact(({ artifacts }) =>
        artifacts.killAccessTokens(account, (scope) => scope !== 'company'),
      );
      expect(killed).toBe(2);
      expect(await storage.reads().find('AccessToken', 'app-company')).toBeUndefined();
      expect(await storage.reads().find('AccessToken', 'app-plain')).toBeDefined();
      expect(await storage.reads().find('RefreshToken', 'app-refresh')).toBeDefined();
      expect(await storage.reads().find('AccessToken', 'stranger')).toBeDefined();
    });

    it('access tokens are judged by the company of their grant', async () => {
      const { database, storage } = await start();
      await write(storage, (writes) => {
        for (const company of ['com_a', 'com_b', undefined]) {
          const id = company ?? 'none';
          const grant = { accountId: account, clientId: 'app', ...(company ? { company } : {}) };
          writes.upsert('Grant', id, grant, HOUR);
          writes.upsert('AccessToken', `${id}-plain`, token(id, 'openid'), HOUR);
          writes.upsert('AccessToken', `${id}-company`, token(id, 'openid company'), HOUR);
        }
      });
      const asked: unknown[] = [];
      const killed = await database.transact(({ artifacts }) =>
        artifacts.killAccessTokens(account, (scope, companyId) => {
          asked.push(companyId);
          return scope !== 'company' || companyId !== 'com_a';
        }),
      );
      expect(killed).toBe(1);
      expect(new Set(asked)).toEqual(new Set(['com_a', 'com_b', undefined]));
      expect(await storage.reads().find('AccessToken', 'com_a-company')).toBeUndefined();
      for (const id of ['com_a-plain', 'com_b-company', 'none-company'])
        expect(await storage.reads().find('AccessToken', id), id).toBeDefined();
      expect(
        (await database.stores.artifacts.companiesActedFor(account)).map(({ companyId }) => companyId).sort(),
      ).toEqual(['com_a', 'com_b']);
    });

    it('an app loses its grant and tokens, the other app does not', async () => {
      const { database, storage } = await prepare();
      expect(await database.transact(({ artifacts }) => artifacts.revokeClient(account, 'shop'))).toBe(4);
      expect(await storage.reads().find('RefreshToken', 'shop-refresh')).toBeUndefined();
      expect(await storage.reads().find('Grant', 'app')).toBeDefined();
      expect(await count(database)).toBe(7);
    });

    it('an account loses everything, sessions too', async () => {
      const { database } = await prepare();
      await database.transact(({ artifacts }) => artifacts.revokeAccount(account));
      expect(await count(database)).toBe(2);
    });

    it('an account keeps one session with what apps got in it, and loses sign-ins on their way', async () => {
      const { database, storage } = await prepare();
      await write(storage, (writes) => {
        const authorizations = { app: { grantId: 'app' } };
        writes.upsert('Session', 'mine', { uid: 'kept', accountId: account, authorizations }, HOUR);
        for (const [id, by] of [
          ['to-be', account],
          ['of-another', 'acc_2'],
        ] as const)
          writes.upsert('Interaction', id, { result: { login: { accountId: by } } }, HOUR);
        writes.upsert('Interaction', 'open', { params: {} }, HOUR);
      });
      await database.transact(({ artifacts }) => artifacts.revokeAccount(account, 'kept'));
      const left = async (model: string, id: string) =>
        (await storage.reads().find(model, id)) === undefined ? [] : [id];
      expect(await left('Session', 'mine')).toEqual(['mine']);
      expect(await left('RefreshToken', 'app-refresh')).toEqual(['app-refresh']);
      expect(await left('Interaction', 'of-another')).toEqual(['of-another']);
      expect(await left('Interaction', 'open')).toEqual(['open']);
      for (const [model, id] of [
        ['Session', 's'],
        ['Grant', 'shop'],
        ['RefreshToken', 'shop-refresh'],
        ['Interaction', 'to-be'],
      ] as const)
        expect(await left(model, id), id).toEqual([]);
    });

    it('an account keeps nothing for the session of somebody else', async () => {
      const { database, storage } = await prepare();
      await write(storage, (writes) =>
        writes.upsert('Session', 'other', { uid: 'not-mine', accountId: 'acc_2' }, HOUR),
      );
      await database.transact(({ artifacts }) => artifacts.revokeAccount(account, 'not-mine'));
      expect(await count(database)).toBe(3);
    });

    it('nothing happens when the transaction fails', async () => {
      const { database } = await prepare();
      const failing = database.transact(async ({ artifacts }) => {
        await artifacts.revokeAccount(account);
        throw new Error('on purpose');
      });
      await expect(failing).rejects.toThrow('on purpose');
      expect(await count(database)).toBe(11);
    });
  });

  it('that expired are purged in batches', async () => {
    const { database, storage } = await start();
    await write(storage, (writes) => {
      for (let n = 0; n < 5; n++) writes.upsert('AccessToken', `t${n}`, token('g'), n < 3 ? 10 : HOUR);
    });
    const { artifacts } = database.stores;
    const later = database.clock.now() + 60_000;
    expect([
      await artifacts.purge(later, 2),
      await artifacts.purge(later, 2),
      await artifacts.purge(later, 2),
    ]).toEqual([2, 1, 0]);
    expect(await count(database)).toBe(2);
  });
});
