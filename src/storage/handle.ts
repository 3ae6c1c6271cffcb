import type { Knex } from 'knex';
import type { Clock } from '../core/clock.ts';
import type { Ids } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { Vault } from './vault.ts';

export type Dialect = 'sqlite' | 'postgres';

/** What every store is bound to: the database itself, or one transaction of it. */
export type Handle = {
  readonly knex: Knex;
  readonly dialect: Dialect;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  /** Called by the job store: workers are woken once the change is committed. */
  readonly onEnqueue: () => void;
  /** Within a transaction: has `act` run when its work is done; those that are `first` before all others. */
  readonly beforeCommit?: (act: () => Promise<void>, place?: 'first') => void;
};
