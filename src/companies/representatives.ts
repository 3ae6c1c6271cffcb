import { actingStates, type Membership } from './company.ts';

/** Of a company's members those who speak for it: its administrators, or whoever acts for it where it has none. */
export function representativesOf(members: readonly Membership[]): readonly Membership[] {
  const acting = members.filter(({ state }) => actingStates.includes(state));
  const administrators = acting.filter(({ role }) => role === 'administrator');
  return administrators.length > 0 ? administrators : acting;
}
