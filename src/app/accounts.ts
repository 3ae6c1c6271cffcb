import {
  createAccounts,
  createLimits,
  createNumberChange,
  createPasswordHasher,
  createPasswordSignIn,
  createRegistration,
  createSignInCodes,
  createTestNumbers,
  limitRules,
  type PolicyVersions,
} from '../accounts/index.ts';
import type { Entitlements } from '../entitlements/index.ts';
import { legalVersions } from '../http/pages/legal.ts';
import type { Stores } from '../storage/stores.ts';
import type { Foundation } from './foundation.ts';

export type AccountParts = ReturnType<typeof createAccountParts>;

/** Registration, the ways to sign in, and what people change of their own accounts. */
export function createAccountParts(
  { config, host, clock, random, ids, database }: Foundation,
  { onRolesChanged }: { readonly onRolesChanged: Entitlements['recompute'] },
) {
  const hasher = createPasswordHasher();
  const parts = {
    stores: database.stores,
    transact: database.transact,
    limits: createLimits(
      // In development and in test suites everybody comes from one address.
      limitRules({
        dailyBudget: config.smsDailyBudget,
        sharedFactor: config.mode === 'development' ? 50 : 1,
      }),
      config.phoneCountries[0] ?? '',
    ),
    hasher,
    clock,
    ids,
    random,
    testNumbers: createTestNumbers(config.testNumbers, { mode: config.mode, clock }),
    countries: config.phoneCountries,
    host,
    inForce: versionsInForce(),
    onRolesChanged,
  };
  return {
    hasher,
    accounts: createAccounts(parts),
    codes: createSignInCodes(parts),
    passwords: createPasswordSignIn(parts),
    registration: createRegistration(parts),
    numbers: createNumberChange<Stores>({
      ...parts,
      endOtherSessions: ({ artifacts }, id, session) => artifacts.revokeAccount(id, session),
    }),
  };
}

/** The newest published version of each text; a text that is missing is a broken installation. */
function versionsInForce(): PolicyVersions {
  const { agreement, privacy } = legalVersions();
  if (!agreement[0] || !privacy[0]) throw new Error('views/legal lacks the agreement or the privacy policy');
  return { agreement: agreement[0], privacy: privacy[0] };
}
