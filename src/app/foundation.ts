import type { Config } from '../config.ts';
import { systemClock, type Clock } from '../core/clock.ts';
import { createIds, type AccountId, type Ids } from '../core/ids.ts';
import { createLog, type Log } from '../core/log.ts';
import { systemRandom, type Random } from '../core/random.ts';
import { loadPolicy } from '../load-policy.ts';
import { openDatabase, type Database } from '../storage/database.ts';
import type { Stores } from '../storage/stores.ts';
import { defaultPolicy, type VerificationPolicy } from '../verification/index.ts';

/** What tests and the test kit may replace; everything else is the real thing. */
export type Overrides = {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Log;
};

/** What every part is made of. */
export type Foundation = {
  readonly config: Config;
  /** Of the issuer, without a scheme: what texts call the service by. */
  readonly host: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly ids: Ids;
  /** What the machine may conclude, and for how long things are kept. */
  readonly policy: VerificationPolicy;
  readonly database: Database;
};

/** Derives what follows from somebody's facts again, in the transaction that changed one. */
export type Recompute = (stores: Stores, accountId: AccountId) => Promise<void>;

export async function layFoundation(config: Config, overrides: Overrides): Promise<Foundation> {
  const clock = overrides.clock ?? systemClock;
  const random = overrides.random ?? systemRandom;
  const log = overrides.log ?? createLog(config.logLevel);
  const ids = createIds(clock, random);
  const policy = loadPolicy(config);

  const database = await openDatabase(
    { url: config.databaseUrl, dataDir: config.dataDir, durability: config.databaseDurability },
    { clock, random, ids, keyEncryptionKeys: config.keyEncryptionKeys, indexKeys: config.indexKeys },
  );
  await recordPolicy(database.stores.audit, policy.version);
  return { config, host: new URL(config.issuer).host, clock, random, log, ids, policy, database };
}

/** A policy that came into force is in the audit log, from the first one that is not the program's own. */
async function recordPolicy(audit: Stores['audit'], version: string): Promise<void> {
  const before = (await audit.latest('policy.changed'))?.target ?? defaultPolicy.version;
  if (before !== version) await audit.append({ actor: 'system', action: 'policy.changed', target: version });
}
