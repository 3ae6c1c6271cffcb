import type { CheckPictureId, CompanyCheckId } from '../core/ids.ts';
import type { CheckPicture, CheckPictureStore } from '../companies/index.ts';
import type { Handle } from './handle.ts';

type PictureRow = {
  id: CheckPictureId;
  check_id: CompanyCheckId;
  state: CheckPicture['state'];
  width: number;
  height: number;
  complaint: NonNullable<CheckPicture['complaint']> | null;
  thumbnail: Buffer | null;
  created_at: number;
  destroy_at: number | null;
};

const place = (column: 'thumbnail' | 'content', row: CheckPictureId) => ({
  table: 'company_check_pictures',
  column,
  row,
});

export function bindCheckPictures({ knex, clock, ids, vault }: Handle): CheckPictureStore {
  const table = () => knex<PictureRow>('company_check_pictures');
  const gone = { state: 'destroying' as const, thumbnail: null };
  return {
    async announce({ checkId, width, height, complaint }, thumbnail) {
      const id = ids.next('pic');
      const row: PictureRow = {
        id,
        check_id: checkId,
        state: 'pending',
        width,
        height,
        complaint: complaint ?? null,
        thumbnail: await vault.seal(checkId, place('thumbnail', id), thumbnail),
        created_at: clock.now(),
        destroy_at: null,
      };
      await table().insert(row);
      return fromRow(row);
    },
    async activate(id) {
      if ((await table().where({ id, state: 'pending' }).update({ state: 'stored' })) === 0) return false;
      const { check_id } = (await table().where({ id }).first()) as PictureRow;
      await table().where({ check_id, state: 'stored' }).whereNot({ id }).update(gone);
      return true;
    },
    async current(checkId) {
      const row = await table().where({ check_id: checkId, state: 'stored' }).orderBy('id', 'desc').first();
      return row && fromRow(row);
    },
    async count(checkId) {
      const rows = knex('company_check_pictures').where({ check_id: checkId });
      const [row] = await rows.count<{ n: string | number }[]>({ n: 'id' });
      return Number(row?.n);
    },
    async thumbnail({ id, checkId }) {
      const row = await table().where({ id, state: 'stored' }).first();
      return row?.thumbnail ? vault.open(checkId, place('thumbnail', id), row.thumbnail) : undefined;
    },
    sealContent: ({ id, checkId }, content) => vault.seal(checkId, place('content', id), content),
    openContent: ({ id, checkId }, sealed) => vault.open(checkId, place('content', id), sealed),
    async scheduleDestruction(checkId, at, now) {
      const kept = table().where({ check_id: checkId }).whereIn('state', ['pending', 'stored']);
      await kept.update(at <= now ? gone : { destroy_at: at });
    },
    async listDue(now, pendingBefore, limit) {
      const due = table()
        .where({ state: 'destroying' })
        .orWhere((late) => late.where({ state: 'stored' }).where('destroy_at', '<=', now))
        .orWhere((lost) => lost.where({ state: 'pending' }).where('created_at', '<=', pendingBefore));
      return (await due.orderBy('created_at').limit(limit)).map(fromRow);
    },
    async markDestroyed(id) {
      await table().where({ id }).update({ state: 'destroyed', thumbnail: null });
    },
  };
}

function fromRow(row: PictureRow): CheckPicture {
  return {
    id: row.id,
    checkId: row.check_id,
    state: row.state,
    width: row.width,
    height: row.height,
    complaint: row.complaint ?? undefined,
  };
}
