import type { App } from '../app.ts';
import type { PhoneNumber } from '../accounts/index.ts';
import type { AccountId, CaseId, StaffId } from '../core/ids.ts';
import type { ReasonCode } from '../review/index.ts';
import type { ReviewPart } from '../verification/case.ts';
import type { Person } from './person.ts';

/** Why a reviewer decides as they do; see docs/testkit.md. */
export type ReviewReason = ReasonCode;

/**
 * The reviewers of a test, who take a case, look at it and decide through the services of the console. Where the policy
 * wants a second opinion (rejections, approving what the machine would refuse) a second one wants the same. Each throws
 * where the console would refuse.
 */
export type TestReview = {
  approve(person: Person, reason?: ReviewReason): Promise<void>;
  reject(person: Person, reason?: ReviewReason): Promise<void>;
  /** Asks for a part again: `company` (licence), `document` or `holder` (face or photo with the document). */
  askAgain(person: Person, part: ReviewPart, reason?: ReviewReason): Promise<void>;
  /** Takes the verification away from somebody who was approved. */
  revoke(person: Person, reason?: ReviewReason): Promise<void>;
};

type Wanted = Pick<Parameters<App['review']['decisions']['decide']>[0], 'decision' | 'reasons'>;

/** Enough for two decisions with two opinions each: who took part in the first is not asked about an objection. */
const reviewers = 4;

export function createTestReview({ review, database: { stores } }: App): TestReview {
  const hired: Promise<StaffId>[] = [];
  const reviewer = (nth: number): Promise<StaffId> => (hired[nth] ??= hire(nth));

  async function hire(nth: number): Promise<StaffId> {
    const added = await review.accounts.add(`testkit-${nth + 1}`, `测试审核${nth + 1}`, 'senior');
    if (!added.ok) throw new Error(`no reviewer: ${added.reason}`);
    return added.enrolment.staff.id;
  }

  async function accountOf({ phone }: Person): Promise<AccountId> {
    const account = await stores.accounts.findByPhone(phone as PhoneNumber);
    if (!account) throw new Error(`${phone} has no account: sign in or verify first`);
    return account.id;
  }

  async function decide(person: Person, wanted: Wanted): Promise<void> {
    const found = await stores.cases.newest(await accountOf(person));
    if (!found) throw new Error(`${person.phone} was never verified`);
    for (let nth = 0; nth < reviewers; nth++) {
      if (await gives(found.id, await reviewer(nth), wanted)) return;
    }
    throw new Error(`no reviewer is left to decide about ${person.phone}`);
  }

  /** Whether the case is decided with what this reviewer wants; false where another one has to look. */
  async function gives(caseId: CaseId, staffId: StaffId, wanted: Wanted): Promise<boolean> {
    const claimed = await review.queue.claim(caseId, staffId);
    if (!claimed.ok && claimed.reason === 'took_part') return false;
    if (!claimed.ok) throw new Error(`the reviewer cannot take the case: ${claimed.reason}`);
    const shown = await review.desk.open(caseId, staffId);
    if (!shown.ok) throw new Error(`the reviewer is not shown the case: ${shown.reason}`);
    const { version } = shown.opened.evidence.case;
    const decided = await review.decisions.decide({
      ...wanted,
      caseId,
      staffId,
      version,
      note: undefined,
      message: undefined,
    });
    if (!decided.ok) throw new Error(`the decision was refused: ${decided.reason}`);
    return decided.outcome === 'decided';
  }

  return {
    approve: (person, reason = 'evidence_consistent') =>
      decide(person, { decision: 'approve', reasons: [{ reason }] }),
    reject: (person, reason = 'someone_elses_document') =>
      decide(person, { decision: 'reject', reasons: [{ reason }] }),
    askAgain: (person, step, reason = 'image_unreadable') =>
      decide(person, { decision: 'resubmit', reasons: [{ reason, step }] }),
    async revoke(person, reason = 'obtained_by_deception') {
      const [id, staffId] = [await accountOf(person), await reviewer(0)];
      const revoked = await review.revocations.revoke({
        target: 'person',
        id,
        staffId,
        reason,
        note: undefined,
      });
      if (!revoked.ok) throw new Error(`the verification was not revoked: ${revoked.reason}`);
    },
  };
}
