import { AppError } from '../core/errors.ts';
import { failed, ok } from '../core/result.ts';
import { readingsOf } from './analysis.ts';
import type { CaseDecision, VerificationCase } from './case.ts';
import { actorOf, machineReasons, toClaims, toDecision } from './decision.ts';
import type { VerificationDeps } from './dependencies.ts';
import type { Finding } from './findings.ts';
import { actsByLaw, endOf, licenceRecord } from './licence-record.ts';
import { companyImages, personalImages } from './image-categories.ts';
import { meaningOf, type Verdict } from './judge.ts';
import { compareWithRead } from './reading/index.ts';
import type { CaseReview, DecideInput, DecideResult } from './review.ts';
import { isAboutCompany, isAboutPerson, partsOf, personInForce } from './scope.ts';
import { stepsOfParts } from './steps.ts';
import type { CaseChange, VerificationStores } from './stores.ts';
import { advanceCase } from './transition.ts';

export type Decisions<S> = CaseReview<S> & {
  /**
   * Stores what the machine saw and concluded, and does what follows from it, in the caller's transaction. Throws
   * `conflict` when the case moved on meanwhile.
   */
  applyVerdict(
    stores: S,
    current: VerificationCase,
    findings: readonly Finding[],
    verdict: Verdict,
  ): Promise<void>;
  resubmissionsLeft(current: VerificationCase): number;
};

/** What a reviewer or the machine decides, and everything that follows from it, within the caller's transaction. */
export function createDecisions<S extends VerificationStores>(deps: VerificationDeps<S>): Decisions<S> {
  const { clock, policy, objects, companies, recompute } = deps;

  return {
    async decideCase(stores, input) {
      const current = await stores.cases.find(input.caseId);
      if (!current) return failed('not_found');
      if (current.state !== 'in_review') return failed('not_in_review');
      if (input.reasons.length === 0) return failed('reasons_missing');
      const result = await decide(stores, current, input);
      if (result.ok) await recompute(stores, current.accountId);
      return result;
    },
    async loadCaseForReview(stores, caseId) {
      const found = await stores.cases.find(caseId);
      if (!found) return undefined;
      const { person, company } = found.answers;
      const analyses = await stores.analyses.ofCase(caseId);
      return {
        case: found,
        images: await stores.images.listStored(caseId),
        history: await stores.cases.history(caseId),
        analyses,
        meanings: Object.fromEntries(
          found.findings.map((finding) => [finding.code, meaningOf(finding, policy.judgement)]),
        ),
        bounds: policy.judgement.bounds,
        differences: compareWithRead(found.answers, readingsOf(analyses)),
        company: company && (await companies.find(stores, company.creditCode, found.accountId)),
        registry: await stores.registryChecks.ofCase(caseId),
        actor: await personInForce(deps, stores, found.accountId),
        duplicates: person
          ? await stores.cases.othersWithNumber(found.accountId, person.document.number)
          : [],
        resubmissionsLeft: resubmissionsLeft(found),
      };
    },
    async imageForReview(stores, imageId) {
      const image = await stores.images.find(imageId);
      if (!image || image.state !== 'stored') return undefined;
      const sealed = await objects.get(image.id);
      const jpeg = sealed && (await stores.images.openContent(image, sealed));
      return jpeg && { image, jpeg };
    },
    async revokePerson(stores, { accountId, reason }) {
      const person = await stores.persons.find(accountId);
      const keptUntil = clock.now() + policy.caseKept;
      if (!person || !(await stores.persons.revoke(accountId, reason, keptUntil)))
        return failed('not_verified');
      for (const approved of await stores.cases.listApproved(accountId)) {
        if (!isAboutPerson(approved)) continue;
        await advanceCase(stores, approved, {
          event: 'revoke',
          by: 'reviewer',
          reasons: [{ reason }],
          change: { expiresAt: keptUntil },
        });
      }
      await stores.events.append({ type: 'person.revoked', subject: accountId, payload: { reason } });
      await recompute(stores, accountId);
      return ok();
    },
    async applyVerdict(stores, current, findings, verdict) {
      const judged = { findings, verdict };
      const decided = { reasons: machineReasons(verdict), message: undefined, decidedAt: clock.now() };
      const moved =
        verdict.verdict === 'approve'
          ? await approve(stores, current, { decision: 'approve', ...decided }, judged)
          : verdict.verdict === 'ask_again'
            ? await askAgain(stores, current, { decision: 'resubmit', ...decided }, judged)
            : failed('not_in_review');
      // Whatever the machine may not decide, a person does; an identity that was taken meanwhile is theirs to untangle.
      const referred =
        moved.ok || (await advanceCase(stores, current, { event: 'refer', by: 'machine', change: judged }));
      // Somebody moved the case meanwhile: what the approval wrote before must not outlive this transaction.
      if (!referred) throw new AppError('conflict');
      await recompute(stores, current.accountId);
    },
    resubmissionsLeft,
  };

  async function decide(stores: S, current: VerificationCase, input: DecideInput): Promise<DecideResult> {
    const decision = toDecision(input, clock.now());
    if (input.decision === 'resubmit') return askAgain(stores, current, decision);
    if (input.decision === 'reject') return reject(stores, current, decision);
    return approve(stores, current, decision);
  }

  async function approve(
    stores: S,
    current: VerificationCase,
    decision: CaseDecision,
    judged: CaseChange = {},
  ): Promise<DecideResult> {
    if (isAboutPerson(current)) {
      if (!(await verifyPerson(stores, current, decision))) return failed('identity_taken');
    } else if (!(await personInForce(deps, stores, current.accountId))) {
      return failed('person_not_verified');
    }
    const moved = await conclude(stores, current, 'approve', decision, judged);
    if (!moved.ok) return moved;
    if (isAboutCompany(current)) await approveCompany(stores, { ...current, ...judged });
    if (isAboutPerson(current)) {
      await stores.events.append({
        type: 'person.verified',
        subject: current.accountId,
        payload: { caseId: current.id, level: 'rn2' },
      });
    }
    return moved;
  }

  /** False when another account holds the identity. */
  function verifyPerson(
    stores: S,
    { accountId, id: caseId, route, answers: { person } }: VerificationCase,
    { decidedAt }: CaseDecision,
  ): Promise<boolean> {
    if (!route || !person) throw new Error('a case in review is complete');
    return stores.persons.verify({
      accountId,
      level: 'rn2',
      method: route,
      claims: toClaims(person),
      verifiedAt: decidedAt,
      validUntil: endOf(person.document.expiresOn),
      caseId,
    });
  }

  async function approveCompany(
    stores: S,
    { accountId, id: caseId, companyId, answers: { company }, findings }: VerificationCase,
  ): Promise<void> {
    if (!companyId || !company) throw new Error('a case in review is complete');
    const licence = (await stores.analyses.ofCase(caseId)).licence?.reading?.fields;
    await companies.approve(stores, {
      accountId,
      caseId,
      companyId,
      name: company.name,
      evidence: actsByLaw(findings) ? 'legal_representative' : 'review',
      ...licenceRecord(licence ?? {}),
    });
  }

  async function reject(stores: S, current: VerificationCase, decision: CaseDecision): Promise<DecideResult> {
    const moved = await conclude(stores, current, 'reject', decision);
    const { accountId, id: caseId, companyId } = current;
    if (moved.ok && companyId) {
      const { reasons } = decision;
      await companies.close(stores, { accountId, caseId, companyId, reasons, outcome: 'rejected' });
    }
    return moved;
  }

  /** A final verdict: the clock of the pictures starts. */
  async function conclude(
    stores: S,
    current: VerificationCase,
    event: 'approve' | 'reject',
    decision: CaseDecision,
    judged: CaseChange = {},
  ): Promise<DecideResult> {
    const { id, accountId } = current;
    const moved = await advanceCase(stores, current, {
      event,
      by: actorOf(decision),
      reasons: decision.reasons,
      change: { ...judged, decision, expiresAt: decision.decidedAt + policy.caseKept },
    });
    if (!moved) return failed('not_in_review');
    await stores.images.scheduleDestruction(id, personalImages, decision.decidedAt + policy.personImagesKept);
    await stores.images.scheduleDestruction(id, companyImages, decision.decidedAt + policy.companyImagesKept);
    return ok({ state: moved.state, accountId });
  }

  async function askAgain(
    stores: S,
    current: VerificationCase,
    decision: CaseDecision,
    judged: CaseChange = {},
  ): Promise<DecideResult> {
    const parts = decision.reasons.flatMap(({ step }) => step ?? []);
    if (parts.length === 0 || !parts.every((part) => partsOf(current.scope).includes(part)))
      return failed('steps_missing');
    if (resubmissionsLeft(current) === 0) return failed('resubmissions_exhausted');
    const moved = await advanceCase(stores, current, {
      event: 'ask_again',
      by: actorOf(decision),
      reasons: decision.reasons,
      change: {
        ...judged,
        decision,
        redo: stepsOfParts(parts),
        expiresAt: decision.decidedAt + policy.openCaseKept,
      },
    });
    return moved ? ok({ state: moved.state, accountId: moved.accountId }) : failed('not_in_review');
  }

  function resubmissionsLeft({ round }: VerificationCase): number {
    return Math.max(0, policy.resubmissionsPerCase - Math.max(0, round - 1));
  }
}
