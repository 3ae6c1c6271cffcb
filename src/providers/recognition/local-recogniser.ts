import type { Log } from '../../core/log.ts';
import { failed, ok, type Failed, type Ok } from '../../core/result.ts';
import { superviseProcess, type ProcessFailure } from '../../core/supervised-process.ts';
import type { Recogniser, RecogniserFailure } from '../../verification/recogniser.ts';
import type { RecognitionAnswer, RecognitionRequest, RecognitionTasks } from './recogniser.process.ts';

export type LocalRecogniserOptions = {
  readonly log: Log;
  /** Pictures that may wait; more are answered with `busy` at once. */
  readonly queueLength?: number;
  /** Milliseconds one picture may take before its process is ended. */
  readonly timeoutMs?: number;
  /** Resident memory, in MB, above which the process is replaced between two pictures. */
  readonly maxMemory?: number;
  /** The program of the process; tests give one that crashes or hangs. */
  readonly module?: URL;
};

/** What each end of a job means for the one who asked; a picture that cannot even be decoded is for a person, too. */
const failures: Readonly<Record<ProcessFailure, RecogniserFailure>> = {
  busy: 'busy',
  closed: 'busy',
  crashed: 'crashed',
  failed: 'crashed',
  timeout: 'timeout',
};

/** Recognition with the models of our dependencies: nothing leaves the machine, nothing is fetched. */
export function createLocalRecogniser({
  log,
  queueLength = 32,
  timeoutMs = 60_000,
  maxMemory = 1100,
  module = new URL('./recogniser.process.ts', import.meta.url),
}: LocalRecogniserOptions): Recogniser {
  const process = superviseProcess<RecognitionRequest, RecognitionAnswer>({
    module,
    name: 'recogniser',
    log,
    queueLength,
    timeoutMs,
    maxMemory,
  });
  const ask = async <K extends RecognitionRequest['kind']>(
    request: RecognitionRequest & { kind: K },
  ): Promise<Ok<{ answer: RecognitionTasks[K]['answer'] }> | Failed<RecogniserFailure>> => {
    const result = await process.run(request);
    if (!result.ok) return failed(failures[result.reason]);
    if (result.output !== undefined) return ok({ answer: result.output });
    log.error('the recognition models are missing or changed');
    return failed('unavailable');
  };

  return {
    models: { text: 'pp-ocrv4-mobile', face: 'faceplugin-0.0.1' },
    async read(jpeg, { zone, codes }) {
      const result = await ask({ kind: 'read', jpeg, zone, codes });
      return result.ok ? ok({ seen: result.answer }) : result;
    },
    async findFaces(jpeg, { thorough }) {
      const result = await ask({ kind: 'findFaces', jpeg, thorough });
      return result.ok ? ok({ seen: result.answer }) : result;
    },
    async crop(jpeg, areas, rotation) {
      const result = await ask({ kind: 'crop', jpeg, areas, turn: rotation });
      return result.ok ? ok({ crops: result.answer.map((crop) => Buffer.from(crop)) }) : result;
    },
    close: () => process.close(),
  };
}
