import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { watchMemory } from '../test/support/memory.ts';
import type { Round, Rounds } from './applicants.ts';
import { users } from './contestants.ts';
import { ourPaths, startContestant } from './programs.ts';
import { quantile, spread } from './statistics.ts';
import type { Course } from './submission.ts';
import { Visitor } from './visitor.ts';

/**
 * What recognising costs those who sign in. Tokens are issued all the time, at a steady pace. Slices in which all
 * submissions run at once, from signing up to the verdict, alternate with idle ones; each loaded slice lasts until the last
 * verdict and is compared with the idle slices before and after it.
 */
const { values: flags } = parseArgs({
  options: {
    submissions: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '2' },
    slice: { type: 'string', default: '15000' },
    pace: { type: 'string', default: '100' },
  },
});
const [submissions, rounds] = [Number(flags.submissions), Number(flags.rounds)];

type Slice = { readonly perSecond: number; readonly latencies: readonly number[] };

const { child, url } = await startContestant('sqlite');
const pool = new Pool(url, { connections: users, pipelining: 1 });
const visitors = Array.from({ length: users }, (_, n) => new Visitor(pool, ourPaths, `user${n}`));
const applicants = fork(new URL('applicants.ts', import.meta.url), [String(submissions)], {
  execArgv: ['--import', 'tsx'],
});
await once(applicants, 'message');
const memory = watchMemory(child.pid as number);
const courses: Course[] = [];

await issue(() => false, 3000);
const idle: Slice[] = [await issue(() => false)];
const loaded: Slice[] = [];
for (let round = 0; round < rounds; round++) {
  let open = true;
  const load = submitAll(round).finally(() => (open = false));
  loaded.push(await issue(() => !open, Infinity));
  courses.push(...(await load));
  // What the submissions left behind, such as pictures to destroy, belongs to neither.
  await pause(1000);
  idle.push(await issue(() => false));
}
memory.stop();
report();
await pool.destroy();
applicants.disconnect();
child.disconnect();

/** Every one of them signs up, fills in all pages and waits for the verdict, side by side. */
async function submitAll(round: number): Promise<readonly Course[]> {
  const phones = Array.from(
    { length: submissions },
    (_, n) => `+86139222${20_000 + round * submissions + n}`,
  );
  applicants.send({ url, phones } satisfies Round);
  const ended = once(applicants, 'exit').then(() => {
    throw new Error('a submission did not get through');
  });
  const [answer] = (await Promise.race([once(applicants, 'message'), ended])) as [Rounds];
  return answer.kind === 'courses' ? answer.courses : [];
}

/** Tokens by code and by refresh in turn, each user at the pace; ends with the slice, or before when `over` says so. */
async function issue(over: () => boolean, ms = Number(flags.slice)): Promise<Slice> {
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + ms;
  await Promise.all(
    visitors.map(async (visitor, n) => {
      await pause((Number(flags.pace) * n) / users);
      for (let turn = 0; performance.now() < end && !over(); turn++) {
        const begun = performance.now();
        await (turn % 2 === 0 ? visitor.code() : visitor.refresh());
        const took = performance.now() - begun;
        latencies.push(took);
        await pause(Math.max(0, Number(flags.pace) - took));
      }
    }),
  );
  return { perSecond: latencies.length / ((performance.now() - started) / 1000), latencies };
}

function report(): void {
  const approved = courses.filter(({ state }) => state === 'approved').length;
  const p = (slice: Slice, q: number): number => quantile(slice.latencies, q);
  const beside = (round: number, of: (slice: Slice) => number): number =>
    (of(idle[round] as Slice) + of(idle[round + 1] as Slice)) / 2;
  const ratios = (of: (slice: Slice) => number) =>
    spread(loaded.map((slice, round) => of(slice) / beside(round, of)));
  console.log(
    `${rounds} rounds of ${submissions} submissions at once, ${users} users, Node ${process.version}`,
  );
  console.log(
    `load ${loadavg()[0]?.toFixed(1)} at the end; approved by the machine: ${approved} of ${courses.length}\n`,
  );
  console.log('| tokens | ratio beside ÷ idle | min – max | idle | beside |');
  console.log('|---|---|---|---|---|');
  const row = (name: string, of: (slice: Slice) => number) => {
    const { median, min, max } = ratios(of);
    const values = [spread(idle.map(of)).median, spread(loaded.map(of)).median].map((value) =>
      value.toFixed(1),
    );
    const range = `${min.toFixed(2)} – ${max.toFixed(2)}`;
    console.log(`| ${[name, median.toFixed(2), range, ...values].join(' | ')} |`);
  };
  row('per second', ({ perSecond }) => perSecond);
  row('p50 ms', (slice) => p(slice, 0.5));
  row('p99 ms', (slice) => p(slice, 0.99));
  const { own } = memory.peak();
  const parts = [
    `program ${own} MB`,
    ...['recogniser', 'decoder'].map((name) => `${name} ${memory.peakOf(name)} MB`),
  ];
  console.log(`\nmemory, at most: ${parts.join(', ')}`);
  process.exitCode = approved === courses.length ? 0 : 1;
}
