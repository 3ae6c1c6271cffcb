import type { Knex } from 'knex';
import type {
  AuditEntry,
  AuditLine,
  AuditLog,
  AuditRecord,
  ChainEnd,
  EndKind,
  SignedEnd,
} from '../audit/index.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { linkHash } from '../core/hash-chain.ts';
import type { Handle } from './handle.ts';

type Row = {
  sequence: number;
  occurred_at: number;
  actor: string;
  action: string;
  target: string | null;
  details: string;
  previous_hash: string;
  hash: string;
};

type EndRow = { kind: string; sequence: number; hash: string; mac: string | null };

export function bindAudit({ knex, dialect, vault, clock, beforeCommit }: Handle): AuditLog {
  const sign = (kind: EndKind, { sequence, hash }: ChainEnd) =>
    vault.index('audit-end', `${kind}\0${sequence}\0${hash}`);

  /** One writer at a time, until its transaction ends: SQLite has no other, PostgreSQL waits for the row. */
  async function lockEnd(transaction: Knex, kind: 'anchor' | 'head'): Promise<EndRow> {
    const query = transaction<EndRow>('audit_ends').where({ kind }).first();
    const end = await (dialect === 'postgres' ? query.forUpdate() : query);
    if (!end) throw new Error('the audit log has lost its ends');
    return end;
  }

  async function moveEnd(transaction: Knex, kind: 'anchor' | 'head', end: ChainEnd): Promise<void> {
    await transaction('audit_ends')
      .where({ kind })
      .update({ sequence: end.sequence, hash: end.hash, mac: sign(kind, end) });
  }

  async function write(transaction: Knex, entry: AuditEntry): Promise<void> {
    const head = await lockEnd(transaction, 'head');
    const occurredAt = clock.now();
    const { actor, action, target = null, details = {} } = entry;
    const link: Omit<AuditLine, 'hash'> = {
      sequence: head.sequence + 1,
      occurred_at: new Date(occurredAt).toISOString(),
      actor,
      action,
      target,
      details,
      previous_hash: head.hash,
    };
    const hash = linkHash(link);
    await transaction('audit_log').insert({
      ...link,
      occurred_at: occurredAt,
      details: canonicalJson(details),
      hash,
    });
    await moveEnd(transaction, 'head', { sequence: link.sequence, hash });
  }

  return {
    async append(entry) {
      if (beforeCommit) beforeCommit(() => write(knex, entry));
      else await knex.transaction((transaction) => write(transaction, entry));
    },
    async newest({ before, limit }) {
      const query = knex<Row>('audit_log').orderBy('sequence', 'desc').limit(limit);
      return (await (before === undefined ? query : query.where('sequence', '<', before))).map(toRecord);
    },
    async latest(action) {
      const row = await knex<Row>('audit_log').where({ action }).orderBy('sequence', 'desc').first();
      return row && toRecord(row);
    },
    async read({ after, until, limit }) {
      const query = knex<Row>('audit_log').where('sequence', '>', after).orderBy('sequence').limit(limit);
      if (until !== undefined) void query.where('sequence', '<=', until);
      return (await query).map(toRecord);
    },
    async span({ from, to }) {
      const opening = knex('audit_log').min<{ n: number | null }[]>({ n: 'sequence' });
      if (from !== undefined) void opening.where('occurred_at', '>=', from);
      const closing = knex('audit_log').max<{ n: number | null }[]>({ n: 'sequence' });
      if (to !== undefined) void closing.where('occurred_at', '<', to);
      const first = (await opening)[0]?.n ?? Infinity;
      const last = (await closing)[0]?.n ?? 0;
      return first <= last ? { first, last } : undefined;
    },
    async ends() {
      const rows = await knex<EndRow>('audit_ends');
      const end = (wanted: string): SignedEnd => {
        const row = rows.find(({ kind }) => kind === wanted);
        if (!row) throw new Error('the audit log has lost its ends');
        return { sequence: row.sequence, hash: row.hash, mac: row.mac };
      };
      return { anchor: end('anchor'), head: end('head') };
    },
    sign,
    isGenuine(kind, { sequence, hash, mac }) {
      if (mac === null) return kind !== 'export' && sequence === 0 && /^0+$/.test(hash);
      return vault.indexCandidates('audit-end', `${kind}\0${sequence}\0${hash}`).includes(mac);
    },
    purge: async (before, limit) =>
      knex.transaction(async (transaction): Promise<number> => {
        const anchor = await lockEnd(transaction, 'anchor');
        const oldest = await transaction<Row>('audit_log')
          .where('sequence', '>', anchor.sequence)
          .orderBy('sequence')
          .limit(limit)
          .select('sequence', 'hash', 'occurred_at');
        const kept = oldest.findIndex(({ occurred_at }) => occurred_at >= before);
        const expired = kept === -1 ? oldest : oldest.slice(0, kept);
        const last = expired.at(-1);
        if (!last) return 0;
        await moveEnd(transaction, 'anchor', last);
        return transaction('audit_log').where('sequence', '<=', last.sequence).delete();
      }),
  };
}

function toRecord(row: Row): AuditRecord {
  return {
    sequence: row.sequence,
    occurredAt: row.occurred_at,
    actor: row.actor,
    action: row.action,
    target: row.target,
    details: JSON.parse(row.details) as AuditRecord['details'],
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}
