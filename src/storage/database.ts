import type { Knex } from 'knex';
import type { Clock } from '../core/clock.ts';
import type { Ids } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { KeyRing } from '../core/seal.ts';
import type { Transact } from '../core/transact.ts';
import type { StoredEvent } from '../events/index.ts';
import type { Handle } from './handle.ts';
import { migrate } from './migrate.ts';
import { openConnection, type Connection, type DatabaseOptions } from './open.ts';
import { bindStores, type Stores } from './stores.ts';
import { createVault, createVaultKeys } from './vault.ts';

export type Database = {
  readonly connection: Connection;
  /** For reads and single statements. Never use it inside {@link transact}: on SQLite it would wait for itself. */
  readonly stores: Stores;
  /** The same handle the stores are bound to, for what is bound outside `Stores`. */
  readonly handle: Handle;
  readonly transact: Transact<Stores>;
  /** Calls `listener` after every commit that enqueued a job or a delivery. */
  onEnqueued(listener: () => void): void;
  /** Has `listener` see every event within the transaction that appends it; what it throws undoes that one. */
  onAppended(listener: EventListener): void;
  close(): Promise<void>;
};

export type EventListener = (stores: Stores, event: StoredEvent) => Promise<void>;

export type DatabaseDependencies = {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly keyEncryptionKeys: KeyRing;
  readonly indexKeys: KeyRing;
};

/** Opens the database, brings it to the newest schema and binds every store to it. */
export async function openDatabase(
  options: DatabaseOptions,
  dependencies: DatabaseDependencies,
): Promise<Database> {
  const connection = openConnection(options);
  try {
    await migrate(connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return bindDatabase(connection, dependencies);
}

export function bindDatabase(connection: Connection, dependencies: DatabaseDependencies): Database {
  const { clock, ids, random } = dependencies;
  const keys = createVaultKeys(dependencies.keyEncryptionKeys, dependencies.indexKeys);
  const listeners: (() => void)[] = [];
  const wake = () => listeners.forEach((listener) => listener());
  const told: EventListener[] = [];
  const bindAll = (handle: Handle) =>
    bindStores(handle, async (stores, event) => {
      for (const listener of told) await listener(stores, event);
    });
  const bind = (
    knex: Knex,
    remember: boolean,
    hooks: Pick<Handle, 'onEnqueue' | 'beforeCommit'>,
  ): Handle => ({
    knex,
    dialect: connection.dialect,
    vault: createVault({ knex, clock, random }, keys, remember),
    clock,
    ids,
    random,
    ...hooks,
  });
  const handle = bind(connection.knex, true, { onEnqueue: wake });
  return {
    connection,
    handle,
    stores: bindAll(handle),
    async transact(work) {
      let enqueued = false;
      const firstActs: (() => Promise<void>)[] = [];
      const lastActs: (() => Promise<void>)[] = [];
      const hooks: Pick<Handle, 'onEnqueue' | 'beforeCommit'> = {
        onEnqueue: () => void (enqueued = true),
        beforeCommit: (act, place) => void (place === 'first' ? firstActs : lastActs).push(act),
      };
      const result = await connection.knex.transaction(async (transaction) => {
        const done = await work(bindAll(bind(transaction, false, hooks)));
        for (const act of [...firstActs, ...lastActs]) await act();
        return done;
      });
      if (enqueued) wake();
      return result;
    },
    onEnqueued: (listener) => void listeners.push(listener),
    onAppended: (listener) => void told.push(listener),
    close: () => connection.close(),
  };
}
