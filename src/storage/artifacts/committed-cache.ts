import type Sqlite from 'better-sqlite3';
import { LRUCache } from 'lru-cache';

/**
 * Remembers what was read from a SQLite database for exactly as long as nobody wrote to it. Changes by this process
 * move `total_changes()` of the one writing connection, changes by other processes its `data_version`; either empties
 * the cache. While a transaction is open nothing is remembered, because the reader does not see it yet.
 */
export type CommittedCache = {
  /** The remembered value, or what `load` reads now. Undefined is not remembered. */
  read<T extends object>(key: string, load: () => T | undefined): T | undefined;
  /** Announces the connection that writes; called within every synchronous batch of writes, before it begins. */
  beforeWrite(writer: Sqlite.Database): void;
  /** Accepts the batch's own changes, which the caller brings into the cache by `set` and `forget`. */
  afterWrite(): void;
  /** What is remembered, whether or not it still holds. */
  peek(key: string): object | undefined;
  set(key: string, value: object): void;
  forget(key: string): void;
  clear(): void;
};

const MAX_ENTRIES = 10_000;

export function createCommittedCache(): CommittedCache {
  const entries = new LRUCache<string, object>({ max: MAX_ENTRIES });
  let writer: Writer | undefined;
  let changes = 0;
  let version = 0;
  let askedAt = 0;

  /** Asked once a millisecond: a commit of another process that is younger may as well have come after our read. */
  const checkOthers = (): void => {
    const instant = performance.now();
    if (!writer || instant - askedAt < 1) return;
    askedAt = instant;
    const now = writer.version();
    if (now !== version) entries.clear();
    version = now;
  };
  const isUsable = (): boolean => {
    if (!writer?.connection.open || writer.connection.inTransaction) return false;
    const now = writer.changes();
    if (now !== changes) {
      entries.clear();
      changes = now;
    }
    checkOthers();
    return true;
  };

  return {
    read<T extends object>(key: string, load: () => T | undefined): T | undefined {
      if (!isUsable()) return load();
      const known = entries.get(key);
      if (known) return known as T;
      const value = load();
      if (value) entries.set(key, value);
      return value;
    },
    beforeWrite(connection) {
      if (writer?.connection !== connection) {
        entries.clear();
        writer = watch(connection);
        changes = writer.changes();
      }
      isUsable();
    },
    afterWrite() {
      if (writer) changes = writer.changes();
    },
    peek: (key) => entries.get(key),
    set: (key, value) => void entries.set(key, value),
    forget: (key) => void entries.delete(key),
    clear: () => entries.clear(),
  };
}

type Writer = { readonly connection: Sqlite.Database; changes(): number; version(): number };

function watch(connection: Sqlite.Database): Writer {
  const changes = connection.prepare<[], number>('select total_changes()').pluck();
  const version = connection.prepare<[], number>('pragma data_version').pluck();
  return {
    connection,
    changes: () => changes.get() as number,
    version: () => version.get() as number,
  };
}
