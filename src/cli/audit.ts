import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { InvalidArgumentError, type Command } from 'commander';
import { exportLines, verifyExport, verifyLog, type Break, type Period } from '../audit/index.ts';
import { withApp } from './with-app.ts';

/** `audit export/verify`: the chained log of what staff and operators did. */
export function auditCommands(program: Command): void {
  const audit = program.command('audit').description('the chained log of what staff and operators did');
  audit
    .command('export')
    .description('print records as JSON Lines, and a signed last line')
    .option('--from <time>', 'not before this day or time (RFC 3339, UTC)', instant)
    .option('--to <time>', 'before this day or time', instant)
    .action((period: Period) =>
      withApp(async ({ database: { stores } }) => {
        await stores.audit.append({
          actor: 'cli',
          action: 'audit.exported',
          target: undefined,
          details: said(period),
        });
        for await (const line of exportLines(stores.audit, period)) process.stdout.write(line);
      }),
    );
  audit
    .command('verify')
    .description('check the whole log, or an export of it; ends with 1 and names the first broken record')
    .argument('[file]', 'an export')
    .action((file: string | undefined) =>
      withApp(async ({ database: { stores } }) => {
        const result =
          file === undefined
            ? await verifyLog(stores.audit)
            : await verifyExport(await linesOf(file), stores.audit);
        if (!result.ok) throw new Error(`Record ${result.sequence} is broken: ${problems[result.problem]}`);
        console.log(`${result.records} records are whole; the last one is number ${result.end.sequence}.`);
      }),
    );
}

const problems: Readonly<Record<Break['problem'], string>> = {
  gap: 'it is missing, or not at its place.',
  unlinked: 'it does not name the hash of the record before it.',
  altered: 'its content does not have its hash.',
  ends_early: 'it and what comes after it are missing.',
  forged_end: 'no key of this installation signed the log as it begins or ends there.',
  not_in_log: 'the log of this installation does not hold it, or not like this.',
};

function instant(text: string): number {
  const at = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw new InvalidArgumentError('Give a day like 2026-11-23 or a time like 2026-11-23T08:00:00Z.');
  return at;
}

function said({ from, to }: Period): Record<string, string> {
  const text = (at: number) => new Date(at).toISOString();
  return {
    ...(from === undefined ? {} : { from: text(from) }),
    ...(to === undefined ? {} : { to: text(to) }),
  };
}

/** Opens the file before it is read, so that a missing one is an error of this command. */
async function linesOf(file: string): Promise<AsyncIterable<string>> {
  await (await open(file)).close();
  return createInterface({ input: createReadStream(file), crlfDelay: Infinity });
}
