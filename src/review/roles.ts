/** What a member of staff may do, and what that is in a sentence. */
export const staffPermissions = {
  review: 'claim cases, see their evidence while they are held, decide and second decisions',
  look_up: 'look a recruiter or a company up by an exact code: states and codes, never evidence',
  revoke: 'take a verification away',
  hold: 'hold a recruiter, lift a hold, decide an objection to a hold that somebody else set',
  suspend: 'disable and enable accounts of people',
  oversee: 'read the history of every case: events, decisions and looks, never evidence',
  audit: 'read, export and verify the audit log',
  figures: 'see the dashboard',
  manage: 'add, change, disable and reset accounts of staff; watch over the streams of signals',
} as const;

export type StaffPermission = keyof typeof staffPermissions;

/**
 * Roles as data: role → permissions. A route names the permission it needs, never a role. Who watches (auditor) and who
 * hands out access (administrator) see no evidence: neither can make use of what they control.
 */
export const staffRoles = {
  reviewer: ['review'],
  senior: ['review', 'look_up', 'revoke', 'hold', 'oversee', 'figures'],
  auditor: ['oversee', 'audit', 'figures'],
  administrator: ['manage', 'look_up', 'suspend', 'figures'],
} as const satisfies Record<string, readonly StaffPermission[]>;

export type StaffRole = keyof typeof staffRoles;

export const staffRoleNames = Object.keys(staffRoles) as readonly StaffRole[];

export function isStaffRole(value: string): value is StaffRole {
  return Object.hasOwn(staffRoles, value);
}

export function mayStaff(role: StaffRole, permission: StaffPermission): boolean {
  const granted: readonly StaffPermission[] = staffRoles[role];
  return granted.includes(permission);
}
