import { canonicalJson, type Json } from '../core/canonical-json.ts';
import { chainStart, linkHash } from '../core/hash-chain.ts';
import type { AuditLog, ChainEnd, Period } from './audit-log.ts';
import { toLine, type AuditLine } from './record.ts';
import { createWalk, type Verification } from './verify.ts';

/** The last line of an export: which records it holds, signed, so that neither its end nor its beginning can go. */
type Closing = {
  /** Numbers of the first and the last record; 0 where there is none. */
  readonly first: number;
  readonly last: number;
  /** Hash of the last record. */
  readonly hash: string;
  readonly mac: string;
};

const batch = 500;

/** The records of a period as JSON Lines, oldest first, each with its line break; then the {@link Closing}. */
export async function* exportLines(
  log: Pick<AuditLog, 'span' | 'read' | 'sign'>,
  period: Period = {},
): AsyncGenerator<string> {
  const span = await log.span(period);
  let first = 0;
  let end: ChainEnd = { sequence: 0, hash: chainStart };
  while (span && end.sequence < span.last) {
    const after = first === 0 ? span.first - 1 : end.sequence;
    const records = await log.read({ after, until: span.last, limit: batch });
    for (const record of records) yield `${canonicalJson(toLine(record))}\n`;
    const last = records.at(-1);
    if (!last) break;
    first ||= records[0]?.sequence ?? 0;
    end = { sequence: last.sequence, hash: last.hash };
  }
  const mac = log.sign('export', closingEnd(first, end));
  yield `${canonicalJson({ first, last: end.sequence, hash: end.hash, mac })}\n`;
}

/** What the signature of an export is about. */
function closingEnd(first: number, { sequence, hash }: ChainEnd): ChainEnd {
  return { sequence, hash: linkHash({ first, previous_hash: hash }) };
}

/**
 * Verifies an export line by line, that this installation signed it, and that the log still says the same where it has
 * the record. A line that cannot be read is `altered`.
 */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  log: Pick<AuditLog, 'read' | 'ends' | 'isGenuine'>,
): Promise<Verification> {
  const walked = createWalk();
  let first = 0;
  let closing: Closing | undefined;
  for await (const text of lines) {
    if (text.trim() === '') continue;
    const next = (walked.reached().end?.sequence ?? 0) + 1;
    const line = parse(text);
    if (!line || closing) return { ok: false, sequence: next, problem: closing ? 'forged_end' : 'altered' };
    if (isClosing(line)) {
      closing = line;
      continue;
    }
    const broken = walked.step(line);
    if (broken) return { ok: false, ...broken };
    first ||= line.sequence;
  }
  const { end = { sequence: 0, hash: chainStart }, records } = walked.reached();
  if (!closing) return { ok: false, sequence: end.sequence + 1, problem: 'ends_early' };
  if (closing.last > end.sequence) return { ok: false, sequence: end.sequence + 1, problem: 'ends_early' };
  const { mac } = closing;
  if (closing.first !== first || !log.isGenuine('export', { ...closingEnd(first, end), mac })) {
    return { ok: false, sequence: end.sequence, problem: 'forged_end' };
  }
  const isKept = end.sequence > (await log.ends()).anchor.sequence;
  const [same] = isKept ? await log.read({ after: end.sequence - 1, limit: 1 }) : [];
  if (isKept && (same?.sequence !== end.sequence || same.hash !== end.hash)) {
    return { ok: false, sequence: end.sequence, problem: 'not_in_log' };
  }
  return { ok: true, records, end };
}

function isClosing(line: AuditLine | Closing): line is Closing {
  return 'mac' in line;
}

function parse(text: string): AuditLine | Closing | undefined {
  try {
    const value = JSON.parse(text) as Json;
    // Written in another way than ours it was touched, whatever it says: a second member of the same name, for one.
    if (typeof value !== 'object' || value === null || canonicalJson(value) !== text) return undefined;
    return value as unknown as AuditLine | Closing;
  } catch {
    return undefined;
  }
}
