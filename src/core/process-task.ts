import { setPriority } from 'node:os';

/** What the supervisor sends; values cross the pipe by structured clone and never touch a disk. */
export type ProcessRequest<In> = { readonly id: number; readonly input: In };

/** What the process answers; `memory` is its resident set after the job, in MB. */
export type ProcessAnswer<Out> = { readonly id: number; readonly memory: number } & (
  { readonly ok: true; readonly output: Out } | { readonly ok: false; readonly error: string }
);

const LOWEST_PRIORITY = 19;
const BYTES_PER_MB = 2 ** 20;

/**
 * Called once by a module that runs as a supervised process: answers every request with what `perform` returns, or
 * with the name of what it threw. The process ends with the program that started it.
 */
export function serveRequests<In, Out>(perform: (input: In) => Promise<Out> | Out): void {
  setPriority(LOWEST_PRIORITY);
  process.on('disconnect', () => process.exit(0));
  process.on('message', ({ id, input }: ProcessRequest<In>) => {
    void attempt(() => perform(input)).then((answer) => {
      const memory = process.memoryUsage.rss() / BYTES_PER_MB;
      process.send?.({ id, memory, ...answer } satisfies ProcessAnswer<Out>);
    });
  });
}

async function attempt<Out>(
  perform: () => Promise<Out> | Out,
): Promise<{ readonly ok: true; readonly output: Out } | { readonly ok: false; readonly error: string }> {
  try {
    return { ok: true, output: await perform() };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.name : 'unknown' };
  }
}
