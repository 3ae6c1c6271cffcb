import type { AuditActor, AuditLog } from '../audit/index.ts';
import type { Transact } from '../core/transact.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Companies, CompanyStores } from '../companies/index.ts';
import type { ConflictStore } from './review-store.ts';
import type { StaffStore } from './staff-store.ts';

type ConflictFailure = 'unknown_login' | 'code_malformed';

/**
 * The companies members of staff work for or are close to. Their cases are refused to them, whenever the conflict is
 * declared: also a case that they hold already. `by` is who acts, for the audit log.
 */
export type Conflicts = {
  /** Declaring again changes nothing and records nothing. */
  add(
    login: string,
    creditCode: string,
    by?: AuditActor,
  ): Promise<Result<{ creditCode: string }, ConflictFailure>>;
  remove(
    login: string,
    creditCode: string,
    by?: AuditActor,
  ): Promise<Result<{ creditCode: string }, ConflictFailure | 'not_declared'>>;
  list(login: string): Promise<Result<{ creditCodes: readonly string[] }, 'unknown_login'>>;
};

type ConflictStores = {
  readonly staff: Pick<StaffStore, 'byLogin'>;
  readonly conflicts: ConflictStore;
  readonly audit: Pick<AuditLog, 'append'>;
};

export function createConflicts({
  stores: { staff, conflicts },
  transact,
  companies,
}: {
  stores: ConflictStores;
  transact: Transact<ConflictStores>;
  companies: Pick<Companies<CompanyStores>, 'readCode'>;
}): Conflicts {
  return {
    async add(login, text, by = 'system') {
      const member = await staff.byLogin(login);
      if (!member) return failed('unknown_login');
      const read = companies.readCode(text);
      if (!read.ok) return failed('code_malformed');
      const { code: creditCode } = read;
      await transact(async (bound) => {
        if (!(await bound.conflicts.declare(member.id, creditCode))) return;
        const action = 'staff.conflict_declared';
        await bound.audit.append({ actor: by, action, target: member.id, details: { creditCode } });
      });
      return ok({ creditCode });
    },
    async remove(login, text, by = 'system') {
      const member = await staff.byLogin(login);
      if (!member) return failed('unknown_login');
      const read = companies.readCode(text);
      if (!read.ok) return failed('code_malformed');
      const { code: creditCode } = read;
      return transact(async (bound) => {
        if (!(await bound.conflicts.withdraw(member.id, creditCode))) return failed('not_declared');
        const action = 'staff.conflict_withdrawn';
        await bound.audit.append({ actor: by, action, target: member.id, details: { creditCode } });
        return ok({ creditCode });
      });
    },
    async list(login) {
      const member = await staff.byLogin(login);
      return member ? ok({ creditCodes: await conflicts.list(member.id) }) : failed('unknown_login');
    },
  };
}
