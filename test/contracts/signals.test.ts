import { expect, it } from 'vitest';
import { days, minutes } from '../../src/core/clock.ts';
import type { AccountId, StreamId } from '../../src/core/ids.ts';
import { createIds } from '../../src/core/ids.ts';
import { systemRandom } from '../../src/core/random.ts';
import type { Stream } from '../../src/signals/index.ts';
import type { Stores } from '../../src/storage/stores.ts';
import { fanOut } from '../../src/signals/fan-out.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';

const issuer = 'https://id.example';
const anna = 'acc_anna' as AccountId;
const bert = 'acc_bert' as AccountId;

async function addClient({ stores }: TestDatabase, id = 'app'): Promise<void> {
  const metadata = { redirect_uris: [] } as never;
  const base = { name: id, firstParty: false, secretDigest: null, metadata, createdAt: 0, updatedAt: 0 };
  await stores.clients.create({ id, ...base });
}

async function addStream(database: TestDatabase, over: Partial<Stream> = {}): Promise<Stream> {
  const id = createIds(database.clock, systemRandom).next('str');
  return database.stores.streams.create({
    id,
    clientId: 'app',
    method: 'push',
    endpointUrl: 'https://app.example/signals',
    eventsRequested: undefined,
    description: undefined,
    secret: 'Bearer secret',
    ...over,
  });
}

async function consent(
  { stores, clock }: TestDatabase,
  accountId: AccountId,
  scopes: string[],
  clientId = 'app',
) {
  const at = clock.now();
  const granted = { scopes, claims: [], resources: {} };
  await stores.consents.write({ accountId, clientId, ...granted, grantedAt: at, updatedAt: at });
}

/** One app with one stream that hears of Anna and Bert. */
async function prepare(database: TestDatabase): Promise<Stream> {
  database.onAppended((stores, event) => fanOut(stores, event, issuer));
  await addClient(database);
  await consent(database, anna, ['openid', 'verification']);
  await consent(database, bert, ['openid']);
  return addStream(database);
}

const enabled = (stores: Pick<Stores, 'events'>, subject: AccountId = anna) =>
  stores.events.append({ type: 'account.enabled', subject, payload: {} });
const disabled = (stores: Pick<Stores, 'events'>, reason: string, subject: AccountId = anna) =>
  stores.events.append({ type: 'account.disabled', subject, payload: { reason } });

const claim = ({ stores, clock }: TestDatabase, id: StreamId, limit = 100) =>
  stores.deliveries.claim(id, clock.now(), clock.now() + minutes(1), limit);

/** Everything that is pending, as a receiver gets it: one after the other for each subject. */
async function receive(
  database: TestDatabase,
  id: StreamId,
): Promise<{ subject: string; reason: unknown }[]> {
  const got: { subject: string; reason: unknown }[] = [];
  for (;;) {
    const batch = await claim(database, id);
    if (batch.length === 0) return got;
    for (const delivery of batch) {
      got.push({ subject: delivery.subject, reason: delivery.payload['reason'] });
      await database.stores.deliveries.finish(id, delivery.id, {});
    }
  }
}

const waitingForAudit = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%audit_ends%'`;

describeDatabases('signals in the database', (open) => {
  it('are owed with the fact, or neither', async () => {
    const database = await open();
    const { id } = await prepare(database);
    await expect(
      database.transact(async (stores) => {
        await enabled(stores);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await claim(database, id)).toEqual([]);
    await database.transact(async (stores) => void (await enabled(stores)));
    expect(await claim(database, id)).toMatchObject([
      { type: 'account.enabled', subject: anna, attempts: 1 },
    ]);
  });

  it('wake who sends after the commit, not before', async () => {
    const database = await open();
    await prepare(database);
    let woken = 0;
    database.onEnqueued(() => (woken += 1));
    await database.transact(async (stores) => {
      await enabled(stores);
      expect(woken).toBe(0);
    });
    expect(woken).toBe(1);
  });

  it('go to whom the person gave enough, and to nobody else', async () => {
    const database = await open();
    const stream = await prepare(database);
    await addClient(database, 'stranger');
    const stranger = await addStream(database, { clientId: 'stranger' });
    const picky = await addStream(database, { eventsRequested: ['urn:another'] });
    const status = (subject: AccountId) => ({
      type: 'recruiter.status_changed' as const,
      subject,
      payload: { from: 'eligible', to: 'ineligible', reasons: ['membership_ended'] },
    });
    await database.transact(async ({ events }) => {
      await events.append(status(anna));
      await events.append(status(bert));
      await events.append({ type: 'account.signed_in', subject: anna, payload: { amr: ['otp'] } });
    });
    expect(await claim(database, stream.id)).toMatchObject([
      { subject: anna, type: 'recruiter.status_changed' },
    ]);
    expect(await claim(database, stranger.id)).toEqual([]);
    expect(await claim(database, picky.id)).toEqual([]);
  });

  it('are decided before the same transaction ends the consent they rest on', async () => {
    const database = await open();
    const { id } = await prepare(database);
    await database.transact(async ({ events, consents }) => {
      await events.append({ type: 'account.purged', subject: anna, payload: {} });
      await consents.remove(anna, 'app');
    });
    expect(await claim(database, id)).toMatchObject([{ type: 'account.purged' }]);
    await database.transact(async (stores) => void (await enabled(stores)));
    expect(await claim(database, id)).toEqual([]);
  });

  it('of a withdrawn consent go to its app alone', async () => {
    const database = await open();
    const { id } = await prepare(database);
    await addClient(database, 'other');
    await consent(database, anna, ['openid'], 'other');
    const other = await addStream(database, { clientId: 'other' });
    await database.transact(async ({ events, consents }) => {
      await consents.remove(anna, 'app');
      await events.append({ type: 'consent.withdrawn', subject: anna, payload: { clientId: 'app' } });
    });
    expect(await claim(database, id)).toMatchObject([{ type: 'consent.withdrawn' }]);
    expect(await claim(database, other.id)).toEqual([]);
  });

  it('keep the order of commits for each subject with many who append, and lose none', async () => {
    const one = await open();
    const { id } = await prepare(one);
    // On SQLite a second connection of this process would block it while it waits for the first.
    const two = one.handle.dialect === 'sqlite' ? one : await open({ same: one });
    two.onAppended((stores, event) => fanOut(stores, event, issuer));
    await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        (at % 2 ? one : two).transact(async (stores) => {
          await disabled(stores, String(at), at % 3 ? anna : bert);
          // Commits come in another order than events.
          await new Promise((resolve) => setTimeout(resolve, systemRandom.int(15)));
        }),
      ),
    );
    const rows = await one.handle
      .knex<{ subject: string; position: number }>('signal_deliveries')
      .orderBy(['subject', 'position'])
      .select('subject', 'position');
    for (const subject of [anna, bert]) {
      const positions = rows.filter((row) => row.subject === subject).map(({ position }) => position);
      expect(positions).toEqual(positions.map((_, at) => at + 1));
    }
    const got = await receive(one, id);
    expect(new Set(got.map(({ reason }) => reason)).size).toBe(40);
    expect(got).toHaveLength(40);
  });

  it('are not lost when an earlier event is committed after a later one', async () => {
    const one = await open();
    const { id } = await prepare(one);
    if (one.handle.dialect === 'sqlite') return expect(await receive(one, id)).toEqual([]);
    const two = await open({ same: one });
    two.onAppended((stores, event) => fanOut(stores, event, issuer));
    let finish = () => {};
    const appended = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const early = one.transact(async (stores) => {
      await disabled(stores, 'appended first');
      await appended;
    });
    await two.transact(async (stores) => void (await disabled(stores, 'appended second')));
    expect((await receive(one, id)).map(({ reason }) => reason)).toEqual(['appended second']);
    finish();
    await early;
    return expect((await receive(one, id)).map(({ reason }) => reason)).toEqual(['appended first']);
  });

  it('do not overtake one that has its place and is not committed yet', async () => {
    const one = await open();
    const { id } = await prepare(one);
    if (one.handle.dialect === 'sqlite') return expect(await receive(one, id)).toEqual([]);
    const two = await open({ same: one });
    two.onAppended((stores, event) => fanOut(stores, event, issuer));
    // The end of the audit log is taken after the place: held from outside, it keeps the first transaction open.
    const hold = await (await open({ same: one })).handle.knex.transaction();
    await hold('audit_ends').where({ kind: 'head' }).forUpdate();
    const first = one.transact(async (stores) => {
      await disabled(stores, '1');
      await stores.audit.append({ actor: 'system', action: 'policy.changed', target: 'x' });
    });
    await expect
      .poll(async () => (await two.handle.knex.raw<{ rows: unknown[] }>(waitingForAudit)).rows.length)
      .toBeGreaterThan(0);
    const second = two.transact(async (stores) => void (await disabled(stores, '2')));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await claim(two, id)).toEqual([]);
    await hold.rollback();
    await Promise.all([first, second]);
    return expect((await receive(one, id)).map(({ reason }) => reason)).toEqual(['1', '2']);
  });

  it('of one transaction keep the order in which they were appended, within one millisecond', async () => {
    const database = await open();
    const { id } = await prepare(database);
    const wanted = Array.from({ length: 12 }, (_, at) => String(at));
    await database.transact(async (stores) => {
      for (const reason of wanted) await disabled(stores, reason);
    });
    expect((await receive(database, id)).map(({ reason }) => reason)).toEqual(wanted);
    const events = await database.stores.events.listBySubject(anna, 20);
    expect(events.map(({ payload }) => (payload as { reason: string }).reason)).toEqual(wanted);
  });

  it('are handed to one claimant only, and the later ones about a subject wait for the first', async () => {
    const one = await open();
    const { id } = await prepare(one);
    const two = await open({ same: one });
    await one.transact(async (stores) => {
      await disabled(stores, '1');
      await disabled(stores, '2');
      await disabled(stores, '3', bert);
    });
    const claims = await Promise.all([one, two, one, two].map((database) => claim(database, id)));
    expect(
      claims
        .flat()
        .map(({ payload }) => payload['reason'])
        .sort(),
    ).toEqual(['1', '3']);
    const [first] = claims.flat().filter(({ subject }) => subject === anna);
    await one.stores.deliveries.release([first?.id ?? ''], 'http_503');
    expect(await claim(two, id)).toMatchObject([
      { payload: { reason: '1' }, attempts: 2, error: 'http_503' },
    ]);
    expect(await one.stores.deliveries.finish(id, first?.id ?? '', {})).toBe(true);
    expect(await one.stores.deliveries.finish(id, first?.id ?? '', {})).toBe(false);
    expect(await claim(two, id)).toMatchObject([{ payload: { reason: '2' } }]);
  });

  it('come back when the lease of who took them runs out', async () => {
    const database = await open();
    const { id } = await prepare(database);
    await database.transact(async (stores) => void (await disabled(stores, '1')));
    expect(await claim(database, id)).toHaveLength(1);
    expect(await database.stores.streams.due(database.clock.now())).toEqual([]);
    expect(await claim(database, id)).toEqual([]);
    database.clock.advance(minutes(1));
    expect(await database.stores.streams.due(database.clock.now())).toMatchObject([{ id }]);
    expect(await claim(database, id)).toMatchObject([{ attempts: 2 }]);
  });

  it('are held for a paused stream and for one that the program disabled, not for one its receiver disabled', async () => {
    const database = await open();
    const { id } = await prepare(database);
    const { streams } = database.stores;
    const say = () => database.transact(async (stores) => void (await enabled(stores)));
    await streams.setState(id, 'paused', 'receiver', undefined);
    await say();
    expect(await streams.due(database.clock.now())).toEqual([]);
    await streams.setState(id, 'disabled', 'system', 'not_delivered');
    await say();
    await streams.setState(id, 'disabled', 'receiver', undefined);
    await say();
    expect(await database.stores.deliveries.backlog(id)).toMatchObject({ pending: 2 });
    await streams.setState(id, 'enabled', 'receiver', undefined);
    expect(await streams.due(database.clock.now())).toMatchObject([{ id, state: 'enabled' }]);
  });

  it('expire: undelivered ones after thirty days, delivered ones after seven', async () => {
    const database = await open();
    const { id } = await prepare(database);
    const { deliveries } = database.stores;
    await database.transact(async (stores) => {
      await disabled(stores, '1');
      await disabled(stores, '2', bert);
    });
    const [first] = await claim(database, id);
    await deliveries.finish(id, first?.id ?? '', {});
    const { clock } = database;
    expect(await deliveries.purge(clock.now() + days(7) - 1, 100)).toBe(0);
    expect(await deliveries.purge(clock.now() + days(7), 100)).toBe(1);
    expect(await deliveries.purge(clock.now() + days(30) - 1, 100)).toBe(0);
    expect(await deliveries.purge(clock.now() + days(30), 100)).toBe(1);
    expect(await deliveries.purge(clock.now() + days(60), 100)).toBe(2);
    expect(await database.handle.knex('signal_positions')).toEqual([]);
  });

  it('keep their secrets sealed, and forget them with the stream and the app', async () => {
    const database = await open();
    const { id } = await prepare(database);
    const { streams, clients } = database.stores;
    expect(await streams.secret(id)).toBe('Bearer secret');
    const [row] = await database.handle.knex<{ secret: Buffer }>('signal_streams').select('secret');
    expect(row?.secret.toString('latin1')).not.toContain('Bearer');
    await streams.update(id, { secret: null });
    expect(await streams.secret(id)).toBeUndefined();
    await database.transact(async (stores) => void (await enabled(stores)));
    await clients.remove('app');
    expect(await streams.find(id)).toBeUndefined();
    expect(await database.handle.knex('signal_deliveries')).toEqual([]);
  });
});
