import type { Log } from '../../../src/core/log.ts';
import { createImageProcessor } from '../../../src/providers/images/image-processor.ts';
import { imageLimits, sniffImage, type ImageReason } from '../../../src/verification/images.ts';
import { watchMemory } from '../memory.ts';
import { mutate, seedlings, seedlingSide } from './mutations.ts';

export type SiegeReport = {
  /** How many ended in each way. */
  readonly ends: Readonly<Partial<Record<'taken' | ImageReason, number>>>;
  /** What the decoder's process was lost to, with the numbers of the mutations under way. */
  readonly lost: readonly string[];
  /** Milliseconds of the slowest, waiting for others in the queue included. */
  readonly slowest: number;
  /** Seconds altogether. */
  readonly took: number;
  /** MB. */
  readonly memory: { readonly own: number; readonly children: number };
  /** Some of those that were taken, made safe. */
  readonly samples: readonly Buffer[];
};

const IN_FLIGHT = 8;
const DECODERS = 2;
const SAMPLES = 20;

/** Sends mutated files through the whole intake, several at once to each of two decoders. */
export async function besiege(count: number, first = 0): Promise<SiegeReport> {
  const [lost, samples]: [string[], Buffer[]] = [[], []];
  const ends: Partial<Record<'taken' | ImageReason, number>> = {};
  let [next, slowest] = [first, 0];
  const log = complaints((message) => lost.push(`${message}, before number ${next}`));
  const limits = { ...imageLimits, minSide: seedlingSide / 4 };
  const decoders = Array.from({ length: DECODERS }, () => createImageProcessor({ limits, log }));
  const from = await seedlings();
  const memory = watchMemory(process.pid);
  const started = performance.now();

  const send = async (decoder: (typeof decoders)[number]): Promise<void> => {
    while (next < first + count) {
      const { bytes } = mutate(from, next++);
      const begun = performance.now();
      const sniffed = sniffImage(bytes);
      const result = sniffed.ok ? await decoder.normalise(bytes) : sniffed;
      slowest = Math.max(slowest, performance.now() - begun);
      const end = result.ok ? 'taken' : result.reason;
      ends[end] = (ends[end] ?? 0) + 1;
      if ('jpeg' in result && result.jpeg && samples.length < SAMPLES) samples.push(result.jpeg);
    }
  };
  await Promise.all(decoders.flatMap((decoder) => Array.from({ length: IN_FLIGHT }, () => send(decoder))));
  const took = (performance.now() - started) / 1000;
  memory.stop();
  for (const decoder of decoders) await decoder.close();
  return { ends, lost, slowest, took, memory: memory.peak(), samples };
}

/** A log that hands on warnings and errors; a supervised process says there when it was lost. */
export function complaints(take: (message: string) => void): Log {
  const heard = (message: string, fields?: object): void =>
    take(`${message} ${JSON.stringify(fields ?? {})}`);
  const quiet = (): void => undefined;
  const log: Log = { debug: quiet, info: quiet, warn: heard, error: heard, child: () => log };
  return log;
}
