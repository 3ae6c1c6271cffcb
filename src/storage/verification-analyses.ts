import type { CaseId, ImageId } from '../core/ids.ts';
import type { Analyses, AnalysisStore, ImageAnalysis, ImageKind } from '../verification/index.ts';
import type { Handle } from './handle.ts';
import { subjectOfImage } from './verification-images.ts';

type AnalysisRow = {
  image_id: ImageId;
  case_id: CaseId;
  /** Whose data key sealed it: the person's, or the case's for company evidence. */
  subject: string;
  content: Buffer;
  templates: Buffer | null;
  created_at: number;
};

const place = (column: 'content' | 'templates', row: ImageId) => ({
  table: 'verification_analyses',
  column,
  row,
});

export function bindAnalyses({ knex, clock, vault }: Handle): AnalysisStore {
  const table = () => knex<AnalysisRow>('verification_analyses');

  return {
    async save(image, analysis, templates) {
      const subject = subjectOfImage(image);
      const row: AnalysisRow = {
        image_id: image.id,
        case_id: image.caseId,
        subject,
        content: await vault.seal(subject, place('content', image.id), encode(analysis)),
        templates:
          templates.length === 0
            ? null
            : await vault.seal(subject, place('templates', image.id), encodeTemplates(templates)),
        created_at: clock.now(),
      };
      await table().insert(row).onConflict('image_id').merge();
    },
    async ofCase(caseId) {
      const rows: (AnalysisRow & { kind: ImageKind })[] = await knex('verification_analyses as analysis')
        .join('verification_images as image', 'image.id', 'analysis.image_id')
        .where({ 'analysis.case_id': caseId, 'image.state': 'stored' })
        .select('analysis.image_id', 'analysis.subject', 'analysis.content', 'image.kind');
      const found = await Promise.all(
        rows.map(async ({ image_id: id, subject, content, kind }) => {
          const opened = await vault.openText(subject, place('content', id), content);
          return opened === undefined ? [] : [[kind, decode(opened)] as const];
        }),
      );
      return Object.fromEntries(found.flat()) as Analyses;
    },
    async templates(imageId) {
      const row = await table().where({ image_id: imageId }).first();
      if (!row?.templates) return [];
      const opened = await vault.open(row.subject, place('templates', imageId), row.templates);
      return opened ? decodeTemplates(opened) : [];
    },
    async destroyTemplates(caseId) {
      await table().where({ case_id: caseId }).update({ templates: null });
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

/** Each template as its length and its 32-bit floats, little-endian. */
function encodeTemplates(templates: readonly Float32Array[]): Buffer {
  return Buffer.concat(
    templates.map((template) => {
      const head = Buffer.alloc(4);
      head.writeUInt32LE(template.length);
      return Buffer.concat([head, Buffer.from(template.slice().buffer)]);
    }),
  );
}

function decodeTemplates(bytes: Buffer): Float32Array[] {
  const templates: Float32Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32LE(at);
    const end = at + 4 + length * 4;
    templates.push(new Float32Array(new Uint8Array(bytes.subarray(at + 4, end)).buffer));
    at = end;
  }
  return templates;
}
