import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { compareEntry } from '../../src/companies/index.ts';
import { ManualClock } from '../../src/core/clock.ts';
import { silentLog, type Log, type LogFields } from '../../src/core/log.ts';
import { createCsvRegistry } from '../../src/providers/registry/csv.ts';

const folder = mkdtempSync(join(tmpdir(), 'shiming-csv-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'registry.csv');
const clock = new ManualClock(Date.UTC(2026, 10, 23, 12));
const header = 'code,name,legal_representative,status,valid_until';
const code = (n: number) => `91110105${String(n).padStart(8, '0')}1A`;

let written: [string, LogFields | undefined][];
const log: Log = {
  ...silentLog,
  warn: (message, fields) => void written.push([message, fields]),
  error: (message, fields) => void written.push([message, fields]),
};
const make = (file = path) => createCsvRegistry(file, { clock, log, compare: compareEntry });
const question = (n: number, name = `样本${n}号公司`, legalRepresentative = '张样本') => ({
  reference: 'r',
  name,
  creditCode: code(n),
  legalRepresentative,
});
const row = (n: number, status = '存续', until = '') => `${code(n)},样本${n}号公司,张样本,${status},${until}`;

beforeEach(() => {
  written = [];
});

describe('the operator’s file', () => {
  it.each([
    ['plain', (text: string) => Buffer.from(text)],
    ['with a byte order mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['with the line ends of Windows', (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))],
    ['without a last line end', (text: string) => Buffer.from(text.trimEnd())],
  ])('is read %s', async (_how, encode) => {
    writeFileSync(path, encode(`${header}\n${row(1)}\n${row(2, '吊销')}\n`));
    const registry = make();
    expect(await registry.look(question(1))).toMatchObject({ outcome: 'match' });
    expect(await registry.look(question(2))).toMatchObject({
      outcome: 'not_operating',
      registered: { status: 'licence_revoked' },
    });
    expect(await registry.look(question(3))).toMatchObject({ outcome: 'no_record' });
    expect(written).toEqual([]);
  });

  it('takes quoted cells and columns in another order', async () => {
    const name = '样本,"华东"分公司';
    const quoted = `"${name.replaceAll('"', '""')}"`;
    writeFileSync(
      path,
      `type,status,code,name,valid_until,legal_representative\n"有限公司",operating,"${code(1)}",${quoted},2040-01-01,张样本\n`,
    );
    expect(await make().look(question(1, name))).toMatchObject({
      outcome: 'match',
      registered: { name, type: '有限公司', validUntil: '2040-01-01', legalRepresentative: 'agrees' },
    });
  });

  it('knows that a term is over on the day after its last', async () => {
    writeFileSync(path, `${header}\n${row(1, '存续', '2026-11-23')}\n${row(2, '存续', '2026-11-22')}\n`);
    expect(await make().look(question(1))).toMatchObject({ outcome: 'match' });
    expect(await make().look(question(2))).toMatchObject({
      outcome: 'not_operating',
      registered: { status: 'term_ended' },
    });
  });

  it('names each bad row by its line, and answers for the others', async () => {
    const bad: [string, string | Buffer][] = [
      ['quotes', `${code(11)},"样本,张样本,存续,`],
      ['columns', `${code(12)},样本,张样本,存续`],
      ['code', `123,样本,张样本,存续,`],
      ['name', `${code(14)}, ,张样本,存续,`],
      ['status', `${code(15)},样本,张样本,good,`],
      ['valid_until', `${code(16)},样本,张样本,存续,2026-02-30`],
      ['valid_until', `${code(16)},样本,张样本,存续,2026-13-01`],
      ['duplicate', row(1, '注销')],
      ['too_long', `${code(18)},${'长'.repeat(3000)},张样本,存续,`],
      ['encoding', Buffer.from([...Buffer.from(`${code(19)},`), 0xd1, 0xf9, ...Buffer.from(',x,存续,')])],
    ];
    const lines = [header, row(1), ...bad.map(([, line]) => line), '', row(2)];
    writeFileSync(path, Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')])));
    const registry = make();
    expect(await registry.look(question(1))).toMatchObject({ outcome: 'match' });
    expect(await registry.look(question(2))).toMatchObject({ outcome: 'match' });
    expect(await registry.look(question(12))).toMatchObject({ outcome: 'no_record' });
    expect(written).toEqual([
      ...bad.map(([reason], at) => ['registry row left out', { line: at + 3, reason }]),
      ['registry rows left out', { count: bad.length }],
    ]);
    expect(JSON.stringify(written)).not.toContain('样本');
  });

  it('is read again when it changes, in place or by another file, and only then', async () => {
    writeFileSync(path, `${header}\n${row(1)}\nbad\n`);
    const registry = make();
    await Promise.all([registry.look(question(1)), registry.look(question(1))]);
    expect(await registry.look(question(1))).toMatchObject({ outcome: 'match' });
    expect(written.filter(([, fields]) => fields?.['line'] === 3)).toHaveLength(1);
    writeFileSync(path, `${header}\n${row(5)}\n${row(1, '注销')}\n`);
    expect(await registry.look(question(1))).toMatchObject({ outcome: 'not_operating' });
    writeFileSync(`${path}.new`, `${header}\n${row(7)}\n`);
    renameSync(`${path}.new`, path);
    expect(await registry.look(question(1))).toMatchObject({ outcome: 'no_record' });
    expect(await registry.look(question(7))).toMatchObject({ outcome: 'match' });
  });

  it('that is missing is waited for; one with another header is for the operator', async () => {
    const file = join(folder, 'later.csv');
    const registry = make(file);
    expect(await registry.look(question(1))).toEqual({
      outcome: 'unavailable',
      code: 'ENOENT',
      retryable: true,
    });
    for (const text of ['', '\n', `name,code\n${row(1)}\n`, row(1), `${header},colour\n`]) {
      writeFileSync(file, text);
      expect(await registry.look(question(1))).toMatchObject({ outcome: 'unavailable', code: 'header' });
    }
    writeFileSync(file, `${header}\n${row(1)}\n`);
    expect(await registry.look(question(1))).toMatchObject({ outcome: 'match' });
    unlinkSync(file);
    expect(await registry.look(question(1))).toMatchObject({ outcome: 'unavailable', retryable: true });
  });

  it('finds each of many rows', async () => {
    const rows = 20_000;
    writeFileSync(path, `${header}\n${Array.from({ length: rows }, (_, n) => row(n)).join('\n')}\n`);
    const registry = make();
    for (const n of [0, 1, 511, 512, 513, 9_999, rows - 1])
      expect(await registry.look(question(n)), String(n)).toMatchObject({ outcome: 'match' });
    expect(await registry.look(question(rows))).toMatchObject({ outcome: 'no_record' });
    expect(written).toEqual([]);
  });
});
