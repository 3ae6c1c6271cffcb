import type { VerificationCase } from './case.ts';
import type { VerificationDeps } from './dependencies.ts';
import { readPerson, type AnswerError } from './entries.ts';
import { meaningOf } from './judge.ts';
import type { PictureReading, ReadField, Readings } from './reading/index.ts';
import type { CaseView } from './steps.ts';
import type { VerificationStores } from './stores.ts';

/** What the person is told by itself, before or besides what they ask. */
export type Concerns = {
  /** What a document that was read says against itself: it ran out, or its holder is too young. */
  concerns(view: CaseView, readings: Readings): readonly AnswerError[];
  /**
   * Whether this identity has another account, said only to whoever proved to be its holder: the machine read the
   * number on the document, matched the face with it and saw the prompts followed. Anybody else learns nothing.
   */
  knownElsewhere(found: VerificationCase): boolean;
};

/** Nobody can help these by typing. */
const unchangeable = ['expired', 'too_young'];

/** Without each of these, the face or the number may be somebody else's. */
const proofs = ['document_reading', 'document_data', 'face_match', 'liveness_prompts'] as const;

export function createConcerns<S extends VerificationStores>({
  clock,
  policy,
}: VerificationDeps<S>): Concerns {
  return {
    concerns({ case: { answers } }, readings) {
      const { documentType } = answers;
      if (!documentType) return [];
      const value = (field: ReadField): string => fieldOf(readings, field)?.value ?? '';
      const expiresOn = value('expiresOn');
      const read = readPerson(
        {
          name: value('name'),
          documentType,
          number: value('number'),
          birthDate: value('birthDate'),
          expiresOn: expiresOn === 'long_term' ? '' : expiresOn,
          longTerm: expiresOn === 'long_term',
          issuingState: value('issuingState'),
          confirmed: false,
        },
        clock.now(),
        policy,
      );
      return read.ok ? [] : read.errors.filter(({ reason }) => unchangeable.includes(reason));
    },
    knownElsewhere({ findings }) {
      const found = (code: string) => findings.find((finding) => finding.code === code);
      if (found('duplicate_identity')?.outcome !== 'attention') return false;
      return proofs.every((code) => {
        const finding = found(code);
        const ran = finding !== undefined && finding.outcome !== 'not_run';
        return ran && meaningOf(finding, policy.judgement) === 'ok';
      });
    },
  };
}

/** The reading of a field from the picture of the document that holds it. */
function fieldOf(readings: Readings, field: ReadField): PictureReading['fields'][ReadField] {
  const { document_page, document_front, document_back } = readings;
  return [document_page, document_front, document_back].find((one) => one?.fields[field])?.fields[field];
}
