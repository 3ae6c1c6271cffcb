import { days } from '../core/clock.ts';
import type { AccountId, CaseId, ImageId } from '../core/ids.ts';
import type { CaseImage, ImageKind, ImageStore, PictureComplaint } from '../verification/index.ts';
import type { Handle } from './handle.ts';
import { deleteExpired } from './purge.ts';

type ImageRow = {
  id: ImageId;
  case_id: CaseId;
  account_id: AccountId;
  kind: ImageKind;
  state: CaseImage['state'];
  width: number;
  height: number;
  bytes: number;
  complaint: PictureComplaint | null;
  insisted: number;
  thumbnail: Buffer | null;
  created_at: number;
  destroy_at: number | null;
  expires_at: number | null;
};

const place = (column: 'thumbnail' | 'content', row: ImageId) => ({
  table: 'verification_images',
  column,
  row,
});

/** The record of a destroyed picture (that it existed, never what it showed) goes after this many milliseconds. */
const RECORD_KEPT = days(3 * 366);

/** Company evidence is not the applicant's personal data: it is sealed under the case and outlives the account. */
export const subjectOfImage = (image: Pick<CaseImage, 'kind' | 'caseId' | 'accountId'>): string =>
  image.kind === 'licence' ? image.caseId : image.accountId;

export function bindImages({ knex, clock, ids, vault }: Handle): ImageStore {
  const table = () => knex<ImageRow>('verification_images');
  const gone = { state: 'destroying' as const, thumbnail: null };

  return {
    async announce(image, thumbnail) {
      const id = ids.next('img');
      const row: ImageRow = {
        id,
        case_id: image.caseId,
        account_id: image.accountId,
        kind: image.kind,
        state: 'pending',
        width: image.width,
        height: image.height,
        bytes: image.bytes,
        complaint: image.complaint ?? null,
        insisted: 0,
        thumbnail: await vault.seal(subjectOfImage(image), place('thumbnail', id), thumbnail),
        created_at: clock.now(),
        destroy_at: null,
        expires_at: null,
      };
      await table().insert(row);
      return fromRow(row);
    },
    async activate(id) {
      const activated = await table().where({ id, state: 'pending' }).update({ state: 'stored' });
      if (activated === 0) return false;
      const { case_id, kind } = (await table().where({ id }).first()) as ImageRow;
      await table().where({ case_id, kind, state: 'stored' }).whereNot({ id }).update(gone);
      return true;
    },
    async insist(caseId, kind) {
      const current = table().where({ case_id: caseId, kind, state: 'stored' }).whereNotNull('complaint');
      return (await current.update({ insisted: 1 })) > 0;
    },
    async find(id) {
      const row = await table().where({ id }).first();
      return row && fromRow(row);
    },
    async listStored(caseId) {
      const rows = await table().where({ case_id: caseId, state: 'stored' }).orderBy('id');
      return rows.map(fromRow);
    },
    async count(caseId) {
      const rows = knex('verification_images').where({ case_id: caseId });
      const [row] = await rows.count<{ n: string | number }[]>({ n: 'id' });
      return Number(row?.n);
    },
    async thumbnail(id) {
      const row = await table().where({ id, state: 'stored' }).first();
      return row?.thumbnail
        ? vault.open(subjectOfImage(fromRow(row)), place('thumbnail', id), row.thumbnail)
        : undefined;
    },
    sealContent: (image, content) => vault.seal(subjectOfImage(image), place('content', image.id), content),
    openContent: (image, sealed) => vault.open(subjectOfImage(image), place('content', image.id), sealed),
    async retire(caseId, kinds) {
      const images = table().where({ case_id: caseId }).whereIn('state', ['pending', 'stored']);
      if (kinds) void images.whereIn('kind', kinds);
      const retired = await images.update(gone);
      // What was seen on them goes at once; only the bytes wait for their job.
      await knex('verification_analyses')
        .where({ case_id: caseId })
        .whereIn('image_id', table().where({ case_id: caseId }).whereNot({ state: 'stored' }).select('id'))
        .delete();
      return retired;
    },
    async scheduleDestruction(caseId, kinds, at) {
      await table()
        .where({ case_id: caseId })
        .whereIn('kind', kinds)
        .update({ destroy_at: at ?? null });
    },
    async listDue(now, pendingBefore, limit, caseId) {
      const due = table()
        .where((any) =>
          any
            .where({ state: 'destroying' })
            .orWhere((late) => late.where({ state: 'stored' }).where('destroy_at', '<=', now))
            .orWhere((lost) => lost.where({ state: 'pending' }).where('created_at', '<=', pendingBefore)),
        )
        .orderBy('created_at')
        .limit(limit);
      if (caseId !== undefined) void due.where({ case_id: caseId });
      return (await due).map(fromRow);
    },
    async markDestroyed(id) {
      await knex('verification_analyses').where({ image_id: id }).delete();
      await table()
        .where({ id })
        .update({ state: 'destroyed', thumbnail: null, expires_at: clock.now() + RECORD_KEPT });
    },
    purge: (now, limit) => deleteExpired(knex, 'verification_images', 'id', now, limit),
  };
}

function fromRow(row: ImageRow): CaseImage {
  return {
    id: row.id,
    caseId: row.case_id,
    accountId: row.account_id,
    kind: row.kind,
    state: row.state,
    width: row.width,
    height: row.height,
    bytes: row.bytes,
    complaint: row.complaint ?? undefined,
    insisted: row.insisted === 1,
    createdAt: row.created_at,
    destroyAt: row.destroy_at ?? undefined,
  };
}
