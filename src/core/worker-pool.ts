import { Worker, type TransferListItem } from 'node:worker_threads';

export type WorkerPool<In, Out> = {
  /**
   * Runs one task on a worker thread. Rejects with {@link WorkerError}: `overloaded` when the queue is full,
   * `timeout`, `crashed` when the thread died (another one takes its place), `failed` when the task threw.
   */
  run(task: In, transfer?: readonly TransferListItem[]): Promise<Out>;
  close(): Promise<void>;
};

export type WorkerPoolOptions = {
  /** The module that calls `serveTasks`, as `new URL('./x.worker.ts', import.meta.url)`. */
  readonly module: URL;
  readonly threads: number;
  /** Tasks that may wait; one more is refused at once. */
  readonly maxQueue: number;
  /** Milliseconds after which a task is given up and its thread replaced. */
  readonly timeoutMs: number;
};

export type WorkerErrorCode = 'overloaded' | 'timeout' | 'crashed' | 'failed' | 'closed';

export class WorkerError extends Error {
  readonly code: WorkerErrorCode;

  constructor(code: WorkerErrorCode, cause?: unknown) {
    super(`worker ${code}`, { cause });
    this.name = 'WorkerError';
    this.code = code;
  }
}

type Task<In, Out> = {
  readonly input: In;
  readonly transfer: readonly TransferListItem[];
  resolve(output: Out): void;
  reject(error: WorkerError): void;
};

type Answer<Out> =
  { readonly ok: true; readonly output: Out } | { readonly ok: false; readonly error: string };

/**
 * CPU work (hashing, images) on threads of their own, which lower their priority so that requests come first
 * (performance.md). Threads start with the first task, take one task at a time and keep no process alive.
 */
export function createWorkerPool<In, Out>(options: WorkerPoolOptions): WorkerPool<In, Out> {
  const queue: Task<In, Out>[] = [];
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  let closed = false;

  const next = (): void => {
    if (queue.length === 0) return;
    const worker = idle.pop() ?? (all.size < options.threads ? spawn() : undefined);
    if (worker) void perform(worker, queue.shift() as Task<In, Out>);
  };

  const spawn = (): Worker => {
    const worker = startWorker(options.module);
    worker.unref();
    all.add(worker);
    worker.once('exit', () => {
      all.delete(worker);
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
    });
    return worker;
  };

  const perform = async (worker: Worker, task: Task<In, Out>): Promise<void> => {
    worker.ref();
    try {
      const answer = await ask<Out>(worker, task.input, task.transfer, options.timeoutMs);
      worker.unref();
      idle.push(worker);
      if (answer.ok) task.resolve(answer.output);
      else task.reject(new WorkerError('failed', answer.error));
    } catch (error) {
      all.delete(worker);
      void worker.terminate();
      task.reject(error instanceof WorkerError ? error : new WorkerError('crashed', error));
    }
    next();
  };

  return {
    run(input, transfer = []) {
      if (closed) return Promise.reject(new WorkerError('closed'));
      if (queue.length >= options.maxQueue) return Promise.reject(new WorkerError('overloaded'));
      return new Promise((resolve, reject) => {
        queue.push({ input, transfer, resolve, reject });
        next();
      });
    },
    async close() {
      closed = true;
      for (const task of queue.splice(0)) task.reject(new WorkerError('closed'));
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}

function ask<Out>(
  worker: Worker,
  input: unknown,
  transfer: readonly TransferListItem[],
  timeoutMs: number,
): Promise<Answer<Out>> {
  return new Promise((resolve, reject) => {
    const settle = (action: () => void) => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      action();
    };
    const onMessage = (answer: Answer<Out>) => settle(() => resolve(answer));
    const onError = (error: unknown) => settle(() => reject(new WorkerError('crashed', error)));
    const onExit = () => settle(() => reject(new WorkerError('crashed')));
    const timer = setTimeout(() => settle(() => reject(new WorkerError('timeout'))), timeoutMs);
    worker.once('message', onMessage).once('error', onError).once('exit', onExit);
    worker.postMessage(input, [...transfer]);
  });
}

/** From the sources (tests) a thread cannot load TypeScript by itself on Node 20: tsx is registered inside it first. */
function startWorker(module: URL): Worker {
  if (!module.pathname.endsWith('.ts')) return new Worker(module);
  const bootstrap = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(module.href)}); })`;
  return new Worker(bootstrap, { eval: true });
}
