import type { CompanyId } from '../core/ids.ts';
import type { Company, CompanyDetail, CompanyStore } from '../companies/index.ts';
import type { Handle } from './handle.ts';

type CompanyRow = {
  id: CompanyId;
  credit_code: string;
  name: string;
  state: Company['state'];
  account_class: Company['accountClass'];
  verified_at: number | null;
  recheck_at: number | null;
  next_change_at: number | null;
  reminders: number;
  administered_at: number | null;
  created_at: number;
  updated_at: number;
};

type DetailRow = {
  company_id: CompanyId;
  field: CompanyDetail['field'];
  valid_from: number;
  valid_until: number | null;
  value: Buffer;
  source: CompanyDetail['source'];
  next_notice_at: number | null;
};

export function bindCompanies({ knex, dialect, clock, ids, vault }: Handle): CompanyStore {
  const table = () => knex<CompanyRow>('companies');
  const details = () => knex<DetailRow>('company_details');
  const findByCode = async (creditCode: string) => {
    const row = await table().where({ credit_code: creditCode }).first();
    return row && toCompany(row);
  };
  const placeOf = (row: Pick<DetailRow, 'company_id' | 'field' | 'valid_from'>) => ({
    table: 'company_details',
    column: 'value',
    row: `${row.company_id}/${row.field}/${row.valid_from}`,
  });
  const read = async (row: DetailRow): Promise<CompanyDetail[]> => {
    const value = await vault.openText(row.company_id, placeOf(row), row.value);
    if (value === undefined) return [];
    const { field, source, valid_from: validFrom, valid_until: validUntil } = row;
    return [{ field, value, source, validFrom, validUntil: validUntil ?? undefined }];
  };
  return {
    findByCode,
    async find(id) {
      const row = await table().where({ id }).first();
      return row && toCompany(row);
    },
    async ensure(creditCode, name) {
      const now = clock.now();
      await table()
        .insert({
          id: ids.next('com'),
          credit_code: creditCode,
          name,
          state: 'unclaimed',
          created_at: now,
          updated_at: now,
        })
        .onConflict('credit_code')
        .ignore();
      return (await findByCode(creditCode)) as Company;
    },
    async advance(id, from, to, change = {}) {
      const { name, verifiedAt, recheckAt, nextChangeAt, reminders, accountClass, administeredAt } = change;
      const changed = await table()
        .where({ id, state: from })
        .update({
          state: to,
          updated_at: clock.now(),
          ...(name === undefined ? {} : { name }),
          ...(verifiedAt === undefined ? {} : { verified_at: verifiedAt }),
          ...(recheckAt === undefined ? {} : { recheck_at: recheckAt }),
          ...(nextChangeAt === undefined ? {} : { next_change_at: nextChangeAt }),
          ...(reminders === undefined ? {} : { reminders }),
          ...(accountClass === undefined ? {} : { account_class: accountClass }),
          ...(administeredAt === undefined ? {} : { administered_at: administeredAt }),
        });
      return changed === 1;
    },
    async lock(id) {
      // A transaction on SQLite is the only one that writes from its first statement on.
      if (dialect === 'postgres') await knex('companies').where({ id }).forUpdate().first('id');
    },
    async listDue(now, limit) {
      const rows = await table().where('next_change_at', '<=', now).orderBy('next_change_at').limit(limit);
      return rows.map(toCompany);
    },
    async addName(id, name) {
      await knex('company_names')
        .insert({ company_id: id, name, first_given_at: clock.now() })
        .onConflict(['company_id', 'name'])
        .ignore();
    },
    async listNames(id) {
      const rows = await knex<{ company_id: CompanyId; name: string; first_given_at: number }>(
        'company_names',
      )
        .where({ company_id: id })
        .orderBy('first_given_at')
        .orderBy('name');
      return rows.map(({ name }) => name);
    },
    async setDetail(id, { field, value, source, at, until = null }) {
      const open = await details()
        .where({ company_id: id, field })
        .andWhere((any) => any.whereNull('valid_until').orWhere('valid_until', '>', at))
        .orderBy('valid_from', 'desc')
        .first();
      if (open && open.valid_until === until && (await read(open))[0]?.value === value) return false;
      // Two values within one millisecond still follow one another.
      const from = Math.max(at, (open?.valid_from ?? 0) + 1);
      if (open)
        await details()
          .where({ company_id: id, field, valid_from: open.valid_from })
          .update({ valid_until: from, next_notice_at: null });
      const place = placeOf({ company_id: id, field, valid_from: from });
      await details().insert({
        company_id: id,
        field,
        valid_from: from,
        valid_until: until,
        value: await vault.seal(id, place, value),
        source,
        next_notice_at: until === null ? null : at,
      });
      return true;
    },
    async listNoticeable(now, limit) {
      const rows = await details()
        .where('next_notice_at', '<=', now)
        .whereNotNull('valid_until')
        .orderBy('next_notice_at')
        .limit(limit)
        .select('company_id', 'field', 'valid_from', 'valid_until', 'next_notice_at');
      return rows.map((row) => ({
        companyId: row.company_id,
        field: row.field,
        validFrom: row.valid_from,
        validUntil: row.valid_until as number,
        nextNoticeAt: row.next_notice_at as number,
      }));
    },
    async noticed({ companyId, field, validFrom, nextNoticeAt }, next) {
      const changed = await details()
        .where({ company_id: companyId, field, valid_from: validFrom, next_notice_at: nextNoticeAt })
        .update({ next_notice_at: next });
      return changed === 1;
    },
    async listDetails(id) {
      const rows = await details().where({ company_id: id }).orderBy('valid_from').orderBy('field');
      return (await Promise.all(rows.map(read))).flat();
    },
  };
}

function toCompany(row: CompanyRow): Company {
  return {
    id: row.id,
    creditCode: row.credit_code,
    name: row.name,
    state: row.state,
    accountClass: row.account_class,
    verifiedAt: row.verified_at ?? undefined,
    recheckAt: row.recheck_at ?? undefined,
    nextChangeAt: row.next_change_at ?? undefined,
    reminders: row.reminders,
    administeredAt: row.administered_at ?? undefined,
  };
}
