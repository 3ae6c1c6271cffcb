import { seconds, type Instant } from '../core/clock.ts';
import { createWorkerPool } from '../core/worker-pool.ts';

export type WatermarkTask = { readonly jpeg: Uint8Array; readonly login: string; readonly at: Instant };

/** Marks pictures with who looks at them and when, off the thread that answers requests. */
export type Watermarker = {
  mark(jpeg: Buffer, login: string, at: Instant): Promise<Buffer>;
  close(): Promise<void>;
};

export function createWatermarker(threads = 1): Watermarker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const pool = createWorkerPool<WatermarkTask, Uint8Array>({
    module: new URL(`./watermark.worker.${extension}`, import.meta.url),
    threads,
    maxQueue: 60,
    timeoutMs: seconds(20),
  });
  return {
    async mark(jpeg, login, at) {
      return Buffer.from(await pool.run({ jpeg, login, at }));
    },
    close: () => pool.close(),
  };
}
