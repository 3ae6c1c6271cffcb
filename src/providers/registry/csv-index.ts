import type { FileHandle } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import type { Log } from '../../core/log.ts';
import { readHeader, readRow, type Header, type RowProblem } from './csv-rows.ts';

/** Where the row of a code stands in the file, in bytes. */
export type Place = { readonly offset: number; readonly length: number };

export type CsvIndex = {
  readonly header: Header;
  readonly rows: number;
  find(code: string): Place | undefined;
};

/** Bytes; longer lines are left out. */
const longestLine = 4096;
const newline = 0x0a;
/** Rows that are named in the log one by one; the others are counted. */
const named = 20;

/**
 * Reads a file once and keeps of each row only where it stands: 18 bytes a slot, at most four slots a row, however long
 * the rows are. A row ends with its line, so that a wrong quote can spoil no more than its own row. Undefined where the
 * header is not the documented one.
 */
export async function indexCsv(file: FileHandle, log: Log): Promise<CsvIndex | undefined> {
  const places = createPlaces();
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let header: Header | undefined;
  let line = 0;
  let leftOut = 0;

  const leaveOut = (reason: RowProblem): void => {
    leftOut += 1;
    if (leftOut <= named) log.warn('registry row left out', { line, reason });
  };
  /** False where the file is not read any further. */
  const take = (bytes: Buffer, offset: number): boolean => {
    line += 1;
    if (bytes.length > longestLine) return line > 1 && (leaveOut('too_long'), true);
    const text = decode(decoder, bytes);
    if (line === 1) return (header = text === undefined ? undefined : readHeader(text)) !== undefined;
    if (text === '') return true;
    if (text === undefined) leaveOut('encoding');
    else {
      const read = readRow(text, header as Header);
      if ('problem' in read) leaveOut(read.problem);
      else if (!places.add(read.row.code, { offset, length: bytes.length })) leaveOut('duplicate');
    }
    return true;
  };

  let carried: Buffer = Buffer.alloc(0);
  let start = 0;
  for await (const chunk of file.createReadStream({
    start: 0,
    autoClose: false,
    highWaterMark: 256 * 1024,
  })) {
    const bytes = carried.length > 0 ? Buffer.concat([carried, chunk as Buffer]) : (chunk as Buffer);
    let from = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, from)) {
      if (!take(bytes.subarray(from, end), start + from)) return undefined;
      from = end + 1;
    }
    // Of a line without end only so much is kept that it shows as too long.
    const rest = bytes.subarray(from);
    const kept = Math.min(rest.length, longestLine + 1);
    start += bytes.length - kept;
    carried = Buffer.from(rest.subarray(rest.length - kept));
  }
  if (carried.length > 0 && !take(carried, start)) return undefined;
  if (!header) return undefined;
  if (leftOut > 0) log.warn('registry rows left out', { count: leftOut });
  log.info('registry read', { count: places.size() });
  return { header, rows: places.size(), find: (code) => places.find(code) };
}

/** A line as text, without the carriage return; undefined where it is not UTF-8. */
export function decode(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes).replace(/\r$/, '');
  } catch {
    return undefined;
  }
}

/** Open addressing over two 32-bit hashes of the code: the code itself is not kept, the row is read to be sure. */
function createPlaces() {
  let slots = 1024;
  let used = 0;
  let table = allocate(slots);

  const slotOf = (first: number, second: number): number => {
    let at = first & (slots - 1);
    // A length of 0 marks a free slot; no row is empty.
    while (table.length[at] !== 0 && !(table.first[at] === first && table.second[at] === second))
      at = (at + 1) & (slots - 1);
    return at;
  };
  const grow = (): void => {
    const [old, size] = [table, slots];
    slots *= 2;
    table = allocate(slots);
    for (let at = 0; at < size; at++) {
      if (old.length[at] === 0) continue;
      const to = slotOf(old.first[at] ?? 0, old.second[at] ?? 0);
      for (const column of ['first', 'second', 'offset', 'length'] as const)
        table[column][to] = old[column][at] ?? 0;
    }
  };
  return {
    size: () => used,
    /** False where the code is there already. */
    add(code: string, { offset, length }: Place): boolean {
      const [first, second] = hashes(code);
      const at = slotOf(first, second);
      if (table.length[at] !== 0) return false;
      table.first[at] = first;
      table.second[at] = second;
      table.offset[at] = offset;
      table.length[at] = length;
      if (++used * 2 > slots) grow();
      return true;
    },
    find(code: string): Place | undefined {
      const at = slotOf(...hashes(code));
      const length = table.length[at] ?? 0;
      return length === 0 ? undefined : { offset: table.offset[at] ?? 0, length };
    },
  };
}

function allocate(slots: number) {
  return {
    first: new Uint32Array(slots),
    second: new Uint32Array(slots),
    offset: new Float64Array(slots),
    length: new Uint16Array(slots),
  };
}

/** FNV-1a twice, from different seeds. */
function hashes(code: string): [number, number] {
  let [first, second] = [0x811c9dc5, 0x9747b28c];
  for (let at = 0; at < code.length; at++) {
    const unit = code.charCodeAt(at);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second ^ unit, 0x85ebca6b) ^ (second >>> 13);
  }
  return [first >>> 0, second >>> 0];
}
