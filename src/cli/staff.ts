import { Option, type Command } from 'commander';
import { toString as toQrCode } from 'qrcode';
import { isStaffRole, staffRoleNames, type Enrolment, type StaffRole } from '../review/index.ts';
import { conflictCommands } from './staff-conflicts.ts';
import { withApp } from './with-app.ts';

/** `staff …`: the accounts of those who review. Credentials are printed once; nothing can show them again. */
export function staffCommands(program: Command): void {
  const staff = program.command('staff').description('accounts of the review console');
  staff
    .command('add <login>')
    .description('create an account and print its one-time password and authenticator code')
    .requiredOption('--name <name>', 'shown to other staff')
    .addOption(roleOption().default('reviewer'))
    .action((login: string, { name, role }: { name: string; role: string }) =>
      withApp(async ({ review }) => {
        const result = await review.accounts.add(login, name, roleOf(role), 'cli');
        if (!result.ok) throw new Error(problems[result.reason]);
        await printEnrolment(result.enrolment);
      }),
    );
  staff
    .command('list')
    .description('every account, its role and when it last signed in')
    .action(() =>
      withApp(async ({ review }) => {
        const rows = (await review.accounts.list()).map(({ login, name, role, state, ...account }) => ({
          login,
          name,
          role,
          state: account.mustChangePassword ? `${state}, password not chosen yet` : state,
          'last signed in':
            account.lastSignedInAt === undefined ? '' : new Date(account.lastSignedInAt).toISOString(),
        }));
        if (rows.length > 0) console.table(rows);
        else console.log('There are no accounts yet. Create one with: staff add <login> --name <name>');
      }),
    );
  staff
    .command('role <login>')
    .description('change what an account may do')
    .addOption(roleOption().makeOptionMandatory())
    .action((login: string, { role }: { role: string }) =>
      withApp(async ({ review }) => {
        const result = await review.accounts.changeRole(login, roleOf(role), 'cli');
        if (!result.ok) throw new Error(problems[result.reason]);
        console.log(`${login} is ${role} now.`);
      }),
    );
  conflictCommands(staff);
  staff
    .command('disable <login>')
    .description('end the account’s sessions and claims and refuse its sign-in')
    .action((login: string) => change(login, 'disable', `${login} is disabled; its sessions have ended.`));
  staff
    .command('enable <login>')
    .description('let a disabled account sign in again')
    .action((login: string) => change(login, 'enable', `${login} can sign in again.`));
  staff
    .command('reset <login>')
    .description('print a new one-time password and authenticator code; the old ones stop working')
    .action((login: string) =>
      withApp(async ({ review }) => {
        const result = await review.accounts.reset(login, 'cli');
        if (!result.ok) throw new Error(problems[result.reason]);
        await printEnrolment(result.enrolment);
      }),
    );
  staff
    .command('code <login>')
    .description('development only: the code the account’s authenticator would show')
    .action((login: string) =>
      withApp(async ({ review }, { mode }) => {
        if (mode !== 'development') throw new Error('Codes are shown in development only.');
        const next = await review.accounts.currentCode(login);
        if (!next) throw new Error(problems.unknown_login);
        console.log(next.waitSeconds > 0 ? `${next.code} (works in ${next.waitSeconds} s)` : next.code);
      }),
    );
}

const problems = {
  login_taken: 'This login is taken.',
  login_malformed: 'A login has 2 to 32 characters: a–z first, then a–z, 0–9, dot, dash or underscore.',
  name_malformed: 'A name has 1 to 100 characters.',
  unknown_login: 'There is no account with this login.',
  own_account: 'Nobody changes their own account in this way.',
  last_administrator: 'This is the last administrator. Make somebody else one first.',
} as const;

function change(login: string, kind: 'disable' | 'enable', done: string): Promise<void> {
  return withApp(async ({ review }) => {
    const result = await review.accounts[kind](login, 'cli');
    if (!result.ok) throw new Error(problems[result.reason]);
    console.log(done);
  });
}

function roleOption(): Option {
  return new Option('--role <role>', 'what the account may do').choices(staffRoleNames);
}

function roleOf(role: string): StaffRole {
  if (!isStaffRole(role)) throw new Error(`A role is one of ${staffRoleNames.join(', ')}.`);
  return role;
}

async function printEnrolment({ staff, password, expiresAt, otpauthUri }: Enrolment): Promise<void> {
  console.log(await toQrCode(otpauthUri, { type: 'terminal', small: true }));
  console.log(`Login              ${staff.login}  (${staff.name}, ${staff.role})`);
  console.log(
    `One-time password  ${password}  (until ${new Date(expiresAt).toISOString()}; changed at first sign-in)`,
  );
  console.log(`Authenticator      scan the code above, or enter ${otpauthUri}`);
  console.log('These are shown once. Hand them over in person or by two separate ways.');
}
