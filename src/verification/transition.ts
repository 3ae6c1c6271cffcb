import { AppError } from '../core/errors.ts';
import type { CaseId } from '../core/ids.ts';
import { advance } from '../core/machine.ts';
import { caseMachine, liveStates, type CaseEvent, type CaseState } from './case-machine.ts';
import type { CaseActor, DecisionReason, VerificationCase } from './case.ts';
import type { CaseChange, VerificationStores } from './stores.ts';

type Transition = {
  event: CaseEvent;
  by: CaseActor;
  change?: CaseChange;
  reasons?: readonly DecisionReason[];
};

/**
 * Moves a case by an event of the machine, with its history and its event, and returns the case as it is now;
 * undefined when the machine does not allow it or somebody else moved the case first.
 */
export async function advanceCase(
  stores: VerificationStores,
  current: VerificationCase,
  { event, by, change = {}, reasons = [] }: Transition,
): Promise<VerificationCase | undefined> {
  const to: CaseState | undefined = advance(caseMachine, current.state, event);
  if (!to) return undefined;
  const moved = await stores.cases.update(current, change, { state: to, live: liveStates.includes(to) });
  if (!moved) return undefined;
  await stores.cases.record(current.id, { event, state: to, by, reasons });
  await stores.events.append({
    type: 'case.advanced',
    subject: current.accountId,
    payload: { caseId: current.id, from: current.state, to, event },
  });
  return reread(stores, current.id);
}

/** The case as it is now, within the same transaction. */
export async function reread(stores: VerificationStores, id: CaseId): Promise<VerificationCase> {
  const found = await stores.cases.find(id);
  if (!found) throw new AppError('conflict');
  return found;
}
