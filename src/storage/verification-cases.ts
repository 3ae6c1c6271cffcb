import type { AccountId, CaseId } from '../core/ids.ts';
import type {
  CaseAnswers,
  CaseChange,
  CaseDecision,
  CaseStore,
  IssuedPrompts,
  VerificationCase,
} from '../verification/index.ts';
import { bindCaseHistory } from './case-history.ts';
import type { Handle } from './handle.ts';

/** Columns as written; reading decodes JSON and opens what is sealed. */
type CaseRow = {
  id: CaseId;
  account_id: AccountId;
  live_account_id: AccountId | null;
  state: VerificationCase['state'];
  scope: VerificationCase['scope'];
  version: number;
  answers: Buffer | null;
  number_index: string | null;
  consents: string;
  route: VerificationCase['route'] | null;
  redo: string;
  round: number;
  findings: string;
  verdict: string | null;
  decision: string | null;
  decision_message: Buffer | null;
  appeal: Buffer | null;
  prompts: string | null;
  origin: string | null;
  company_id: VerificationCase['companyId'] | null;
  created_at: number;
  updated_at: number;
  submitted_at: number | null;
  decided_at: number | null;
  expires_at: number;
};

/** Column `decision` names the reviewer; without one the decision is the machine's. */
export const hasReviewer = `decision like '%"staffId":"%'`;

type SealedColumn = 'answers' | 'decision_message' | 'appeal';

const place = (column: SealedColumn, row: CaseId) => ({
  table: 'verification_cases',
  column,
  row,
});

/** The purpose under which document numbers are indexed, in cases and in verified persons alike. */
export const NUMBER_INDEX = 'document-number';

export function bindCases(handle: Handle): CaseStore {
  const { knex, clock, ids, vault } = handle;
  const table = () => knex<CaseRow>('verification_cases');

  const read = async (row: CaseRow | undefined): Promise<VerificationCase | undefined> => {
    if (!row) return undefined;
    const openText = async (column: SealedColumn) => {
      const sealed = row[column];
      return sealed ? vault.openText(row.account_id, place(column, row.id), sealed) : undefined;
    };
    const answers = await openText('answers');
    const decision = row.decision ? (JSON.parse(row.decision) as Omit<CaseDecision, 'message'>) : undefined;
    return {
      id: row.id,
      accountId: row.account_id,
      state: row.state,
      scope: row.scope,
      version: row.version,
      answers: answers === undefined ? {} : (JSON.parse(answers) as CaseAnswers),
      consents: JSON.parse(row.consents) as VerificationCase['consents'],
      route: row.route ?? undefined,
      redo: JSON.parse(row.redo) as VerificationCase['redo'],
      round: row.round,
      findings: JSON.parse(row.findings) as VerificationCase['findings'],
      verdict: row.verdict ? (JSON.parse(row.verdict) as VerificationCase['verdict']) : undefined,
      decision: decision && { ...decision, message: await openText('decision_message') },
      origin: row.origin ? (JSON.parse(row.origin) as VerificationCase['origin']) : undefined,
      appeal: await openText('appeal'),
      companyId: row.company_id ?? undefined,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      submittedAt: row.submitted_at ?? undefined,
      expiresAt: row.expires_at,
    };
  };

  const columnsOf = async ({ id, accountId }: VerificationCase, change: CaseChange) => {
    const row: Partial<CaseRow> = {};
    if (change.scope) row.scope = change.scope;
    if (change.answers) {
      const { person } = change.answers;
      row.answers = await vault.seal(accountId, place('answers', id), JSON.stringify(change.answers));
      row.number_index = person ? vault.index(NUMBER_INDEX, person.document.number) : null;
    }
    if (change.decision) {
      const { message, ...rest } = change.decision;
      row.decision = JSON.stringify(rest);
      row.decision_message = message
        ? await vault.seal(accountId, place('decision_message', id), message)
        : null;
      row.decided_at = rest.decidedAt;
    }
    if (change.appeal !== undefined) {
      row.appeal = change.appeal ? await vault.seal(accountId, place('appeal', id), change.appeal) : null;
    }
    if (change.consents) row.consents = JSON.stringify(change.consents);
    if (change.route) row.route = change.route;
    if (change.redo) row.redo = JSON.stringify(change.redo);
    if (change.round !== undefined) row.round = change.round;
    if (change.findings) row.findings = JSON.stringify(change.findings);
    if (change.verdict) row.verdict = JSON.stringify(change.verdict);
    if (change.companyId) row.company_id = change.companyId;
    if (change.submittedAt !== undefined) row.submitted_at = change.submittedAt;
    if (change.expiresAt !== undefined) row.expires_at = change.expiresAt;
    return row;
  };

  return {
    async open(accountId, expiresAt, scope = 'person_and_company') {
      const id = ids.next('cas');
      const now = clock.now();
      await table()
        .insert({
          id,
          account_id: accountId,
          live_account_id: accountId,
          state: 'open',
          scope,
          version: 1,
          consents: '{}',
          redo: '[]',
          round: 0,
          findings: '[]',
          created_at: now,
          updated_at: now,
          expires_at: expiresAt,
        })
        .onConflict('live_account_id')
        .ignore();
      return read(await table().where({ id }).first());
    },
    async find(id) {
      return read(await table().where({ id }).first());
    },
    async newest(accountId) {
      const row = await table()
        .where({ account_id: accountId })
        .orderByRaw(
          "case when live_account_id is not null then 0 when state <> 'withdrawn' then 1 else 2 end",
        )
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .first();
      return read(row);
    },
    async listApproved(accountId) {
      const rows = await table().where({ account_id: accountId, state: 'approved' }).orderBy('id');
      return Promise.all(rows.map(async (row) => (await read(row)) as VerificationCase));
    },
    async countSince(accountId, since) {
      const [row] = await knex('verification_cases')
        .where({ account_id: accountId })
        .where('created_at', '>', since)
        .count<{ n: string | number }[]>({ n: 'id' });
      return Number(row?.n);
    },
    async update(current, change, to) {
      const changed = await table()
        .where({ id: current.id, version: current.version, state: current.state })
        .update({
          ...(await columnsOf(current, change)),
          version: current.version + 1,
          updated_at: clock.now(),
          ...(to ? { state: to.state, live_account_id: to.live ? current.accountId : null } : {}),
        } as never);
      return changed === 1;
    },
    async setOrigin(id, origin) {
      await table()
        .where({ id })
        .update({ origin: JSON.stringify(origin) });
    },
    async setPrompts(id, prompts) {
      await table()
        .where({ id })
        .update({ prompts: JSON.stringify(prompts) });
    },
    async takePrompts(id) {
      const row = await table().where({ id }).first('prompts');
      if (!row?.prompts) return undefined;
      const taken = await table().where({ id, prompts: row.prompts }).update({ prompts: null });
      return taken === 1 ? (JSON.parse(row.prompts) as IssuedPrompts) : undefined;
    },
    async listJudged(since, after, limit) {
      const rows = table()
        .whereNotNull('verdict')
        .where('submitted_at', '>=', since)
        .orderBy('id')
        .limit(limit);
      if (after !== undefined) void rows.where('id', '>', after);
      return Promise.all((await rows).map(async (row) => (await read(row)) as VerificationCase));
    },
    ...bindCaseHistory(handle),
    async othersWithNumber(accountId, number) {
      const rows = await knex<CaseRow>('verification_cases')
        .whereIn('number_index', vault.indexCandidates(NUMBER_INDEX, number))
        .whereNot({ account_id: accountId })
        .whereIn('state', ['submitted', 'in_review', 'resubmission', 'approved'])
        .distinct('account_id')
        .orderBy('account_id')
        .limit(20);
      return rows.map(({ account_id: id }) => id);
    },
    async recentReviewTimes(limit, by) {
      const decided = table().whereNotNull('decided_at').whereNotNull('submitted_at');
      if (by) void decided.whereRaw(by === 'reviewer' ? hasReviewer : `not (${hasReviewer})`);
      const rows = await decided
        .orderBy('decided_at', 'desc')
        .limit(limit)
        .select('submitted_at', 'decided_at');
      return rows.map((row) => Number(row.decided_at) - Number(row.submitted_at)).filter((time) => time >= 0);
    },
    async listUnjudged(before, limit) {
      const rows = await table()
        .where({ state: 'submitted' })
        .where('submitted_at', '<=', before)
        .orderBy('submitted_at')
        .limit(limit);
      return Promise.all(rows.map(async (row) => (await read(row)) as VerificationCase));
    },
    async listAbandoned(now, limit) {
      const rows = await table()
        .whereIn('state', ['open', 'resubmission'])
        .where('expires_at', '<=', now)
        .orderBy('expires_at')
        .limit(limit);
      return Promise.all(rows.map(async (row) => (await read(row)) as VerificationCase));
    },
    async purge(now, limit) {
      const finished = knex('verification_cases')
        .whereNull('live_account_id')
        .where('expires_at', '<=', now)
        .whereNotExists(
          knex('person_verifications')
            .select(knex.raw('1'))
            .whereRaw('person_verifications.case_id = verification_cases.id')
            .where('person_verifications.state', 'verified'),
        )
        .orderBy('expires_at')
        .limit(limit)
        .select('id', 'account_id');
      const rows = (await finished) as { id: CaseId; account_id: AccountId }[];
      if (rows.length === 0) return [];
      const expired = rows.map(({ id }) => id);
      await knex('verification_history').whereIn('case_id', expired).delete();
      await knex('authority_checks').whereIn('case_id', expired).delete();
      // Company evidence was sealed under the case; its pictures are long destroyed.
      await knex('subject_keys').whereIn('subject', expired).delete();
      await knex('verification_cases').whereIn('id', expired).delete();
      return rows.map(({ account_id }) => account_id);
    },
  };
}
