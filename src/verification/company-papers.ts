import { failed, ok, type Result } from '../core/result.ts';
import type { Examiner } from './examiner.ts';
import { createExaminer, type ExaminerDeps } from './examiner.ts';
import { sniffImage, type ImageProcessor, type ImageReason, type NormalisedImage } from './images.ts';
import type { PictureComplaint, PictureReading } from './reading/index.ts';
import type { RecogniserFailure } from './recogniser.ts';

/** A picture of a company's paper, made safe and looked at. */
export type TakenPaper = NormalisedImage & {
  readonly reading: PictureReading | undefined;
  /** Why it should be taken again. */
  readonly complaint: PictureComplaint | undefined;
  /** Why nobody could look at it; never about the company. */
  readonly failure: RecogniserFailure | undefined;
};

/** Takes papers of companies in the way in which pictures of a case are taken: by content, decoded apart, re-encoded. */
export type CompanyPapers = {
  /** `licence`: the business licence, which is read. `other`: any paper, for a person to look at. */
  take(kind: 'licence' | 'other', bytes: Buffer): Promise<Result<{ paper: TakenPaper }, ImageReason>>;
};

export function createCompanyPapers(deps: ExaminerDeps & { readonly images: ImageProcessor }): CompanyPapers {
  const { images } = deps;
  const examiner: Examiner = createExaminer(deps);
  return {
    async take(kind, bytes) {
      const sniffed = sniffImage(bytes);
      if (!sniffed.ok) return failed(sniffed.reason);
      const normalised = await images.normalise(bytes);
      if (!normalised.ok) return normalised;
      const { ok: _, ...picture } = normalised;
      if (kind === 'other')
        return ok({ paper: { ...picture, reading: undefined, complaint: undefined, failure: undefined } });
      const { analysis, complaint } = await examiner.examine('licence', picture.jpeg, { actor: undefined });
      const { reading, failure } = analysis;
      return ok({ paper: { ...picture, reading, complaint, failure } });
    },
  };
}
