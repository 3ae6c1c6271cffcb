import {
  isAboutPerson,
  partsOf,
  settleScope,
  type CaseScope,
  type Standing,
} from '../../../verification/index.ts';
import type { Context } from '../../context.ts';
import { visitorOf } from '../../sign-in.ts';
import { sayPast } from '../company/past.ts';
import { whereTo, type VerifyDependencies } from './journey.ts';
import { sayDuration } from './wording.ts';

/** What the start page shows: what the verification is about, what it takes, and what it could be about instead. */
export async function startPage(ctx: Context, { verification, findPast }: VerifyDependencies) {
  const { accountId } = visitorOf(ctx);
  const view = await verification.view(accountId);
  const counts = await verification.standing(accountId);
  const underWay = view !== undefined && ['open', 'resubmission'].includes(view.case.state);
  const scope = underWay ? view.case.scope : settleScope(counts);
  const past = await findPast(accountId);
  const isSettled = underWay && view.case.state !== 'open';
  return {
    ...(await times(ctx, verification)),
    continueHref: underWay ? whereTo(view) : undefined,
    scope,
    needs: partsOf(scope),
    showsHolder: isAboutPerson({ scope }),
    joined: counts.joined,
    past: past && sayPast(ctx, past),
    asksHow: scope !== 'person' && counts.joined.length === 0 && !isSettled,
    mayJoin: counts.joined.length > 0 && !isSettled,
    others: isSettled ? [] : choices(counts).filter((one) => one !== scope),
  };
}

/** What somebody may sensibly have verified, that which is missing first. */
function choices(counts: Standing): readonly CaseScope[] {
  if (counts.joined.length === 0) return [settleScope(counts)];
  return counts.person ? ['person_and_company', 'company', 'person'] : ['person', 'person_and_company'];
}

/** How long a decision takes, from real figures: by whoever decided, and by a reviewer. */
async function times(ctx: Context, verification: VerifyDependencies['verification']) {
  const [all, reviewed] = [await verification.reviewTime(), await verification.reviewTime('reviewer')];
  const say = (ms: number | undefined) => (ms === undefined ? undefined : sayDuration(ctx, ms));
  return { typical: say(all), reviewed: say(reviewed) };
}
