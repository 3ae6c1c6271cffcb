import type { AuditLog } from '../audit/index.ts';
import type { CompanyStores, Members } from '../companies/index.ts';
import type { MembershipId, StaffId } from '../core/ids.ts';
import type { Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';

type AppointmentStores = CompanyStores & { readonly audit: AuditLog };

export type Appointments = {
  /** Makes a member administrator of a company that has none who acts. */
  appoint(input: {
    readonly staffId: StaffId;
    readonly membershipId: MembershipId;
  }): Promise<Result<object, 'not_found' | 'not_member' | 'not_eligible' | 'has_administrator'>>;
};

export function createAppointments<S extends AppointmentStores>({
  transact,
  members,
}: {
  readonly transact: Transact<S>;
  readonly members: Pick<Members<S>, 'appointAdministrator'>;
}): Appointments {
  return {
    appoint: ({ staffId, membershipId }) =>
      transact(async (bound) => {
        const answer = await members.appointAdministrator(bound, { membershipId });
        if (answer.ok) {
          await bound.audit.append({
            actor: staffId,
            action: 'company.administrator_appointed',
            target: membershipId,
          });
        }
        return answer;
      }),
  };
}
