import type { Clock } from '../core/clock.ts';
import type { StaffAccounts } from './staff-accounts.ts';
import type { StaffHasher } from './staff-hasher.ts';
import type { StaffStore } from './staff-store.ts';

/** How to sign in to the console of a development installation; the code comes from `staff code` or /dev/staff. */
export const developmentReviewer = { login: 'reviewer', password: 'look twice, decide once' } as const;

type Deps = { clock: Clock; hasher: StaffHasher; staff: StaffStore; accounts: Pick<StaffAccounts, 'add'> };

/**
 * Makes the development reviewer once. Production cannot use it: the account is sealed under a development key, which
 * production refuses to start with.
 */
export async function seedDevelopmentReviewer({ clock, hasher, staff, accounts }: Deps): Promise<void> {
  const { login, password } = developmentReviewer;
  if (await staff.byLogin(login)) return;
  const added = await accounts.add(login, '林审核', 'senior');
  if (!added.ok) return;
  await staff.setPassword(added.enrolment.staff.id, await hasher.hash(password), clock.now());
}
