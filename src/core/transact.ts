/**
 * Runs `work` with every store bound to one database transaction: all of it is committed, or nothing. Features ask
 * for the stores they use, `Transact<{ accounts: AccountStore; jobs: JobStore }>`, and app.ts hands them the real one.
 */
export type Transact<S> = <T>(work: (stores: S) => Promise<T>) => Promise<T>;
