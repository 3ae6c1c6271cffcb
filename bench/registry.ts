/**
 * Memory and time of the operator's registry file: `npx tsx --expose-gc bench/registry.ts [rows]`. Prints milliseconds
 * until the first answer and for one of the following ones, and megabytes before, at the peak and after reading.
 */
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareEntry } from '../src/companies/index.ts';
import { systemClock } from '../src/core/clock.ts';
import { silentLog } from '../src/core/log.ts';
import { createCsvRegistry } from '../src/providers/registry/csv.ts';

const rows = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'shiming-registry-bench-'));
const path = join(folder, 'registry.csv');
const codeOf = (n: number) => `91110105${String(n).padStart(8, '0')}1A`;
const nameOf = (n: number) => `样本${n}号人力资源服务有限公司`;

const out = createWriteStream(path);
out.write('code,name,legal_representative,status,valid_until\n');
for (let n = 0; n < rows; n++) {
  if (!out.write(`${codeOf(n)},${nameOf(n)},张样本,存续,2040-01-01\n`)) await once(out, 'drain');
}
out.end();
await once(out, 'finish');

const registry = createCsvRegistry(path, { clock: systemClock, log: silentLog, compare: compareEntry });
const ask = async (n: number) => {
  const question = {
    reference: 'bench',
    name: nameOf(n),
    creditCode: codeOf(n),
    legalRepresentative: '张样本',
  };
  const { outcome } = await registry.look(question);
  if (outcome !== 'match') throw new Error(`row ${n}: ${outcome}`);
};
const megabytes = () => Math.round(process.memoryUsage().rss / 1_048_576);

globalThis.gc?.();
const before = megabytes();
let peak = before;
let [last, pause] = [performance.now(), 0];
const watch = setInterval(() => {
  peak = Math.max(peak, megabytes());
  pause = Math.max(pause, performance.now() - last - 10);
  last = performance.now();
}, 10);
const started = performance.now();
await ask(rows - 1);
const first = Math.round(performance.now() - started);
clearInterval(watch);
globalThis.gc?.();
const after = megabytes();
const asked = performance.now();
for (let n = 0; n < 1000; n++) await ask((n * 997) % rows);
const each = ((performance.now() - asked) / 1000).toFixed(2);
console.log({ rows, first, each, before, peak, after, longestPause: Math.round(pause) });
rmSync(folder, { recursive: true });
