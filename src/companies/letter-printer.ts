import { seconds } from '../core/clock.ts';
import { createWorkerPool } from '../core/worker-pool.ts';
import type { LetterContent } from './letter.ts';

/** Prints letters of authorisation, off the thread that answers requests: the font has thirty thousand characters. */
export type LetterPrinter = {
  print(content: LetterContent): Promise<Buffer>;
  close(): Promise<void>;
};

export function createLetterPrinter(): LetterPrinter {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const pool = createWorkerPool<LetterContent, Uint8Array>({
    module: new URL(`./letter.worker.${extension}`, import.meta.url),
    threads: 1,
    maxQueue: 20,
    timeoutMs: seconds(20),
  });
  return {
    print: async (content) => Buffer.from(await pool.run(content)),
    close: () => pool.close(),
  };
}
