import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../core/log.ts';
import { failed, ok } from '../../core/result.ts';
import type { ImageProcessor } from '../../verification/images.ts';
import type { DecodeLimits, DecodeResult } from './decode.ts';
import type { DecodeAnswer, DecodeRequest } from './decoder.process.ts';

export type ImageProcessorOptions = {
  readonly limits: DecodeLimits;
  readonly log: Log;
  /** Pictures that may wait; more are answered with `busy` at once. */
  readonly queueLength?: number;
  /** Milliseconds one picture may take before its process is ended. */
  readonly timeoutMs?: number;
};

type Job = { readonly bytes: Buffer; readonly resolve: (result: DecodeResult) => void };

/**
 * Pictures from strangers are decoded in a process of their own: one at a time, at the lowest priority, without the
 * program's environment. Whatever a poisoned picture does there ends as "unreadable" here, and the next one gets a
 * new process.
 */
export function createImageProcessor({
  limits,
  log,
  queueLength = 16,
  timeoutMs = 30_000,
}: ImageProcessorOptions): ImageProcessor {
  const waiting: Job[] = [];
  let child: ChildProcess | undefined;
  let current: Job | undefined;
  let timer: NodeJS.Timeout | undefined;
  let sent = 0;
  let closed = false;

  const settle = (result: DecodeResult): void => {
    clearTimeout(timer);
    const job = current;
    current = undefined;
    job?.resolve(result);
    next();
  };
  const lose = (lost: ChildProcess, reason: string): void => {
    if (child !== lost) return;
    child = undefined;
    lost.kill('SIGKILL');
    if (!current) return;
    log.warn('picture decoder ended', { reason });
    settle({ ok: false, reason: 'unreadable' });
  };
  const start = (): ChildProcess => {
    const started = forkDecoder();
    started.on('message', ({ id, result }: DecodeAnswer) => {
      if (id === sent && child === started) settle(result);
    });
    started.on('error', () => lose(started, 'error'));
    started.on('exit', () => lose(started, 'exit'));
    return started;
  };
  const next = (): void => {
    if (current || closed) return;
    current = waiting.shift();
    if (!current) return;
    const process = (child ??= start());
    sent += 1;
    timer = setTimeout(() => lose(process, 'timeout'), timeoutMs);
    process.send({ id: sent, bytes: current.bytes, limits } satisfies DecodeRequest, (error) => {
      if (error) lose(process, 'send');
    });
  };

  return {
    async normalise(bytes) {
      if (closed || waiting.length >= queueLength) return failed('busy');
      const result = await new Promise<DecodeResult>((resolve) => {
        waiting.push({ bytes, resolve });
        next();
      });
      if (!result.ok) return failed(result.reason);
      const { jpeg, thumbnail, width, height } = result;
      return ok({ jpeg: Buffer.from(jpeg), thumbnail: Buffer.from(thumbnail), width, height });
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      for (const job of [...waiting.splice(0), ...(current ? [current] : [])]) {
        job.resolve({ ok: false, reason: 'busy' });
      }
      current = undefined;
      const ending = child;
      child = undefined;
      if (!ending || ending.exitCode !== null) return;
      await new Promise<void>((resolve) => {
        ending.once('exit', () => resolve());
        ending.kill('SIGKILL');
      });
    },
  };
}

/** From the sources the child is TypeScript too and needs its loader; from the build it is plain JavaScript. */
function forkDecoder(): ChildProcess {
  const fromSources = import.meta.url.endsWith('.ts');
  const file = new URL(`./decoder.process.${fromSources ? 'ts' : 'js'}`, import.meta.url);
  return fork(fileURLToPath(file), [], {
    execArgv: fromSources ? ['--import', 'tsx'] : [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' },
  });
}
