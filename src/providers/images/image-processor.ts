import type { Log } from '../../core/log.ts';
import { failed, ok } from '../../core/result.ts';
import { superviseProcess } from '../../core/supervised-process.ts';
import type { ImageProcessor } from '../../verification/images.ts';
import type { DecodeLimits, DecodeResult } from './decode.ts';
import type { DecodeRequest } from './decoder.process.ts';

export type ImageProcessorOptions = {
  readonly limits: DecodeLimits;
  readonly log: Log;
  /** Pictures that may wait; more are answered with `busy` at once. */
  readonly queueLength?: number;
  /** Milliseconds one picture may take before its process is ended. */
  readonly timeoutMs?: number;
};

/**
 * Pictures from strangers are decoded in a process of their own. Whatever a poisoned picture does there ends as
 * "unreadable" here, and the next one gets a new process.
 */
export function createImageProcessor({
  limits,
  log,
  queueLength = 16,
  timeoutMs = 30_000,
}: ImageProcessorOptions): ImageProcessor {
  const decoder = superviseProcess<DecodeRequest, DecodeResult>({
    module: new URL('./decoder.process.ts', import.meta.url),
    name: 'picture decoder',
    log,
    queueLength,
    timeoutMs,
    attempts: 1,
    maxMemory: 600,
  });

  return {
    async normalise(bytes) {
      const answer = await decoder.run({ bytes, limits });
      if (!answer.ok) {
        return failed(answer.reason === 'busy' || answer.reason === 'closed' ? 'busy' : 'unreadable');
      }
      const result = answer.output;
      if (!result.ok) return failed(result.reason);
      const { jpeg, thumbnail, width, height } = result;
      return ok({ jpeg: Buffer.from(jpeg), thumbnail: Buffer.from(thumbnail), width, height });
    },
    close: () => decoder.close(),
  };
}
