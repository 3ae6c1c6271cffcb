import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { beforeAll, expect, it } from 'vitest';
import {
  exportLines,
  toLine,
  verifyExport,
  verifyLog,
  type AuditEntry,
  type AuditLog,
} from '../../src/audit/index.ts';
import { days } from '../../src/core/clock.ts';
import { linkHash } from '../../src/core/hash-chain.ts';
import { bindAudit } from '../../src/storage/audit-log.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';

const entry = (note: string): AuditEntry => ({
  actor: 'system',
  action: 'policy.changed',
  target: 'policy',
  details: { note },
});

const all = (log: AuditLog) => log.read({ after: 0, limit: 10_000 });

describeDatabases('the audit log', (open, dialect) => {
  let database: TestDatabase;
  let log: AuditLog;
  beforeAll(async () => {
    database = await open();
    log = database.stores.audit;
  });

  it('is whole while it is empty', async () => {
    expect(await verifyLog(log)).toMatchObject({ ok: true, records: 0 });
  });

  it('records with the transaction, or not at all', async () => {
    await database.transact(async (bound) => {
      await bound.audit.append(entry('kept'));
      await bound.audit.append(entry('and another'));
    });
    const failing = database.transact(async (bound) => {
      await bound.audit.append(entry('lost'));
      throw new Error('changed its mind');
    });
    await expect(failing).rejects.toThrow('changed its mind');
    expect((await all(log)).map(({ details }) => details['note'])).toEqual(['kept', 'and another']);
  });

  it('stays one line without gaps when many append at once', async () => {
    // Two connections of one thread to a SQLite file would wait for each other; processes wait for the file.
    const others =
      dialect === 'sqlite'
        ? [database, database]
        : [await open({ same: database }), await open({ same: database })];
    const before = (await log.ends()).head.sequence;
    const writers = [database, ...others];
    const acts = Array.from({ length: 60 }, (_, n) => writers[n % 3] as TestDatabase);
    await Promise.all(
      acts.map((writer, n) =>
        n % 5 === 0
          ? writer.stores.audit.append(entry(`${n}`))
          : writer.transact((bound) => bound.audit.append(entry(`${n}`))),
      ),
    );
    const records = await log.read({ after: before, limit: 1000 });
    expect(records.map(({ sequence }) => sequence - before)).toEqual(acts.map((_, n) => n + 1));
    expect(new Set(records.map(({ details }) => details['note'])).size).toBe(60);
    expect(await verifyLog(log)).toMatchObject({ ok: true, records: before + 60 });
  });

  it('answers the newest first, page by page, and a period oldest first', async () => {
    const [newest, second] = await log.newest({ limit: 2 });
    expect(newest?.sequence).toBe((second?.sequence ?? 0) + 1);
    expect((await log.newest({ before: newest?.sequence, limit: 1 }))[0]).toEqual(second);
    database.clock.advance(days(1));
    const from = database.clock.now();
    await log.append(entry('today'));
    const span = await log.span({ from, to: from + 1 });
    if (!span) throw new Error('nothing today');
    const today = await log.read({ after: span.first - 1, until: span.last, limit: 10 });
    expect(today.map(({ details }) => details['note'])).toEqual(['today']);
    expect(await log.span({ from: from + 1 })).toBeUndefined();
  });

  it('keeps a record when its key is an older one by now', async () => {
    const { options, dependencies } = database;
    const fresh = { id: 'fresh', key: randomBytes(32) };
    const rotated = await openDatabase(options, {
      ...dependencies,
      indexKeys: [fresh, ...dependencies.indexKeys],
    });
    expect(await verifyLog(rotated.stores.audit)).toMatchObject({ ok: true });
    const stranger = await openDatabase(options, { ...dependencies, indexKeys: [fresh] });
    expect(await verifyLog(stranger.stores.audit)).toMatchObject({ ok: false, problem: 'forged_end' });
    await rotated.close();
    await stranger.close();
  });

  it.each(['update audit_log set details = details', 'delete from audit_log where sequence = 1'])(
    'is not changed by a statement: %s',
    async (statement) => {
      await expect(database.connection.knex.raw(statement)).rejects.toThrow('append-only');
    },
  );

  /** What somebody who owns the database, but no key, might do; each in a transaction that is rolled back. */
  async function afterTampering(tamper: (knex: Knex) => Promise<unknown>) {
    let seen: unknown;
    await database.connection.knex
      .transaction(async (knex) => {
        for (const trigger of ['audit_log_append_only', 'audit_log_anchored']) {
          await knex.raw(`drop trigger ${trigger}${dialect === 'postgres' ? ' on audit_log' : ''}`);
        }
        await tamper(knex);
        seen = await verifyLog(bindAudit({ ...database.handle, knex }));
        throw new Error('undo');
      })
      .catch((error: unknown) => {
        if (!(error instanceof Error) || error.message !== 'undo') throw error;
      });
    return seen;
  }

  const rows = (knex: Knex) => knex('audit_log');
  const head = (knex: Knex) => knex('audit_ends').where({ kind: 'head' });

  /** Writes every hash from `sequence` on anew, and the head, as somebody who knows the format would. */
  async function recompute(knex: Knex, from: number): Promise<void> {
    const forger = bindAudit({ ...database.handle, knex });
    const [before] = await forger.read({ after: from - 2, limit: 1 });
    let end = { sequence: from - 1, hash: before?.hash ?? '' };
    for (const record of await forger.read({ after: from - 1, limit: 1000 })) {
      const { hash: _, ...link } = { ...toLine(record), previous_hash: end.hash };
      end = { sequence: record.sequence, hash: linkHash(link) };
      await rows(knex)
        .where({ sequence: record.sequence })
        .update({ previous_hash: link.previous_hash, hash: end.hash });
    }
    await head(knex).update(end);
  }

  const change = (knex: Knex) =>
    rows(knex)
      .where({ sequence: 5 })
      .update({ details: JSON.stringify({ note: 'nothing happened' }) });

  it('is believed by nobody once it was tampered with', async () => {
    const { head: end } = await log.ends();
    const [last] = await log.newest({ limit: 1 });
    if (!last) throw new Error('no record');
    expect(await afterTampering(async () => undefined)).toMatchObject({ ok: true });
    const tampering: Record<string, [number, string, (knex: Knex) => Promise<unknown>]> = {
      'a change': [5, 'altered', change],
      'another actor': [5, 'altered', (knex) => rows(knex).where({ sequence: 5 }).update({ actor: 'cli' })],
      'another time': [5, 'altered', (knex) => rows(knex).where({ sequence: 5 }).increment('occurred_at', 1)],
      'a deletion': [5, 'gap', (knex) => rows(knex).where({ sequence: 5 }).delete()],
      'two swapped': [
        5,
        'unlinked',
        async (knex) => {
          await rows(knex).where({ sequence: 5 }).update({ sequence: -1 });
          await rows(knex).where({ sequence: 6 }).update({ sequence: 5 });
          await rows(knex).where({ sequence: -1 }).update({ sequence: 6 });
        },
      ],
      'a record with a new hash': [
        6,
        'unlinked',
        async (knex) => {
          await change(knex);
          const [record] = await bindAudit({ ...database.handle, knex }).read({ after: 4, limit: 1 });
          if (!record) throw new Error('no record');
          const { hash: _, ...link } = toLine(record);
          await rows(knex)
            .where({ sequence: 5 })
            .update({ hash: linkHash(link) });
        },
      ],
      'the end cut off': [10, 'ends_early', (knex) => rows(knex).where('sequence', '>=', 10).delete()],
      'the end cut off, and the head moved': [
        9,
        'forged_end',
        async (knex) => {
          await rows(knex).where('sequence', '>=', 10).delete();
          const ninth = (await rows(knex).where({ sequence: 9 }).first()) as { hash: string };
          await head(knex).update({ sequence: 9, hash: ninth.hash });
        },
      ],
      'everything computed anew': [
        end.sequence,
        'forged_end',
        async (knex) => {
          await change(knex);
          await recompute(knex, 5);
        },
      ],
      'a record put behind the end': [
        end.sequence + 1,
        'forged_end',
        async (knex) => {
          const line = toLine(last);
          const link = { ...line, sequence: line.sequence + 1, previous_hash: line.hash, hash: undefined };
          const { hash: _, ...forged } = link;
          await rows(knex).insert({
            ...forged,
            occurred_at: last.occurredAt,
            details: JSON.stringify(line.details),
            hash: linkHash(forged),
          });
        },
      ],
      'the beginning cut off': [
        3,
        'forged_end',
        async (knex) => {
          const third = (await rows(knex).where({ sequence: 3 }).first()) as { hash: string };
          await rows(knex).where('sequence', '<=', 3).delete();
          await knex('audit_ends').where({ kind: 'anchor' }).update({ sequence: 3, hash: third.hash });
        },
      ],
      'everything cut off under the signature of the head': [
        end.sequence,
        'forged_end',
        async (knex) => {
          await rows(knex).delete();
          await knex('audit_ends').where({ kind: 'anchor' }).update(end);
        },
      ],
    };
    for (const [what, [sequence, problem, tamper]] of Object.entries(tampering)) {
      expect(await afterTampering(tamper), what).toEqual({ ok: false, sequence, problem });
    }
  });

  it('is exported for a period, and the export shows what was done to it', async () => {
    const lines: string[] = [];
    for await (const line of exportLines(log, { to: database.clock.now() + 1 })) lines.push(line.trim());
    const { head: end } = await log.ends();
    expect(lines).toHaveLength(end.sequence + 1);
    const verify = (changed: readonly string[]) => verifyExport(changed, log);
    expect(await verify(lines)).toMatchObject({ ok: true, records: end.sequence });

    const at = (n: number, line: string) => lines.map((one, i) => (i === n ? line : one));
    const part: string[] = [];
    for await (const line of exportLines(log, { from: database.clock.now() })) part.push(line.trim());
    expect(part.length).toBeLessThan(lines.length);
    expect(await verify(part)).toMatchObject({ ok: true, records: part.length - 1 });
    const last = end.sequence;
    const changes: Record<string, [number, string, readonly string[]]> = {
      'a change': [5, 'altered', at(4, (lines[4] ?? '').replace('system', 'cli'))],
      'a member twice': [5, 'altered', at(4, (lines[4] ?? '').replace('{', '{"actor":"cli",'))],
      'no JSON': [5, 'altered', at(4, 'oops')],
      'a line gone': [5, 'gap', lines.filter((_, i) => i !== 4)],
      'the beginning gone': [last, 'forged_end', lines.slice(1)],
      'the end gone': [last + 1, 'ends_early', lines.slice(0, -1)],
      'records at the end gone': [last, 'ends_early', lines.filter((_, i) => i !== last - 1)],
      'another signature': [last, 'forged_end', [...lines.slice(0, -1), part.at(-1) ?? '']],
      'two exports in one': [last + 1, 'forged_end', [...lines, ...lines]],
    };
    for (const [what, [sequence, problem, changed]] of Object.entries(changes)) {
      expect(await verify(changed), what).toEqual({ ok: false, sequence, problem });
    }
    expect(await verifyExport(lines, (await open()).stores.audit)).toMatchObject({ ok: false });
  });

  it('loses its oldest records to retention and can still be verified, down to none', async () => {
    const { sequence } = (await log.ends()).head;
    const before = database.clock.now();
    database.clock.advance(days(10));
    await log.append(entry('new'));
    expect(await log.purge(before, 7)).toBe(7);
    expect(await verifyLog(log)).toMatchObject({ ok: true, records: sequence - 7 + 1 });
    while ((await log.purge(before, 50)) > 0);
    expect((await all(log)).map(({ details }) => details['note'])).toEqual(['today', 'new']);
    expect(await log.purge(database.clock.now() + 1, 50)).toBe(2);
    expect(await verifyLog(log)).toMatchObject({ ok: true, records: 0 });
    await log.append(entry('the first of the rest'));
    expect(await verifyLog(log)).toMatchObject({ ok: true, records: 1, end: { sequence: sequence + 2 } });
  });

  it('exports a period whole although the clock of one process ran behind', async () => {
    const { clock } = database;
    clock.advance(days(1));
    const from = clock.now();
    for (const [note, drift] of [
      ['on time', 2],
      ['behind', -5],
      ['again on time', 8],
    ] as const) {
      clock.advance(drift);
      await log.append(entry(note));
    }
    const lines: string[] = [];
    for await (const line of exportLines(log, { from, to: clock.now() + 1 })) lines.push(line.trim());
    expect(await verifyExport(lines, log)).toMatchObject({ ok: true, records: 3 });
  });
});
