import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Log } from './log.ts';
import type { ProcessAnswer, ProcessRequest } from './process-task.ts';
import { failed, ok, type Result } from './result.ts';

/**
 * `busy`: too many jobs wait. `crashed`, `timeout`: the job ended every process it was given to. `failed`: the module
 * threw. `closed`: the program is ending.
 */
export type ProcessFailure = 'busy' | 'crashed' | 'timeout' | 'failed' | 'closed';

export type SupervisedProcess<In, Out> = {
  run(input: In): Promise<Result<{ readonly output: Out }, ProcessFailure>>;
  close(): Promise<void>;
};

export type SupervisedProcessOptions = {
  /** The module that calls `serveRequests`, as `new URL('./x.process.ts', import.meta.url)`. */
  readonly module: URL;
  /** What the log calls it. */
  readonly name: string;
  readonly log: Log;
  /** Jobs that may wait; one more is answered `busy` at once. */
  readonly queueLength: number;
  /** Milliseconds one job may take, the start of its process included, before the process is ended. */
  readonly timeoutMs: number;
  /** Processes that one job may cost; the last one's end is the job's result. */
  readonly attempts?: number;
  /** Resident memory, in MB, above which the process is replaced before its next job. */
  readonly maxMemory?: number;
  /** Milliseconds without a job after which the process is ended, to give its memory back. */
  readonly idleMs?: number;
};

type Job<In, Out> = {
  readonly input: In;
  attempt: number;
  resolve(result: Result<{ readonly output: Out }, ProcessFailure>): void;
};

/**
 * Runs native code over what strangers sent in a process of its own: one job at a time, at the lowest priority,
 * without the program's environment. It starts with the first job, and neither it nor its end ends the program.
 */
export function superviseProcess<In, Out>({
  attempts = 2,
  maxMemory = Infinity,
  idleMs = 600_000,
  ...options
}: SupervisedProcessOptions): SupervisedProcess<In, Out> {
  const waiting: Job<In, Out>[] = [];
  let child: ChildProcess | undefined;
  let current: Job<In, Out> | undefined;
  let deadline: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;
  let sent = 0;
  let closed = false;

  const end = (reason: string): void => {
    const ending = child;
    child = undefined;
    if (!ending) return;
    ending.kill('SIGKILL');
    options.log.info(`${options.name} ended`, { reason });
  };
  const settle = (result: Result<{ readonly output: Out }, ProcessFailure>): void => {
    clearTimeout(deadline);
    const job = current;
    current = undefined;
    job?.resolve(result);
    next();
  };
  const lose = (lost: ChildProcess, reason: 'crashed' | 'timeout'): void => {
    if (child !== lost) return;
    end(reason);
    clearTimeout(deadline);
    if (!current) return;
    options.log.warn(`${options.name} lost a job`, { reason, attempt: current.attempt });
    if (current.attempt >= attempts) return settle(failed(reason));
    waiting.unshift(current);
    current = undefined;
    next();
  };
  const take = (answer: ProcessAnswer<Out>): void => {
    if (answer.memory > maxMemory) end('memory');
    if (answer.ok) return settle(ok({ output: answer.output }));
    options.log.warn(`${options.name} failed`, { code: answer.error });
    settle(failed('failed'));
  };
  const start = (): ChildProcess => {
    const started = forkModule(options.module);
    started.on('message', (answer: ProcessAnswer<Out>) => {
      if (child === started && answer.id === sent) take(answer);
    });
    started.on('error', () => lose(started, 'crashed'));
    started.on('exit', () => lose(started, 'crashed'));
    return started;
  };
  const rest = (): void => {
    hold(child, false);
    clearTimeout(idle);
    idle = setTimeout(() => end('idle'), idleMs).unref();
  };
  const next = (): void => {
    if (current || closed) return;
    current = waiting.shift();
    if (!current) return rest();
    clearTimeout(idle);
    const process = (child ??= start());
    hold(process, true);
    current.attempt += 1;
    sent += 1;
    deadline = setTimeout(() => lose(process, 'timeout'), options.timeoutMs);
    process.send({ id: sent, input: current.input } satisfies ProcessRequest<In>, (error) => {
      if (error) lose(process, 'crashed');
    });
  };

  return {
    run(input) {
      if (closed) return Promise.resolve(failed('closed'));
      if (waiting.length >= options.queueLength) return Promise.resolve(failed('busy'));
      return new Promise((resolve) => {
        waiting.push({ input, attempt: 0, resolve });
        next();
      });
    },
    async close() {
      closed = true;
      clearTimeout(deadline);
      clearTimeout(idle);
      for (const job of [...waiting.splice(0), ...(current ? [current] : [])]) job.resolve(failed('closed'));
      current = undefined;
      const ending = child;
      child = undefined;
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
      await new Promise<void>((resolve) => {
        ending.ref();
        ending.once('exit', () => resolve());
        ending.kill('SIGKILL');
      });
    },
  };
}

/** Whether the process keeps the program alive: only while it has a job. */
function hold(child: ChildProcess | undefined, held: boolean): void {
  if (held) {
    child?.ref();
    child?.channel?.ref();
  } else {
    child?.unref();
    child?.channel?.unref();
  }
}

/** From the sources the module is TypeScript and needs its loader; from the build it is plain JavaScript. */
function forkModule(module: URL): ChildProcess {
  const fromSources = import.meta.url.endsWith('.ts');
  const file = fromSources ? module.href : module.href.replace(/\.ts$/, '.js');
  return fork(fileURLToPath(file), [], {
    execArgv: fromSources ? ['--import', 'tsx'] : [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' },
  });
}
