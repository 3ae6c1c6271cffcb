import type { CaseId, ImageId } from '../core/ids.ts';
import type { AnalysisStore, ImageAnalysis, ImageKind } from '../verification/index.ts';
import type { Handle } from './handle.ts';
import { subjectOfImage } from './verification-images.ts';

type AnalysisRow = {
  image_id: ImageId;
  case_id: CaseId;
  /** Whose data key sealed it: the person's, or the case's for company evidence. */
  subject: string;
  content: Buffer;
  created_at: number;
};

const place = (row: ImageId) => ({ table: 'verification_analyses', column: 'content', row });

export function bindAnalyses({ knex, clock, vault }: Handle): AnalysisStore {
  const table = () => knex<AnalysisRow>('verification_analyses');

  return {
    async save(image, analysis) {
      const subject = subjectOfImage(image);
      const row: AnalysisRow = {
        image_id: image.id,
        case_id: image.caseId,
        subject,
        content: await vault.seal(subject, place(image.id), encode(analysis)),
        created_at: clock.now(),
      };
      await table().insert(row).onConflict('image_id').merge();
      // Whoever retires the picture from now on sees the row; whoever did before is seen here.
      const stored = knex('verification_images').where({ id: image.id, state: 'stored' }).select('id');
      await table().where({ image_id: image.id }).whereNotIn('image_id', stored).delete();
    },
    async ofCase(caseId) {
      const rows: (AnalysisRow & { kind: ImageKind })[] = await knex('verification_analyses as analysis')
        .join('verification_images as image', 'image.id', 'analysis.image_id')
        .where({ 'analysis.case_id': caseId, 'image.state': 'stored' })
        .select('analysis.image_id', 'analysis.subject', 'analysis.content', 'image.kind');
      const found = await Promise.all(
        rows.map(async ({ image_id: id, subject, content, kind }) => {
          const opened = await vault.openText(subject, place(id), content);
          return opened === undefined ? [] : [[kind, decode(opened)] as const];
        }),
      );
      return Object.fromEntries(found.flat());
    },
  };
}

/** JSON with the pictures in base64. */
function encode(analysis: ImageAnalysis): string {
  return JSON.stringify(analysis, (_, value: unknown) =>
    isBufferJson(value) ? { base64: Buffer.from(value.data).toString('base64') } : value,
  );
}

function decode(text: string): ImageAnalysis {
  return JSON.parse(text, (_, value: unknown) =>
    isEncoded(value) ? Buffer.from(value.base64, 'base64') : value,
  ) as ImageAnalysis;
}

/** What `Buffer.prototype.toJSON` leaves. */
function isBufferJson(value: unknown): value is { data: number[] } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
}

function isEncoded(value: unknown): value is { base64: string } {
  return typeof value === 'object' && value !== null && 'base64' in value;
}
