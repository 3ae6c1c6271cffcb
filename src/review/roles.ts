/** What a member of staff may do. `review`: claim and decide cases; `revoke`: take a verification away; `oversee`: see every case's history. */
export type StaffPermission = 'review' | 'revoke' | 'oversee';

/** Roles as data: role → permissions. A route names the permission it needs, never a role. */
export const staffRoles = {
  reviewer: ['review'],
  senior: ['review', 'revoke', 'oversee'],
  administrator: ['revoke', 'oversee'],
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
