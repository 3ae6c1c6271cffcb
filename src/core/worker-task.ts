import { setPriority } from 'node:os';
import { parentPort, type TransferListItem } from 'node:worker_threads';

const LOWEST_PRIORITY = 19;

/**
 * Called once by a worker module: answers every task of its pool with what `perform` returns. On Linux the priority
 * set here is this thread's alone.
 */
export function serveTasks<In, Out>(
  perform: (input: In) => Promise<Out> | Out,
  transferOf: (output: Out) => readonly TransferListItem[] = () => [],
): void {
  setPriority(0, LOWEST_PRIORITY);
  const port = parentPort;
  if (!port) throw new Error('a worker module must be loaded by a worker pool');
  port.on('message', (input: In) => {
    void (async () => {
      try {
        const output = await perform(input);
        port.postMessage({ ok: true, output }, [...transferOf(output)]);
      } catch (error) {
        port.postMessage({ ok: false, error: error instanceof Error ? error.name : 'unknown' });
      }
    })();
  });
}
