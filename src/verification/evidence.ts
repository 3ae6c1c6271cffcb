import { minutes, type Instant } from '../core/clock.ts';
import type { AccountId, CaseId, ImageId } from '../core/ids.ts';
import { failed, ok, type Result } from '../core/result.ts';
import { loadView, type SaveFailure, type Saved } from './answers.ts';
import { readingsOf } from './analysis.ts';
import { editableStates } from './case-machine.ts';
import type { CaseImage, ImageKind } from './case.ts';
import type { VerificationDeps } from './dependencies.ts';
import type { DocumentType } from './documents/document-types.ts';
import type { Examined, Examiner, PromptPicture } from './examiner.ts';
import { sniffImage, type ImageReason, type NormalisedImage } from './images.ts';
import type { Prompt } from './faces.ts';
import { drawPrompts } from './prompts.ts';
import type { ReadField, Readings } from './reading/index.ts';
import { nameOf } from './scope.ts';
import { isOpen, stepOfImage, steps, withoutRedo, type CaseView } from './steps.ts';
import type { VerificationStores } from './stores.ts';

export type Evidence = {
  /**
   * Takes a picture: checked by content, decoded apart, re-encoded, looked at, sealed and only then written. The one it
   * replaces is destroyed. A picture that should be taken again is kept with its complaint: `image.complaint`.
   * `frames` answer the prompts of {@link prompts}, in their order; for a selfie.
   */
  add(
    accountId: AccountId,
    kind: ImageKind,
    bytes: Buffer,
    frames?: readonly Buffer[],
  ): Promise<Result<Saved & { readonly image: CaseImage }, ImageReason | SaveFailure>>;
  /** Uses the current picture of a kind in spite of the complaint about it; a reviewer will look at it. */
  insist(accountId: AccountId, kind: ImageKind): Promise<Result<Saved, 'closed'>>;
  /** New prompts for the face check of the case under way; undefined when it has no such step now. */
  prompts(accountId: AccountId): Promise<readonly Prompt[] | undefined>;
  /** What was read from the pictures of the case being filled in, for its owner; undefined when there is none. */
  readings(accountId: AccountId): Promise<Readings | undefined>;
  /** The part of a picture that a field was read from, JPEG; for its owner while the case is being filled in. */
  crop(accountId: AccountId, kind: ImageKind, field: ReadField): Promise<Buffer | undefined>;
  /** A small version of a picture for its owner, while the case is being filled in; undefined for anybody else. */
  preview(accountId: AccountId, imageId: ImageId): Promise<Buffer | undefined>;
  /** Destroys what is due; with `caseId` of that case only. Returns how many pictures went. */
  destroyDue(now: Instant, limit: number, caseId?: CaseId): Promise<number>;
};

/** An announced picture that was not stored by then was lost with its process. */
const WRITE_TIME = minutes(10);

export function createEvidence<S extends VerificationStores>(
  deps: VerificationDeps<S>,
  examiner: Examiner,
): Evidence {
  const { stores, transact, clock, random, log, policy, images, objects } = deps;

  const activate = (
    accountId: AccountId,
    image: CaseImage,
    { analysis, expected }: Examined & { expected: DocumentType | undefined },
  ): Promise<Result<Saved, SaveFailure>> =>
    transact(async (bound) => {
      const view = await loadView(bound, accountId);
      const step = stepOfImage(image.kind);
      if (!view || view.case.id !== image.caseId || !isOpen(view, step)) return failed('closed');
      // It was looked at as a picture of another document than the person shows now.
      if (steps[step].part === 'document' && view.case.answers.documentType !== expected)
        return failed('closed');
      const change = { redo: withoutRedo(view.case, step), expiresAt: clock.now() + policy.openCaseKept };
      if (!(await bound.cases.update(view.case, change))) return failed('stale');
      if (!(await bound.images.activate(image.id))) return failed('closed');
      await bound.analyses.save(image, analysis);
      // The picture that was replaced is deleted by a job, so that a crash cannot keep it.
      await bound.jobs.enqueue({ kind: 'images.destroy', payload: { caseId: image.caseId } });
      return ok({ view: { case: view.case, images: await bound.images.listStored(image.caseId) } });
    });

  return {
    async add(accountId, kind, bytes, frames = []) {
      const view = await loadView(stores, accountId);
      if (!view || !isOpen(view, stepOfImage(kind))) return failed('closed');
      if ((await stores.images.count(view.case.id)) >= policy.imagesPerCase) return failed('too_many');
      const normalised = await normalise(bytes);
      if (!normalised.ok) return normalised;
      const answered = kind === 'selfie' ? await answersOf(view.case.id, frames) : ok({ frames: [] });
      if (!answered.ok) return answered;
      const { jpeg, thumbnail, width, height } = normalised;
      const sought = { ...view.case.answers, actor: await nameOf(deps, stores, view.case) };
      const examined = await examiner.examine(kind, jpeg, sought, answered.frames);
      // The prompts' pictures are not kept, so nobody could look at them later.
      if (answered.frames.length > 0 && examined.analysis.failure === 'busy') return failed('busy');
      const { complaint } = examined;
      const expected = view.case.answers.documentType;
      const image = await stores.images.announce(
        { caseId: view.case.id, accountId, kind, width, height, bytes: jpeg.length, complaint },
        thumbnail,
      );
      await objects.put(image.id, await stores.images.sealContent(image, jpeg));
      const saved = await activateTwice(() => activate(accountId, image, { ...examined, expected }));
      if (!saved.ok) await discard(image);
      return saved.ok ? { ...saved, image } : saved;
    },
    insist: (accountId, kind) =>
      transact(async (bound) => {
        const view = await loadView(bound, accountId);
        if (!view || !isOpen(view, stepOfImage(kind))) return failed('closed');
        if (!(await bound.images.insist(view.case.id, kind))) return failed('closed');
        return ok({ view: (await loadView(bound, accountId)) as CaseView });
      }),
    async prompts(accountId) {
      const view = await loadView(stores, accountId);
      if (!view || !isOpen(view, 'selfie')) return undefined;
      const prompts = drawPrompts(random);
      await stores.cases.setPrompts(view.case.id, { prompts, issuedAt: clock.now() });
      return prompts;
    },
    async readings(accountId) {
      const view = await editable(accountId);
      if (!view) return undefined;
      return readingsOf(await stores.analyses.ofCase(view.case.id));
    },
    async crop(accountId, kind, field) {
      const view = await editable(accountId);
      return view && (await stores.analyses.ofCase(view.case.id))[kind]?.crops[field];
    },
    async preview(accountId, imageId) {
      const image = await stores.images.find(imageId);
      if (!image || image.accountId !== accountId || image.state !== 'stored') return undefined;
      const owner = await stores.cases.find(image.caseId);
      if (!owner || !editableStates.includes(owner.state)) return undefined;
      return stores.images.thumbnail(imageId);
    },
    async destroyDue(now, limit, caseId) {
      const due = await stores.images.listDue(now, now - WRITE_TIME, limit, caseId);
      let destroyed = 0;
      for (const image of due) {
        try {
          await discard(image);
          destroyed += 1;
        } catch (error) {
          // It stays due. One file that cannot be deleted must not keep the others.
          log.error('picture not destroyed', { imageId: image.id, error });
        }
      }
      return destroyed;
    },
  };

  async function normalise(bytes: Buffer): Promise<Result<NormalisedImage, ImageReason>> {
    const sniffed = sniffImage(bytes);
    return sniffed.ok ? images.normalise(bytes) : failed(sniffed.reason);
  }

  /** The frames made safe, each with the prompt it answers; none when they do not belong to prompts that hold now. */
  async function answersOf(
    caseId: CaseId,
    frames: readonly Buffer[],
  ): Promise<Result<{ frames: PromptPicture[] }, ImageReason>> {
    // Prompts are answered once: whoever tries again gets new ones.
    const issued = frames.length > 0 ? await stores.cases.takePrompts(caseId) : undefined;
    const late = !issued || issued.issuedAt + policy.promptsKept <= clock.now();
    if (late || issued.prompts.length !== frames.length) return ok({ frames: [] });
    const pictures: PromptPicture[] = [];
    for (const [at, prompt] of issued.prompts.entries()) {
      const normalised = await normalise(frames[at] as Buffer);
      if (!normalised.ok) return normalised;
      pictures.push({ prompt, jpeg: normalised.jpeg });
    }
    return ok({ frames: pictures });
  }

  async function editable(accountId: AccountId): Promise<CaseView | undefined> {
    const view = await loadView(stores, accountId);
    return view && editableStates.includes(view.case.state) ? view : undefined;
  }

  async function discard(image: CaseImage): Promise<void> {
    await objects.delete(image.id);
    await stores.images.markDestroyed(image.id);
  }
}

/** Two pictures sent at once each change the case: the second one simply goes after the first. */
async function activateTwice(
  activate: () => Promise<Result<Saved, SaveFailure>>,
): Promise<Result<Saved, SaveFailure>> {
  const first = await activate();
  return !first.ok && first.reason === 'stale' ? activate() : first;
}
