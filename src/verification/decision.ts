import type { Instant } from '../core/clock.ts';
import type { CaseActor, CaseDecision, DecisionReason, PersonAnswers } from './case.ts';
import type { Verdict } from './judge.ts';
import type { PersonClaims } from './person.ts';
import type { DecideInput } from './review.ts';

/** What the person reads on the status page when the machine decided; codes of the reviewers' list. */
export function machineReasons({ verdict, again }: Verdict): DecisionReason[] {
  if (verdict === 'approve') return [{ reason: 'evidence_consistent' }];
  return again.map((step) => ({ reason: step === 'holder' ? 'face_not_visible' : 'image_unreadable', step }));
}

export const actorOf = ({ staffId }: CaseDecision): CaseActor =>
  staffId === undefined ? 'machine' : 'reviewer';

export function toDecision(input: DecideInput, decidedAt: Instant): CaseDecision {
  const { decision, reasons, staffId } = input;
  const message = input.message?.trim();
  return { decision, reasons, staffId, decidedAt, message: message === '' ? undefined : message };
}

/** What an approval verifies about a person. */
export function toClaims({ name, document, issuingState }: PersonAnswers): PersonClaims {
  return {
    name,
    birthDate: document.birthDate,
    documentType: document.type,
    documentNumber: document.number,
    ...(document.sex ? { sex: document.sex } : {}),
    ...(document.expiresOn ? { documentExpiresOn: document.expiresOn } : {}),
    ...(issuingState ? { issuingState } : {}),
  };
}
