import type { Clock } from '../core/clock.ts';
import type { StaffAccounts } from './staff-accounts.ts';
import type { StaffHasher } from './staff-hasher.ts';
import type { StaffStore } from './staff-store.ts';
import type { StaffRole } from './roles.ts';

type DevelopmentAccount = {
  readonly login: string;
  readonly password: string;
  readonly name: string;
  readonly role: StaffRole;
};

/**
 * How to sign in to the console of a development installation; the code comes from `staff code` or /dev/staff. Three
 * reviewers: a rejection takes two people, and a third where they disagree. The administrator sees what apps are sent.
 */
export const developmentStaff: readonly [DevelopmentAccount, ...DevelopmentAccount[]] = [
  { login: 'reviewer', password: 'look twice, decide once', name: '林审核', role: 'senior' },
  { login: 'reviewer2', password: 'four eyes see more', name: '周复核', role: 'reviewer' },
  { login: 'reviewer3', password: 'the third one settles', name: '陈复核', role: 'reviewer' },
  { login: 'administrator', password: 'decides about nobody', name: '王管理', role: 'administrator' },
];

type Deps = { clock: Clock; hasher: StaffHasher; staff: StaffStore; accounts: Pick<StaffAccounts, 'add'> };

/**
 * Makes the development accounts once. Production cannot use them: the accounts are sealed under a development key,
 * which production refuses to start with.
 */
export async function seedDevelopmentStaff({ clock, hasher, staff, accounts }: Deps): Promise<void> {
  for (const { login, password, name, role } of developmentStaff) {
    if (await staff.byLogin(login)) continue;
    const added = await accounts.add(login, name, role);
    if (!added.ok) continue;
    await staff.setPassword(added.enrolment.staff.id, await hasher.hash(password), clock.now());
  }
}
