import type { Transact } from '../core/transact.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Companies, CompanyStores } from '../companies/index.ts';
import type { ConflictStore } from './review-store.ts';
import type { StaffStore } from './staff-store.ts';

type ConflictFailure = 'unknown_login' | 'code_malformed';

/**
 * The companies members of staff work for or are close to. Their cases are refused to them, whenever the conflict is
 * declared: also a case that they hold already.
 */
export type Conflicts = {
  add(login: string, creditCode: string): Promise<Result<{ creditCode: string }, ConflictFailure>>;
  remove(
    login: string,
    creditCode: string,
  ): Promise<Result<{ creditCode: string }, ConflictFailure | 'not_declared'>>;
  list(login: string): Promise<Result<{ creditCodes: readonly string[] }, 'unknown_login'>>;
};

type ConflictStores = { readonly staff: Pick<StaffStore, 'byLogin'>; readonly conflicts: ConflictStore };

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
    async add(login, text) {
      const member = await staff.byLogin(login);
      if (!member) return failed('unknown_login');
      const read = companies.readCode(text);
      if (!read.ok) return failed('code_malformed');
      await transact((bound) => bound.conflicts.declare(member.id, read.code));
      return ok({ creditCode: read.code });
    },
    async remove(login, text) {
      const member = await staff.byLogin(login);
      if (!member) return failed('unknown_login');
      const read = companies.readCode(text);
      if (!read.ok) return failed('code_malformed');
      const { code } = read;
      if (!(await transact((bound) => bound.conflicts.withdraw(member.id, code))))
        return failed('not_declared');
      return ok({ creditCode: read.code });
    },
    async list(login) {
      const member = await staff.byLogin(login);
      return member ? ok({ creditCodes: await conflicts.list(member.id) }) : failed('unknown_login');
    },
  };
}
