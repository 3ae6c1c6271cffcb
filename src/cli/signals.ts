import { InvalidArgumentError, type Command } from 'commander';
import { endpointProblem, signalTypes, type Delivery, type StreamOverview } from '../signals/index.ts';
import { withApp } from './with-app.ts';

const states = ['pending', 'delivered', 'refused'] as const;

/** `signals …`: the streams over which apps hear what happens. */
export function signalCommands(program: Command): void {
  const signals = program.command('signals').description('streams over which apps hear what happens');
  signals
    .command('streams')
    .description('every stream, its state and what waits in it')
    .action(() =>
      withApp(async ({ signals: { operations } }) => (await operations.list()).forEach(printStream)),
    );
  signals
    .command('add-webhook')
    .description('call an address of an app, signed in the Standard Webhooks form; the secret is shown once')
    .argument('<client>', 'the client_id of the app')
    .argument('<url>')
    .option('--event <type>', `only this type, may be repeated: ${signalTypes.join(', ')}`, eventType)
    .action((clientId: string, url: string, { event }: { event?: string[] }) =>
      withApp(async ({ signals: { operations }, clients }, { mode }) => {
        if (!(await clients.find(clientId))) throw new Error(`There is no app "${clientId}".`);
        const problem = endpointProblem(url, { production: mode === 'production' });
        if (problem !== undefined) throw new Error(`The address ${problem}.`);
        const result = await operations.addWebhook({ clientId, url, events: event }, 'cli');
        if (!result.ok) throw new Error(`The app has too many streams; remove one.`);
        console.log(`stream  ${result.stream.id}`);
        console.log(`secret  ${result.secret}`);
        console.log('Keep the secret now; it is stored sealed and not shown again.');
      }),
    );
  signals
    .command('enable')
    .description('send again, what was held first')
    .argument('<stream>')
    .action((id: string) =>
      withApp(async ({ signals: { operations } }) => {
        if (!(await operations.enable(id, 'cli'))) throw new Error(unknown(id));
        console.log(`${id} is enabled.`);
      }),
    );
  signals
    .command('disable')
    .description('send nothing any more; only an operator can enable it again')
    .argument('<stream>')
    .option('--reason <text>', 'told to the app')
    .action((id: string, { reason }: { reason?: string }) =>
      withApp(async ({ signals: { operations } }) => {
        if (!(await operations.disable(id, 'cli', reason))) throw new Error(unknown(id));
        console.log(`${id} is disabled.`);
      }),
    );
  signals
    .command('remove')
    .description('forget the stream and what waits in it')
    .argument('<stream>')
    .action((id: string) =>
      withApp(async ({ signals: { operations } }) => {
        if (!(await operations.remove(id, 'cli'))) throw new Error(unknown(id));
        console.log(`Removed ${id}.`);
      }),
    );
  signals
    .command('deliveries')
    .description('the newest deliveries of a stream')
    .argument('<stream>')
    .option('--state <state>', states.join(', '), deliveryState)
    .option('--limit <count>', 'how many', count, 20)
    .action((id: string, { state, limit }: { state?: Delivery['state']; limit: number }) =>
      withApp(async ({ signals: { operations } }) => {
        const found = await operations.deliveries(id, { limit, ...(state ? { state } : {}) });
        if (!found) throw new Error(unknown(id));
        found.forEach(printDelivery);
      }),
    );
  signals
    .command('replay')
    .description('send once more what happened since, under the ids it had')
    .argument('<stream>')
    .argument('<from>', 'a day, a time (RFC 3339, UTC) or the id of an event')
    .action((id: string, from: string) =>
      withApp(async ({ signals: { operations } }) => {
        const result = await operations.replay(id, readFrom(from), 'cli');
        if (!result.ok) throw new Error(problems[result.reason](id, from));
        console.log(`${result.count} events will be sent.`);
      }),
    );
}

const problems = {
  unknown: (id: string) => unknown(id),
  disabled: (id: string) => `${id} is disabled; enable it first.`,
  unknown_event: (_id: string, from: string) => `There is no event "${from}" any more.`,
} as const;

function unknown(id: string): string {
  return `There is no stream "${id}".`;
}

function readFrom(text: string): { at: number } | { eventId: string } {
  if (/^evt_[0-9a-z]{26}$/.test(text)) return { eventId: text };
  const at = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new Error('Give a day like 2026-11-23, a time like 2026-11-23T08:00:00Z or the id of an event.');
  }
  return { at };
}

function eventType(value: string, before: string[] = []): string[] {
  if (!(signalTypes as readonly string[]).includes(value)) {
    throw new InvalidArgumentError(`It is one of ${signalTypes.join(', ')}.`);
  }
  return [...before, value];
}

function deliveryState(value: string): Delivery['state'] {
  const found = states.find((state) => state === value);
  if (!found) throw new InvalidArgumentError(`It is one of ${states.join(', ')}.`);
  return found;
}

function count(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 1000) {
    throw new InvalidArgumentError('It is a whole number from 1 to 1000.');
  }
  return number;
}

const time = (at: number) => new Date(at).toISOString();

function printStream({ stream, pending, oldest }: StreamOverview): void {
  const { id, clientId, method, endpointUrl, state, reason, lastError, lastDeliveredAt } = stream;
  console.log(`${id}  ${clientId}  ${method}  ${state}${reason === undefined ? '' : ` (${reason})`}`);
  if (endpointUrl !== undefined) console.log(`  to              ${endpointUrl}`);
  console.log(`  waiting         ${pending}${oldest === undefined ? '' : `, since ${time(oldest)}`}`);
  if (lastDeliveredAt !== undefined) console.log(`  last delivered  ${time(lastDeliveredAt)}`);
  if (lastError !== undefined) console.log(`  last error      ${lastError}`);
}

function printDelivery({ createdAt, state, type, eventId, attempts, error }: Delivery): void {
  console.log(
    `${time(createdAt)}  ${state.padEnd(9)}  ${type}  ${eventId}  attempts ${attempts}${error === undefined ? '' : `  ${error}`}`,
  );
}
