import { seconds, type Instant } from '../core/clock.ts';
import type { CaseId } from '../core/ids.ts';
import { loadView } from './answers.ts';
import { askAuthority } from './ask-authority.ts';
import { askRegistry } from './ask-registry.ts';
import type { VerificationCase } from './case.ts';
import type { Decisions } from './decisions.ts';
import type { VerificationDeps } from './dependencies.ts';
import type { Examiner } from './examiner.ts';
import type { Finding } from './findings.ts';
import { inspect, type Inspected } from './inspect.ts';
import { judge } from './judge.ts';
import { measureLikenesses } from './likenesses.ts';
import { openImage } from './open-image.ts';
import { nameOf, partsOf } from './scope.ts';
import type { CaseView } from './steps.ts';
import type { VerificationStores } from './stores.ts';

/** `wait`: an authority or a registry has not answered yet; examine again after `delay` milliseconds. */
export type ExaminationResult =
  { readonly outcome: 'done' } | { readonly outcome: 'wait'; readonly delay: number };

export type Examination = {
  /**
   * Job `case.examine`: looks at what was not looked at yet, asks authority and registry, and applies the verdict in one
   * transaction. May be run again at any point after a crash; a case that moved on is left alone.
   */
  examine(caseId: CaseId): Promise<ExaminationResult>;
  /**
   * Gives cases to a person whose examination came to no end, whatever went wrong: nobody waits for a machine for ever.
   * Returns how many.
   */
  referUnjudged(now: Instant, limit: number): Promise<number>;
};

const done: ExaminationResult = { outcome: 'done' };

export function createExamination<S extends VerificationStores>(
  deps: VerificationDeps<S>,
  examiner: Examiner,
  decisions: Pick<Decisions<S>, 'applyVerdict' | 'resubmissionsLeft'>,
): Examination {
  const { stores, transact, clock, policy, companies, log } = deps;
  /** The same case is examined once at a time in this process: the page that waits and the job share one run. */
  const running = new Map<CaseId, Promise<ExaminationResult>>();

  async function run(caseId: CaseId): Promise<ExaminationResult> {
    const current = await stores.cases.find(caseId);
    if (current?.state !== 'submitted') return done;
    const view = (await loadView(stores, current.accountId)) as CaseView;
    await examineUnseen(view);
    const authority = await askAuthority(deps, view);
    const registry = await askRegistry(deps, view.case);
    if (authority === 'pending' || registry === 'pending') return { outcome: 'wait', delay: seconds(30) };
    const likenesses = await measureLikenesses(deps, view);
    return transact(async (bound): Promise<ExaminationResult> => {
      const read = await bound.cases.find(caseId);
      if (read?.state !== 'submitted') return done;
      // Handed in anew meanwhile: what was seen is of the round before, and a job may have joined this run.
      if (read.version !== current.version) return { outcome: 'wait', delay: 0 };
      const findings = inspect({ ...(await gather(bound, read)), likenesses, authority, registry });
      await conclude(bound, read, findings);
      return done;
    });
  }

  async function conclude(bound: S, read: VerificationCase, findings: readonly Finding[]): Promise<void> {
    const verdict = judge(findings, {
      ...policy.judgement,
      version: policy.version,
      parts: partsOf(read.scope),
      resubmissionsLeft: decisions.resubmissionsLeft(read),
    });
    await decisions.applyVerdict(bound, read, findings, verdict);
  }

  /** Pictures that came while the recogniser was overloaded or down; a picture that ended it is not tried again. */
  async function examineUnseen({ case: current, images }: CaseView): Promise<void> {
    const analyses = await stores.analyses.ofCase(current.id);
    const sought = { ...current.answers, actor: await nameOf(deps, stores, current) };
    for (const image of images) {
      const seen = analyses[image.kind];
      if (seen && (seen.failure === undefined || seen.failure === 'crashed' || seen.failure === 'timeout'))
        continue;
      const jpeg = await openImage(deps, image);
      if (!jpeg) continue;
      const { analysis } = await examiner.examine(image.kind, jpeg, sought);
      await stores.analyses.save(image, analysis);
      if (analysis.failure) log.warn('picture not examined', { imageId: image.id, reason: analysis.failure });
    }
  }

  async function gather(
    bound: S,
    read: VerificationCase,
  ): Promise<Omit<Inspected, 'likenesses' | 'authority' | 'registry'>> {
    const { answers, accountId } = read;
    return {
      case: read,
      images: await bound.images.listStored(read.id),
      analyses: await bound.analyses.ofCase(read.id),
      company: answers.company && (await companies.find(bound, answers.company.creditCode, accountId)),
      actor: await nameOf(deps, bound, read),
      duplicate: await isDuplicate(bound, accountId, answers.person?.document.number),
      now: clock.now(),
      policy,
    };
  }

  return {
    examine(caseId) {
      const known = running.get(caseId);
      if (known) return known;
      const started = run(caseId).finally(() => running.delete(caseId));
      running.set(caseId, started);
      return started;
    },
    async referUnjudged(now, limit) {
      const unjudged = await stores.cases.listUnjudged(now - policy.examinationPatience, limit);
      for (const { id, version } of unjudged) {
        log.error('case not examined', { caseId: id });
        await transact(async (bound) => {
          const read = await bound.cases.find(id);
          // Without findings every required check is missing, which is for a person.
          if (read?.state === 'submitted' && read.version === version) await conclude(bound, read, []);
        });
      }
      return unjudged.length;
    },
  };
}

async function isDuplicate(
  stores: VerificationStores,
  accountId: VerificationCase['accountId'],
  number: string | undefined,
): Promise<boolean> {
  if (number === undefined) return false;
  if (await stores.persons.isTaken(accountId, number)) return true;
  return (await stores.cases.othersWithNumber(accountId, number)).length > 0;
}
