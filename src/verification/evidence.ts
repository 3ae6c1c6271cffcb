import { minutes, type Instant } from '../core/clock.ts';
import type { AccountId, CaseId, ImageId } from '../core/ids.ts';
import { failed, ok, type Result } from '../core/result.ts';
import { loadView, type SaveFailure, type Saved } from './answers.ts';
import { editableStates } from './case-machine.ts';
import type { CaseImage, ImageKind } from './case.ts';
import type { VerificationDeps } from './dependencies.ts';
import { sniffImage, type ImageReason } from './images.ts';
import { isOpen, stepOfImage, withoutRedo } from './steps.ts';
import type { VerificationStores } from './stores.ts';

export type Evidence = {
  /**
   * Takes a picture: checked by content, decoded apart, re-encoded, sealed and only then written. The one it replaces
   * is destroyed.
   */
  add(
    accountId: AccountId,
    kind: ImageKind,
    bytes: Buffer,
  ): Promise<Result<Saved, ImageReason | SaveFailure>>;
  /** A small version of a picture for its owner, while the case is being filled in; undefined for anybody else. */
  preview(accountId: AccountId, imageId: ImageId): Promise<Buffer | undefined>;
  /** Destroys what is due; with `caseId` of that case only. Returns how many pictures went. */
  destroyDue(now: Instant, limit: number, caseId?: CaseId): Promise<number>;
};

/** An announced picture that was not stored by then was lost with its process. */
const WRITE_TIME = minutes(10);

export function createEvidence<S extends VerificationStores>(deps: VerificationDeps<S>): Evidence {
  const { stores, transact, clock, log, policy, images, objects } = deps;

  const activate = (accountId: AccountId, image: CaseImage): Promise<Result<Saved, SaveFailure>> =>
    transact(async (bound) => {
      const view = await loadView(bound, accountId);
      const step = stepOfImage(image.kind);
      if (!view || view.case.id !== image.caseId || !isOpen(view, step)) return failed('closed');
      const change = { redo: withoutRedo(view.case, step), expiresAt: clock.now() + policy.openCaseKept };
      if (!(await bound.cases.update(view.case, change))) return failed('stale');
      if (!(await bound.images.activate(image.id))) return failed('closed');
      // The picture that was replaced is deleted by a job, so that a crash cannot keep it.
      await bound.jobs.enqueue({ kind: 'images.destroy', payload: { caseId: image.caseId } });
      return ok({ view: { case: view.case, images: await bound.images.listStored(image.caseId) } });
    });

  return {
    async add(accountId, kind, bytes) {
      const view = await loadView(stores, accountId);
      if (!view || !isOpen(view, stepOfImage(kind))) return failed('closed');
      if ((await stores.images.count(view.case.id)) >= policy.imagesPerCase) return failed('too_many');
      const sniffed = sniffImage(bytes);
      if (!sniffed.ok) return failed(sniffed.reason);
      const normalised = await images.normalise(bytes);
      if (!normalised.ok) return normalised;
      const { jpeg, thumbnail, width, height } = normalised;
      const image = await stores.images.announce(
        { caseId: view.case.id, accountId, kind, width, height, bytes: jpeg.length },
        thumbnail,
      );
      await objects.put(image.id, await stores.images.sealContent(image, jpeg));
      const saved = await activateTwice(() => activate(accountId, image));
      if (!saved.ok) await discard(image);
      return saved;
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
