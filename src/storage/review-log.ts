import type { AuditAction, AuditEntry, AuditLog } from '../audit/index.ts';
import type { CaseId, DecisionId } from '../core/ids.ts';
import type { Decision, EvidenceView, GivenReason, NewView, ReviewLog } from '../review/review-store.ts';
import type { Handle } from './handle.ts';
import { deleteExpired } from './purge.ts';

type DecisionRow = {
  id: DecisionId;
  case_id: Decision['caseId'] | null;
  account_id: Decision['accountId'] | null;
  company_id: Decision['companyId'] | null;
  staff_id: Decision['staffId'];
  kind: Decision['kind'];
  reasons: string;
  message: Buffer | null;
  note: Buffer | null;
  first_staff_id: Decision['staffId'] | null;
  policy_version: string | null;
  occurred_at: number;
};

type ViewRow = {
  case_id: CaseId;
  account_id: EvidenceView['accountId'];
  staff_id: EvidenceView['staffId'];
  what: EvidenceView['what'];
  target: string | null;
  reason: string;
  occurred_at: number;
};

const looks: Readonly<Record<NewView['what'], AuditAction>> = {
  claimed: 'case.claimed',
  released: 'case.released',
  case: 'case.opened',
  image: 'image.seen',
  crop: 'image_part.seen',
  face: 'image_part.seen',
  masked: 'masked.revealed',
  opinion: 'opinion.seen',
};

/** Every decision and every look is in the audit log as well; nobody who stores one has to think of it. */
export function bindReviewLog({ knex, vault, random }: Handle, audit: AuditLog): ReviewLog {
  /** Message and note go with the person they are about: erasing the account makes them unreadable. */
  const subjectOf = (owner: Pick<Decision, 'accountId' | 'companyId' | 'id'>): string =>
    owner.accountId ?? owner.companyId ?? owner.id;
  const place = (id: DecisionId, column: 'message' | 'note') => ({
    table: 'review_decisions',
    column,
    row: id,
  });

  async function toDecision(row: DecisionRow): Promise<Decision> {
    const owner = {
      id: row.id,
      accountId: row.account_id ?? undefined,
      companyId: row.company_id ?? undefined,
    };
    const text = async (column: 'message' | 'note') => {
      const sealed = row[column];
      return sealed === null ? undefined : vault.openText(subjectOf(owner), place(row.id, column), sealed);
    };
    return {
      ...owner,
      caseId: row.case_id ?? undefined,
      staffId: row.staff_id,
      kind: row.kind,
      reasons: JSON.parse(row.reasons) as GivenReason[],
      message: await text('message'),
      note: await text('note'),
      firstStaffId: row.first_staff_id ?? undefined,
      policyVersion: row.policy_version ?? undefined,
      occurredAt: row.occurred_at,
    };
  }

  return {
    async decide(decision, expiresAt) {
      const seal = async (column: 'message' | 'note') => {
        const text = decision[column];
        return text === undefined ? null : vault.seal(subjectOf(decision), place(decision.id, column), text);
      };
      await knex('review_decisions').insert({
        id: decision.id,
        case_id: decision.caseId ?? null,
        account_id: decision.accountId ?? null,
        company_id: decision.companyId ?? null,
        staff_id: decision.staffId,
        kind: decision.kind,
        reasons: JSON.stringify(decision.reasons),
        message: await seal('message'),
        note: await seal('note'),
        first_staff_id: decision.firstStaffId ?? null,
        policy_version: decision.policyVersion ?? null,
        occurred_at: decision.occurredAt,
        expires_at: expiresAt,
      });
      const { caseId, accountId, companyId, kind, reasons, firstStaffId: first } = decision;
      await audit.append({
        actor: decision.staffId,
        action: kind === 'revoke' ? 'verification.revoked' : 'case.decided',
        target: caseId ?? accountId ?? companyId,
        details: {
          decision: decision.id,
          kind,
          reasons: reasons.map(({ reason }) => reason),
          ...(first ? { first } : {}),
        },
      });
    },
    async decisionsOfCase(caseId) {
      const rows = await knex<DecisionRow>('review_decisions').where({ case_id: caseId }).orderBy('id');
      return Promise.all(rows.map((row) => toDecision(row)));
    },
    async decisionsOfAccount(accountId, limit) {
      const rows = await knex<DecisionRow>('review_decisions')
        .where({ account_id: accountId })
        .orderBy('id', 'desc')
        .limit(limit);
      return Promise.all(rows.map((row) => toDecision(row)));
    },
    async view(view, expiresAt) {
      // Time first, so that the rows of one case sort by it.
      const id = `${String(view.occurredAt).padStart(14, '0')}-${random.bytes(10).toString('hex')}`;
      await knex('evidence_views').insert({
        id,
        case_id: view.caseId,
        account_id: view.accountId,
        staff_id: view.staffId,
        what: view.what,
        target: view.target ?? null,
        reason: view.reason,
        occurred_at: view.occurredAt,
        expires_at: expiresAt,
      });
      await audit.append(entryOf(view));
    },
    async viewsOfCase(caseId, limit) {
      const rows = await knex<ViewRow>('evidence_views')
        .where({ case_id: caseId })
        .orderBy('id', 'desc')
        .limit(limit);
      return rows.map(toView);
    },
    async viewsSince(caseId, staffId, since) {
      const rows = await knex<ViewRow>('evidence_views')
        .where({ case_id: caseId, staff_id: staffId })
        .where('occurred_at', '>=', since)
        .orderBy('id', 'desc');
      return rows.map(toView);
    },
    async purge(now, limit) {
      const decisions = await deleteExpired(knex, 'review_decisions', 'id', now, limit);
      const views = await deleteExpired(knex, 'evidence_views', 'id', now, limit);
      return Math.max(decisions, views);
    },
  };
}

const toView = (row: ViewRow): EvidenceView => ({
  caseId: row.case_id,
  accountId: row.account_id,
  staffId: row.staff_id,
  what: row.what,
  target: row.target ?? undefined,
  reason: row.reason,
  occurredAt: row.occurred_at,
});

function entryOf({ caseId, staffId, what, target, reason }: NewView): AuditEntry {
  const entry = { actor: staffId, action: looks[what] };
  if (what === 'masked') return { ...entry, target: caseId, details: { reason } };
  if (target === undefined) return { ...entry, target: caseId };
  // `<image>/<part>` of a part of a picture.
  const [image, part] = target.split('/');
  return { ...entry, target: image, details: { case: caseId, ...(part ? { part } : {}) } };
}
