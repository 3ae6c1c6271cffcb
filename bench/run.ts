import type { ChildProcess } from 'node:child_process';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { startPostgres } from '../test/support/postgres-server.ts';
import { contestants, users, type Contestant } from './contestants.ts';
import { cpuOf, ourPaths, startContestant } from './programs.ts';
import { quantile, spread } from './statistics.ts';
import { Visitor, type Paths } from './visitor.ts';

/**
 * Tokens per second of CPU time, ours against the library alone. All contestants run at once and are driven in turn in
 * short slices, the order reversed every second round, so that what else the machine does falls on all of them; the
 * figure is the median of the ratios within each round.
 */
const scenarios = {
  code: (visitor: Visitor) => visitor.code(),
  refresh: (visitor: Visitor) => visitor.refresh(),
  client_credentials: (visitor: Visitor) => visitor.clientCredentials(),
  userinfo: (visitor: Visitor) => visitor.userinfo(),
  login: (visitor: Visitor) => visitor.login(),
  discovery: (visitor: Visitor) => visitor.discovery(),
  jwks: (visitor: Visitor) => visitor.jwks(),
} as const;
type Scenario = keyof typeof scenarios;

const { values: flags } = parseArgs({
  options: {
    contestants: { type: 'string', default: 'bare,bare again,bare ES256,sqlite,sqlite full,postgres' },
    scenarios: { type: 'string', default: Object.keys(scenarios).join() },
    rounds: { type: 'string', default: '9' },
    slice: { type: 'string', default: '1200' },
    warm: { type: 'string', default: '4000' },
  },
});

const bare: Paths = { authorize: '/auth', token: '/token', userinfo: '/me', jwks: '/jwks' };
type Running = {
  readonly name: Contestant;
  readonly child: ChildProcess;
  readonly visitors: readonly Visitor[];
  readonly pool: Pool;
};

type Slice = {
  readonly opsPerCpuSecond: number;
  readonly opsPerSecond: number;
  readonly latencies: number[];
};

const chosen = flags.contestants.split(',') as Contestant[];
const postgres = chosen.includes('postgres') ? await startPostgres() : undefined;
const running: Running[] = [];
for (const name of chosen) running.push(await start(name, postgres?.url));
for (const one of running) await drive(one, 'code', 200);
console.log(`${users} users, ${flags.rounds} rounds of ${flags.slice} ms, Node ${process.version}\n`);
for (const scenario of flags.scenarios.split(',') as Scenario[]) await compare(scenario);
for (const { child, pool } of running) {
  await pool.destroy();
  child.disconnect();
}
await postgres?.stop();

async function start(name: Contestant, postgresUrl: string | undefined): Promise<Running> {
  const { child, url } = await startContestant(name, { BENCH_POSTGRES: postgresUrl });
  const pool = new Pool(url, { connections: users, pipelining: 1 });
  const paths = name.startsWith('bare') ? bare : ourPaths;
  const visitors = Array.from({ length: users }, (_, n) => new Visitor(pool, paths, `user${n}`));
  return { name, child, visitors, pool };
}

async function compare(scenario: Scenario): Promise<void> {
  // Every scenario but `login` starts from tokens of a session that exists.
  for (const one of running) for (const visitor of one.visitors) await visitor.code();
  for (const one of running) await drive(one, scenario, Number(flags.warm) / (scenario === 'login' ? 2 : 1));
  const slices = new Map<Contestant, Slice[]>(running.map(({ name }) => [name, []]));
  for (let round = 0; round < Number(flags.rounds); round++) {
    const order = round % 2 === 0 ? running : [...running].reverse();
    for (const one of order) slices.get(one.name)?.push(await drive(one, scenario, Number(flags.slice)));
  }
  report(scenario, slices);
}

async function drive({ child, visitors }: Running, scenario: Scenario, ms: number): Promise<Slice> {
  const operation = scenarios[scenario];
  const latencies: number[] = [];
  const before = await cpuOf(child);
  const started = performance.now();
  const end = started + ms;
  await Promise.all(
    visitors.map(async (visitor) => {
      while (performance.now() < end) {
        const begun = performance.now();
        await operation(visitor);
        latencies.push(performance.now() - begun);
      }
    }),
  );
  const elapsed = performance.now() - started;
  const cpu = (await cpuOf(child)) - before;
  return {
    opsPerCpuSecond: latencies.length / (cpu / 1e6),
    opsPerSecond: latencies.length / (elapsed / 1000),
    latencies,
  };
}

function report(scenario: Scenario, slices: ReadonlyMap<Contestant, Slice[]>): void {
  const reference = slices.get('bare') ?? [];
  console.log(`| ${scenario} | ratio | min – max | ops per core-second | ops per second | p50 ms | p99 ms |`);
  console.log('|---|---|---|---|---|---|---|');
  for (const [name, own] of slices) {
    const ratio = spread(
      own.map(({ opsPerCpuSecond }, i) => opsPerCpuSecond / (reference[i]?.opsPerCpuSecond ?? NaN)),
    );
    const all = own.flatMap(({ latencies }) => latencies);
    const row = [
      contestants[name],
      ratio.median.toFixed(2),
      `${ratio.min.toFixed(2)} – ${ratio.max.toFixed(2)}`,
      Math.round(spread(own.map((s) => s.opsPerCpuSecond)).median),
      Math.round(spread(own.map((s) => s.opsPerSecond)).median),
      quantile(all, 0.5).toFixed(1),
      quantile(all, 0.99).toFixed(1),
    ];
    console.log(`| ${row.join(' | ')} |`);
  }
  console.log();
}
