import { parseArgs } from 'node:util';
import { besiege } from '../test/support/hostile/siege.ts';

/** Mutated pictures against the intake: how each ended, how long it took and what it cost. Exits with 1 when a process was lost. */
const { values: flags } = parseArgs({
  options: { count: { type: 'string', default: '10000' }, first: { type: 'string', default: '0' } },
});
const report = await besiege(Number(flags.count), Number(flags.first));
for (const [end, count] of Object.entries(report.ends)) console.log(`${end.padEnd(16)} ${count}`);
console.log(`\n${report.took.toFixed(1)} s, the slowest ${Math.round(report.slowest)} ms`);
console.log(`memory: ${report.memory.own} MB here, ${report.memory.children} MB in two decoders`);
for (const line of report.lost) console.log(`LOST ${line}`);
process.exitCode = report.lost.length > 0 ? 1 : 0;
