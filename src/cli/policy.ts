import { readFileSync } from 'node:fs';
import { InvalidArgumentError, type Command } from 'commander';
import { days } from '../core/clock.ts';
import {
  defaultPolicy,
  policyFromFile,
  replay,
  type Verdict,
  type VerificationPolicy,
} from '../verification/index.ts';
import { withApp } from './with-app.ts';

/** `policy show/replay`: what the machine may conclude, and what another policy would have concluded. */
export function policyCommands(program: Command): void {
  const policy = program.command('policy').description('what the machine may conclude from what it sees');
  policy
    .command('show')
    .description('print the policy in force, or the one of a file, as JSON')
    .argument('[file]', 'a policy file')
    .action((file: string | undefined) =>
      file === undefined ? withApp(async (app) => show(app.policy)) : show(read(file)),
    );
  policy
    .command('replay')
    .description('judge past cases again under another policy, and print what would have been different')
    .argument('<file>', 'the policy file; `default` for the policy that comes with the program')
    .option('--days <n>', 'cases submitted in the last so many days', whole, 90)
    .option('--list', 'name every case whose verdict changes')
    .action((file: string, options: { days: number; list?: true }) =>
      withApp(async ({ database: { stores, handle } }) => {
        const next = file === 'default' ? defaultPolicy : read(file);
        const since = handle.clock.now() - days(options.days);
        const changes = new Map<string, number>();
        let total = 0;
        for await (const { caseId, before, after } of replay(stores.cases, next, since)) {
          total += 1;
          if (before.verdict === after.verdict) continue;
          const change = `${before.verdict} → ${after.verdict}`;
          changes.set(change, (changes.get(change) ?? 0) + 1);
          if (options.list) console.log(`${caseId}  ${change}  ${reasonsOf(before)} → ${reasonsOf(after)}`);
        }
        const changed = [...changes.values()].reduce((sum, count) => sum + count, 0);
        console.log(`${total} cases under policy ${next.version}: ${changed} verdicts would change.`);
        for (const [change, count] of [...changes].sort(([, a], [, b]) => b - a))
          console.log(`  ${count}  ${change}`);
      }),
    );
}

const reasonsOf = ({ reasons }: Verdict): string => (reasons.length > 0 ? reasons.join(',') : '—');

function show({ version, judgement }: VerificationPolicy): void {
  console.log(JSON.stringify({ version, ...judgement }, null, 2));
}

function read(file: string): VerificationPolicy {
  const result = policyFromFile(readFileSync(file, 'utf8'));
  if (!result.ok) throw new Error(`${file} is no policy:\n${result.problems.join('\n')}`);
  return result.policy;
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('must be a whole number of days, from 1.');
  return Number(text);
}
