import { setTimeout as pause } from 'node:timers/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Receiver } from './removal/receiver.ts';
import { openStage } from './removal/stage.ts';
import { quantile } from './statistics.ts';

/**
 * From `remove member` to the event at an app and to `insufficient_scope` at its API, against the built program as a process
 * of its own on the embedded default. An administrator removes one recruiter a round through the page; the event goes to
 * a stream of security event tokens and to a webhook, while the app publishes as that recruiter without a pause.
 */
const { values: flags } = parseArgs({
  options: {
    scenarios: { type: 'string', default: 'up,down,killed,delivering' },
    rounds: { type: 'string', default: '30' },
    /** Seconds for which receivers are down, in turn. */
    outages: { type: 'string', default: '0.3,1,3,10' },
  },
});
/** Milliseconds, for every single round. */
const bar = 2000;
const rounds = Number(flags.rounds);
const outages = flags.outages.split(',').map(Number);

/** Milliseconds since the form was sent, and since nothing was in the way any more. */
type Figures = { readonly total: number; readonly clear: number };
type Round = {
  /** Until the form was answered. */
  readonly answered: number;
  /** What a request to the receiver takes that nobody signs, stores or verifies. */
  readonly plain: number;
  readonly measured: Readonly<Record<string, Figures>>;
  readonly repeated: number;
};

type Course = {
  readonly title: string;
  before?(): Promise<void>;
  /** What happens once the form is answered; answers the instant from which nothing is in the way. */
  after?(round: number, subject: string): Promise<number>;
  /** Whether it is the program that was away, and the API had to wait as well. */
  readonly stopsProgram?: boolean;
};

const scenarioNames = flags.scenarios.split(',');
const stage = await openStage(scenarioNames.length * rounds + 1);
const both = Object.values(stage.receivers);
const each = async (act: (receiver: Receiver) => unknown): Promise<void> => {
  for (const one of both) await act(one);
};

const courses: Readonly<Record<string, Course>> = {
  up: { title: 'everything up' },
  down: {
    title: `receivers down for ${outages.join(', ')} s in turn; since they were back`,
    before: () => each((one) => one.down()),
    async after(round) {
      await pause((outages[round % outages.length] as number) * 1000);
      await each((one) => one.up());
      return performance.now();
    },
  },
  killed: {
    title: 'SIGKILL upon the answer to the form; since the program was back',
    stopsProgram: true,
    async after() {
      await stage.kill();
      await stage.start();
      return performance.now();
    },
  },
  delivering: {
    title: 'SIGKILL while both receivers hold the event; since the program was back',
    stopsProgram: true,
    before: () => each((one) => one.hold()),
    async after(_round, subject) {
      while (!both.every((one) => one.isAsked(subject))) await pause(1);
      await stage.kill();
      await each((one) => one.release());
      await stage.start();
      return performance.now();
    },
  },
};

console.log(`${rounds} rounds, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)} at the start\n`);
// The first one fills caches and opens connections.
await play({ title: 'warm' }, 0);
let late = 0;
for (const name of scenarioNames) {
  const course = courses[name];
  if (!course) throw new Error(`${name} is not one of ${Object.keys(courses).join(', ')}`);
  const played: Round[] = [];
  for (let round = 0; round < rounds; round++) played.push(await play(course, round));
  report(course, played);
}
await stage.close();
console.log(`load ${loadavg()[0]?.toFixed(1)} at the end; later than ${bar} ms: ${late}`);
process.exitCode = late === 0 ? 0 : 1;

async function play(course: Course, round: number): Promise<Round> {
  const { platform, receivers } = stage;
  const { session, remove } = await stage.next();
  const { subject } = session;
  const plain = await receivers.push.plainPost('x'.repeat(900));
  await course.before?.();
  const started = performance.now();
  let allowRefresh = () => {};
  const mayRefresh = new Promise<void>((resolve) => (allowRefresh = resolve));
  const refusing = platform.publishUntilRefused(session, course.stopsProgram ? mayRefresh : undefined);
  await remove();
  const answered = performance.now() - started;
  const clear = (await course.after?.(round, subject)) ?? started;
  allowRefresh();
  const [push, webhook] = await Promise.all(both.map((one) => one.heard(subject)));
  const { refused, insufficientScope } = await refusing;
  const since = (at = NaN, from = clear): Figures => ({
    total: at - started,
    clear: Math.max(0, at - from),
  });
  const apiFrom = course.stopsProgram ? clear : started;
  return {
    answered,
    plain,
    measured: {
      'event as a pushed token': since(push),
      'event at the webhook': since(webhook),
      'API refuses the token': since(refused, apiFrom),
      'API says `insufficient_scope`': since(insufficientScope, apiFrom),
    },
    repeated: both.reduce((sum, one) => sum + one.repeated(subject), 0),
  };
}

function report({ title }: Course, played: readonly Round[]): void {
  console.log(`| ${title}, ms | median | p95 | greatest | ÷ answer to the form | since the form, median |`);
  console.log('|---|---|---|---|---|---|');
  for (const name of Object.keys(played[0]?.measured ?? {})) {
    const figures = played.map(({ measured }) => measured[name] as Figures);
    const clear = figures.map((one) => one.clear);
    late += clear.filter((ms) => !(ms <= bar)).length;
    const ratios = played.map(({ answered }, at) => (clear[at] as number) / answered);
    const row = [
      ...[0.5, 0.95, 1].map((q) => quantile(clear, q).toFixed(0)),
      quantile(ratios, 0.5).toFixed(2),
      quantile(
        figures.map(({ total }) => total),
        0.5,
      ).toFixed(0),
    ];
    console.log(`| ${[name, ...row].join(' | ')} |`);
  }
  const median = (of: (round: Round) => number) => quantile(played.map(of), 0.5).toFixed(1);
  const repeated = played.reduce((sum, round) => sum + round.repeated, 0);
  console.log(
    `\nanswer to the form ${median(({ answered }) => answered)} ms, a plain request to the receiver ` +
      `${median(({ plain }) => plain)} ms; repeated ${repeated} of ${played.length * both.length}\n`,
  );
}
