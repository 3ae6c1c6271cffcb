import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { InferenceSession, type Tensor } from 'onnxruntime-node';

/** A file of a model package and what it has to be; weights are code that nobody reads, so they are pinned. */
export type PinnedFile = { readonly path: string; readonly sha256: string };

/** A file of a model package is not the one this program was measured with. */
export class ModelMismatch extends Error {
  constructor(path: string) {
    super(`${path} is not the expected model file`);
    this.name = 'ModelMismatch';
  }
}

/** Reads a file once it is known to be the expected one. */
export async function readPinned({ path, sha256 }: PinnedFile): Promise<Buffer> {
  const bytes = await readFile(path);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new ModelMismatch(path);
  return bytes;
}

/** Opens a model for one thread: the process it runs in has the lowest priority, not the most threads. */
export async function openModel(file: PinnedFile): Promise<InferenceSession> {
  return InferenceSession.create(await readPinned(file), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
    // Every picture has other sizes: plans kept for each of them would only hold memory.
    enableMemPattern: false,
  });
}

/** Runs a model that has one input and one output. */
export async function infer(model: InferenceSession, input: Tensor): Promise<Tensor> {
  const [name = ''] = model.inputNames;
  const [output = ''] = model.outputNames;
  const answer = (await model.run({ [name]: input }))[output];
  if (!answer) throw new Error('a model answered nothing');
  return answer;
}
