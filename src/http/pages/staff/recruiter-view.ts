import { actingStates, standingStates, type Membership } from '../../../companies/index.ts';
import type { StaffId } from '../../../core/ids.ts';
import {
  disableReasons,
  holdReasons,
  mayStaff,
  reasonsFor,
  type Hold,
  type LookUp,
  type RevocationTarget,
} from '../../../review/index.ts';
import type { Context } from '../../context.ts';
import { formatMoment } from '../../dates.ts';
import { staffOf } from '../../staff-session.ts';
import { shortId } from './console.ts';

type NameOf = (id: StaffId) => string;

/** What the one who looks may do; forms for anything else are not shown. */
export function powersOf(ctx: Context) {
  const { role } = staffOf(ctx).staff;
  return {
    revoke: mayStaff(role, 'revoke'),
    hold: mayStaff(role, 'hold'),
    suspend: mayStaff(role, 'suspend'),
  };
}

const acts = ({ state }: Membership): boolean => actingStates.includes(state);
const administers = (member: Membership): boolean => acts(member) && member.role === 'administrator';

/** A recruiter or a company as the page shows it: states, codes, and what can be done. */
export function describe(
  ctx: Context,
  found: LookUp,
  nameOf: NameOf,
  hold: Hold | undefined,
): Record<string, unknown> {
  const { t, lang } = ctx.state;
  const options = (target: RevocationTarget) =>
    reasonsFor('revoke', target).map((code) => [code, t(`review.reason.${code}.staff`)]);
  if (found.found === 'company') {
    const { company, members } = found.company;
    return {
      company: {
        id: company.id,
        name: company.name,
        creditCode: company.creditCode,
        state: t(`review.company.${company.state}`),
        isRevocable: [...standingStates, 'lapsed'].includes(company.state),
        options: options('company'),
        // Somebody who acts, where nobody who acts administers: for the appointment of an administrator.
        candidates: members.some(administers)
          ? []
          : members.filter(acts).map(({ id, accountId }) => [id, accountId]),
        members: members.map(({ id, accountId, role, state }) => ({
          id,
          accountId,
          role: t(`review.member_role.${role}`),
          state: t(`review.membership.${state}`),
          href: `/staff/recruiters?query=${accountId}`,
        })),
      },
    };
  }
  const { accountId, state, caseId, person, memberships, decisions } = found.recruiter;
  return {
    recruiter: {
      accountId,
      caseId,
      account: state && {
        state: t(`review.account.${state}`),
        isActive: state === 'active',
        isDisabled: state === 'disabled',
        holdOptions: holdReasons.map((code) => [code, t(`review.hold.${code}.staff`)]),
        disableOptions: disableReasons.map((code) => [code, t(`review.disable.${code}`)]),
      },
      hold: hold && describeHold(ctx, hold, nameOf),
      person: person && {
        state: t(`review.person.${person.state}`),
        level: person.level,
        at: formatMoment(lang, person.verifiedAt),
        isRevocable: person.state === 'verified',
        options: options('person'),
      },
      memberships: memberships.map(({ membership, company }) => ({
        id: membership.id,
        company: company?.name ?? shortId(membership.companyId),
        creditCode: company?.creditCode,
        role: t(`review.member_role.${membership.role}`),
        state: t(`review.membership.${membership.state}`),
        isRevocable: [...actingStates, 'in_review'].includes(membership.state),
        options: options('membership'),
      })),
      decisions: decisions.map((decision) => ({
        title: t(`review.decided.${decision.kind}`),
        by: nameOf(decision.staffId),
        at: formatMoment(lang, decision.occurredAt),
        reasons: decision.reasons.map(({ reason }) => t(`review.reason.${reason}.staff`)).join(' · '),
      })),
    },
  };
}

function describeHold(ctx: Context, { reason, setBy, setAt, note, appeal }: Hold, nameOf: NameOf) {
  const { t, lang } = ctx.state;
  return {
    reason: t(`review.hold.${reason}.staff`),
    by: nameOf(setBy),
    at: formatMoment(lang, setAt),
    note,
    appeal: appeal && {
      text: appeal.text,
      at: formatMoment(lang, appeal.at),
      isOpen: appeal.refusedAt === undefined,
      isForOthers: setBy === staffOf(ctx).staff.id,
    },
  };
}

/** Open objections as the list shows them. */
export function appealRows(
  ctx: Context,
  appeals: readonly Pick<Hold, 'accountId' | 'reason' | 'setBy' | 'setAt'>[],
  nameOf: NameOf,
) {
  const { t, lang } = ctx.state;
  return appeals.map(({ accountId, reason, setBy, setAt }) => ({
    accountId,
    reason: t(`review.hold.${reason}.staff`),
    by: nameOf(setBy),
    at: formatMoment(lang, setAt),
    href: `/staff/recruiters?query=${accountId}`,
  }));
}
