import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { watchMemory } from '../test/support/memory.ts';
import { startContestant } from './programs.ts';
import { quantile } from './statistics.ts';
import { drawPortfolio, prepare, type Course } from './submission.ts';

/**
 * How long a good submission waits for its verdict, against the whole program over HTTP with the local recogniser: one
 * submission after the other, all pages, five documents and two pictures of the camera.
 */
const { values: flags } = parseArgs({ options: { count: { type: 'string', default: '12' } } });

const { child, url } = await startContestant('sqlite');
const memory = watchMemory(child.pid as number);
const courses: Course[] = [];
// The first one starts the processes and loads the models; it is reported apart.
for (let n = 0; n <= Number(flags.count); n++) {
  const phone = `+86139111${String(20_000 + n)}`;
  const { submit } = await prepare(url, phone, await drawPortfolio(n + 1));
  courses.push(await submit());
}
memory.stop();
const [first, ...rest] = courses as [Course, ...Course[]];
const approved = rest.filter(({ state }) => state === 'approved').length;

console.log(
  `${rest.length} submissions, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)} at the end`,
);
console.log(`approved by the machine: ${approved} of ${rest.length}\n`);
console.log('| ms | median | p90 | first |');
console.log('|---|---|---|---|');
for (const kind of Object.keys(first.uploads))
  row(`${kind}, sent → read`, ({ uploads }) => uploads[kind] ?? NaN);
row('**submitted → verdict**', ({ verdict }) => verdict);
row('**everything at once**', ({ uploads, verdict }) => sum(Object.values(uploads)) + verdict);
console.log(`\nmemory: program ${memory.peak().own} MB, recogniser ${memory.peakOf('recogniser')} MB, `);
console.log(`picture decoder ${memory.peakOf('decoder')} MB`);
child.disconnect();
process.exitCode = approved === rest.length ? 0 : 1;

function row(name: string, of: (course: Course) => number): void {
  const values = rest.map(of);
  const figures = [quantile(values, 0.5), quantile(values, 0.9), of(first)];
  console.log(`| ${name} | ${figures.map((figure) => Math.round(figure)).join(' | ')} |`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
