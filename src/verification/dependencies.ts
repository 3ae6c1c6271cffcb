import type { Clock } from '../core/clock.ts';
import type { AccountId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import type { Random } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import type { Authority } from './authority.ts';
import type { CompanyDesk } from './company-desk.ts';
import type { ImageProcessor } from './images.ts';
import type { ObjectStore } from './objects.ts';
import type { Recogniser } from './recogniser.ts';
import type { VerificationPolicy } from './policy.ts';
import type { VerificationStores } from './stores.ts';

/** What verification is made of; `S` is the program's whole set of stores, of which it uses its own. */
export type VerificationDeps<S extends VerificationStores> = {
  /** For reads and single statements. */
  readonly stores: S;
  readonly transact: Transact<S>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly policy: VerificationPolicy;
  readonly images: ImageProcessor;
  readonly recogniser: Recogniser;
  /** Absent where the operator has set up none. */
  readonly authority?: Authority | undefined;
  readonly objects: ObjectStore;
  readonly companies: CompanyDesk<S>;
  /** Derives the recruiter status of an account again, within the same transaction. */
  readonly recompute: (stores: S, accountId: AccountId) => Promise<void>;
};
