import type { AuditLog, ChainEnd } from './audit-log.ts';
import { hashOfLine, toLine, type AuditLine } from './record.ts';

/**
 * What is wrong with the first broken record. `gap`: a number is missing or out of order; `unlinked`: it does not name
 * the hash of the record before; `altered`: its content has another hash; `ends_early`: records are missing at the end;
 * `forged_end`: nobody with a key of this installation signed where the chain begins or ends;
 * `not_in_log`: an export holds a record that the log does not, or not like this.
 */
export type Break = {
  readonly sequence: number;
  readonly problem: 'gap' | 'unlinked' | 'altered' | 'ends_early' | 'forged_end' | 'not_in_log';
};

export type Verification =
  { readonly ok: true; readonly records: number; readonly end: ChainEnd } | ({ readonly ok: false } & Break);

/** Walks links after `start`; without one, the first link is taken as it is. */
export function createWalk(start?: ChainEnd) {
  let end = start;
  let records = 0;
  return {
    /** The first thing wrong with the next line. */
    step(line: AuditLine): Break | undefined {
      const { sequence } = line;
      if (end && sequence !== end.sequence + 1) return { sequence: end.sequence + 1, problem: 'gap' };
      if (end && line.previous_hash !== end.hash) return { sequence, problem: 'unlinked' };
      if (hashOfLine(line) !== line.hash) return { sequence, problem: 'altered' };
      end = { sequence, hash: line.hash };
      records += 1;
      return undefined;
    },
    reached: () => ({ end, records }),
  };
}

const batch = 500;

/** Reads the whole log from its anchor to its head, a batch at a time. Nothing that is appended meanwhile disturbs. */
export async function verifyLog(log: Pick<AuditLog, 'read' | 'ends' | 'isGenuine'>): Promise<Verification> {
  const before = await log.ends();
  const result = await walk(log, before);
  if (result.ok) return result;
  const { anchor } = await log.ends();
  // Retention moved on while the oldest records were read.
  return anchor.sequence === before.anchor.sequence ? result : verifyLog(log);
}

async function walk(
  log: Pick<AuditLog, 'read' | 'ends' | 'isGenuine'>,
  { anchor, head }: Awaited<ReturnType<AuditLog['ends']>>,
): Promise<Verification> {
  if (!log.isGenuine('anchor', anchor))
    return { ok: false, sequence: anchor.sequence, problem: 'forged_end' };
  const walked = createWalk(anchor);
  let end: ChainEnd = anchor;
  while (end.sequence < head.sequence) {
    const records = await log.read({ after: end.sequence, limit: batch });
    for (const record of records.filter(({ sequence }) => sequence <= head.sequence)) {
      const broken = walked.step(toLine(record));
      if (broken) return { ok: false, ...broken };
    }
    const reached = walked.reached().end ?? anchor;
    if (reached.sequence === end.sequence) {
      return { ok: false, sequence: end.sequence + 1, problem: 'ends_early' };
    }
    end = reached;
  }
  const isHead = end.sequence === head.sequence && end.hash === head.hash && log.isGenuine('head', head);
  if (!isHead) return { ok: false, sequence: head.sequence, problem: 'forged_end' };
  const [beyond] = await log.read({ after: head.sequence, limit: 1 });
  // A record behind the head was appended since, and then the head has moved, or by somebody who cannot sign one.
  if (beyond && (await log.ends()).head.sequence < beyond.sequence) {
    return { ok: false, sequence: beyond.sequence, problem: 'forged_end' };
  }
  return { ok: true, records: walked.reached().records, end };
}
