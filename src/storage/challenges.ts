import { timingSafeEqual } from 'node:crypto';
import type { Challenge, ChallengeStore } from '../accounts/index.ts';
import type { ChallengeId } from '../core/ids.ts';
import type { Handle } from './handle.ts';
import { deleteExpired } from './purge.ts';

/** An answered or expired challenge is kept this long, so that a late answer is told why. */
const RETENTION = 3_600_000;

export function bindChallenges({ knex, vault }: Handle): ChallengeStore {
  const purpose = (id: ChallengeId) => `otp:${id}`;
  return {
    async create({ id, purpose: use, context, code, expiresAt }) {
      await knex('challenges').insert({
        id,
        purpose: use,
        context,
        code_hash: vault.index(purpose(id), code),
        attempts: 0,
        expires_at: expiresAt + RETENTION,
      });
    },
    async find(id) {
      const row = await knex<ChallengeRow>('challenges').where({ id }).first();
      return row && fromRow(row);
    },
    async countAttempt(id, max) {
      const counted = await knex('challenges')
        .where({ id, consumed_at: null })
        .where('attempts', '<', max)
        .update({ attempts: knex.raw('attempts + 1') });
      return counted === 1;
    },
    async matches(id, code) {
      const row = await knex<ChallengeRow>('challenges').where({ id }).first('code_hash');
      const stored = Buffer.from(row?.code_hash ?? '');
      return vault.indexCandidates(purpose(id), code).some((candidate) => {
        const given = Buffer.from(candidate);
        return given.length === stored.length && timingSafeEqual(given, stored);
      });
    },
    async consume(id, now) {
      return (await knex('challenges').where({ id, consumed_at: null }).update({ consumed_at: now })) === 1;
    },
    purge: (now, limit) => deleteExpired(knex, 'challenges', 'id', now, limit),
  };
}

type ChallengeRow = {
  id: ChallengeId;
  purpose: Challenge['purpose'];
  context: string;
  code_hash: string;
  attempts: number;
  consumed_at: number | null;
  expires_at: number;
};

function fromRow(row: ChallengeRow): Challenge {
  return {
    id: row.id,
    purpose: row.purpose,
    context: row.context,
    attempts: row.attempts,
    consumedAt: row.consumed_at ?? undefined,
    expiresAt: row.expires_at - RETENTION,
  };
}
