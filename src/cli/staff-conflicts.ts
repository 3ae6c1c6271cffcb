import type { Command } from 'commander';
import { withApp } from './with-app.ts';

const problems = {
  unknown_login: 'There is no account with this login.',
  code_malformed: 'This is not a unified social credit code.',
  not_declared: 'This company was not declared.',
} as const;

/** `staff conflict …`: the companies whose cases somebody is not given. */
export function conflictCommands(staff: Command): void {
  const conflict = staff
    .command('conflict')
    .description('companies that a member of staff works for or is close to');
  conflict
    .command('add <login> <code>')
    .description('give this person no case of the company with this unified social credit code')
    .action((login: string, code: string) =>
      withApp(async ({ review }) => {
        const result = await review.conflicts.add(login, code, 'cli');
        if (!result.ok) throw new Error(problems[result.reason]);
        console.log(`${login} is given no case of ${result.creditCode}.`);
      }),
    );
  conflict
    .command('remove <login> <code>')
    .description('take the declaration back')
    .action((login: string, code: string) =>
      withApp(async ({ review }) => {
        const result = await review.conflicts.remove(login, code, 'cli');
        if (!result.ok) throw new Error(problems[result.reason]);
        console.log(`${login} may be given cases of ${result.creditCode} again.`);
      }),
    );
  conflict
    .command('list <login>')
    .description('the codes that were declared')
    .action((login: string) =>
      withApp(async ({ review }) => {
        const result = await review.conflicts.list(login);
        if (!result.ok) throw new Error(problems[result.reason]);
        console.log(result.creditCodes.join('\n') || 'No company is declared.');
      }),
    );
}
