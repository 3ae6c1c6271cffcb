import { afterAll, expect, it, describe } from 'vitest';
import type { AccountId } from '../../src/core/ids.ts';
import { days, ManualClock } from '../../src/core/clock.ts';
import { createIds } from '../../src/core/ids.ts';
import { systemRandom } from '../../src/core/random.ts';
import {
  createEntitlements,
  defaultPolicy,
  deriveCompanies,
  deriveRecruiter,
} from '../../src/entitlements/index.ts';
import { bindDatabase } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { openConnection } from '../../src/storage/open.ts';
import { migrations, type Migration } from '../../migrations/index.ts';
import { createOptions } from '../support/databases.ts';
import { creditCode } from '../support/specimens.ts';

/** The last migration that the first statuses per account knew. */
const BEFORE = '0013_mail';

const old = migrations.slice(0, migrations.findIndex(({ name }) => name === BEFORE) + 1);
const oldSource = {
  getMigrations: async () => [...old],
  getMigrationName: ({ name }: Migration) => name,
  getMigration: async (migration: Migration) => migration,
};

describe.each(['sqlite', 'postgres'] as const)(
  'a database from before memberships were chosen (%s)',
  (dialect) => {
    const cleanups: (() => Promise<void> | void)[] = [];
    afterAll(async () => {
      for (const cleanup of cleanups.reverse()) await cleanup();
    });

    /** A database as the older program left it, with rows, brought to the newest schema. */
    async function upgraded() {
      const clock = new ManualClock();
      const ids = createIds(clock, systemRandom);
      const connection = openConnection(await createOptions(dialect, cleanups));
      cleanups.push(() => connection.close());
      const { knex } = connection;
      await knex.migrate.latest({ migrationSource: oldSource });
      expect(await knex.schema.hasColumn('recruiter_statuses', 'companies')).toBe(false);
      const now = clock.now();
      const times = { created_at: now, updated_at: now };

      const company = async (over: { state?: string; account_class?: string } = {}) => {
        const row = {
          id: ids.next('com'),
          credit_code: creditCode(),
          name: '样本公司',
          state: 'verified',
          verified_at: now,
          recheck_at: now + days(180),
          ...times,
          ...over,
        };
        await knex('companies').insert(row);
        return row;
      };
      type Company = Awaited<ReturnType<typeof company>>;
      const recruiter = async (
        joined: readonly { of: Company; state: string; role?: string }[],
        status: { status: string; reasons: readonly string[]; next_step: string },
      ): Promise<AccountId> => {
        const id = ids.next('acc');
        await knex('accounts').insert({
          id,
          state: 'active',
          phone: Buffer.of(1),
          phone_index: id,
          phone_verified_at: now,
          is_candidate: 0,
          is_recruiter: 1,
          resume_complete: 0,
          locale: 'zh-CN',
          ...times,
        });
        await knex('person_verifications').insert({
          account_id: id,
          state: 'verified',
          level: 'rn2',
          method: 'face',
          claims: Buffer.of(1),
          verified_at: now,
          valid_until: now + days(3650),
          case_id: ids.next('cas'),
        });
        for (const { of, state, role = 'recruiter' } of joined)
          await knex('memberships').insert({
            id: ids.next('mem'),
            account_id: id,
            company_id: of.id,
            role,
            state,
            ...times,
          });
        const first = joined[0]?.of;
        await knex('recruiter_statuses').insert({
          account_id: id,
          ...status,
          reasons: JSON.stringify(status.reasons),
          company_id: first?.id ?? null,
          company_code: first?.credit_code ?? null,
          requirements: JSON.stringify(['person_verified']),
          derived_at: now,
          recheck_at: now + days(180),
        });
        return id;
      };

      const eligible = { status: 'eligible', reasons: [], next_step: 'none' };
      const waiting = { status: 'in_review', reasons: ['membership_in_review'], next_step: 'wait' };
      const one = await company();
      const two = await company();
      const people = {
        ofOne: await recruiter([{ of: one, state: 'active', role: 'administrator' }], eligible),
        ofTwo: await recruiter(
          [
            { of: one, state: 'active' },
            { of: two, state: 'active' },
          ],
          eligible,
        ),
        waiting: await recruiter([{ of: one, state: 'awaiting_admin' }], waiting),
        reviewed: await recruiter([{ of: two, state: 'in_review' }], waiting),
        forOthers: await recruiter(
          [{ of: await company({ account_class: 'commercial' }), state: 'active' }],
          eligible,
        ),
        alone: await recruiter([], {
          status: 'limited',
          reasons: ['company_missing'],
          next_step: 'join_company',
        }),
      };
      const caseId = ids.next('cas');
      await knex('verification_cases').insert({
        id: caseId,
        account_id: people.reviewed,
        live_account_id: people.reviewed,
        state: 'in_review',
        version: 1,
        consents: '{}',
        redo: '[]',
        round: 1,
        findings: '[]',
        company_id: two.id,
        ...times,
        expires_at: now + days(90),
      });
      await knex('authority_checks').insert({
        reference: 'ref',
        case_id: caseId,
        round: 1,
        source: 'fake',
        attempts: 1,
        asked_at: now,
        lease_until: now,
      });

      const licence = {
        company_id: one.id,
        field: 'commercial_licence',
        value: Buffer.of(1),
        source: 'staff',
      };
      await knex('company_details').insert([
        { ...licence, valid_from: now - 2, valid_until: now - 1 },
        { ...licence, valid_from: now - 1, valid_until: now + days(30) },
        { ...licence, company_id: two.id, valid_from: now - 1, valid_until: null },
      ]);

      const ran = await migrate(connection);
      const ring = (id: string) => [{ id, key: systemRandom.bytes(32) }] as const;
      const database = bindDatabase(connection, {
        clock,
        ids,
        random: systemRandom,
        keyEncryptionKeys: ring('kek'),
        indexKeys: ring('index'),
      });
      return { database, clock, knex, ran, people, companies: [one, two] as const, caseId };
    }

    it('looks at the licences that are on record, not at those that others took the place of', async () => {
      const { database, clock, companies } = await upgraded();
      const validUntil = clock.now() + days(30);
      expect(await database.stores.companies.listNoticeable(clock.now(), 100)).toMatchObject([
        { companyId: companies[0].id, field: 'commercial_licence', validUntil },
      ]);
    });

    it('has every status right after the first sweep, for each company', async () => {
      const { database, clock, ran, people, companies } = await upgraded();
      expect(ran).toEqual(migrations.slice(old.length).map(({ name }) => name));
      const { stores, transact } = database;
      const entitlements = createEntitlements({ transact, entitlements: stores.entitlements, clock });
      while ((await entitlements.sweep(clock.now(), 100)) > 0);
      for (const id of Object.values(people)) {
        const facts = (await stores.entitlements.facts(id))!;
        const { status, reasons, nextStep } = deriveRecruiter(facts, clock.now(), defaultPolicy);
        expect(await stores.entitlements.status(id)).toMatchObject({
          status,
          reasons,
          nextStep,
          companies: deriveCompanies(facts, clock.now(), defaultPolicy),
        });
      }
      const said = async (id: AccountId) => {
        const found = await stores.entitlements.status(id);
        return [found?.status, found?.reasons.join(), found?.companies.map((at) => at.companyId)];
      };
      const [one, two] = companies;
      expect(await said(people.ofOne)).toEqual(['eligible', '', [one.id]]);
      expect((await said(people.ofTwo)).flat(2).sort()).toEqual(['', one.id, two.id, 'eligible'].sort());
      expect((await said(people.waiting)).slice(0, 2)).toEqual(['in_review', 'membership_awaiting_admin']);
      expect((await said(people.reviewed)).slice(0, 2)).toEqual(['in_review', 'membership_in_review']);
      expect((await said(people.forOthers)).slice(0, 2)).toEqual(['limited', 'company_licence_missing']);
      expect((await said(people.alone)).slice(0, 2)).toEqual(['limited', 'company_missing']);
    });

    it('keeps what it had: companies, cases and checks as they were', async () => {
      const { database, knex, companies, caseId } = await upgraded();
      for (const { id, credit_code } of companies)
        expect(await database.stores.companies.find(id)).toMatchObject({
          creditCode: credit_code,
          state: 'verified',
          accountClass: 'own',
        });
      expect(await knex('verification_cases').where({ id: caseId }).first()).toMatchObject({
        state: 'in_review',
        scope: 'person_and_company',
      });
      expect(await knex('authority_checks').where({ case_id: caseId }).first()).toMatchObject({
        reference: 'ref',
        kind: 'authority',
        registered: null,
      });
    });
  },
);
