import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { openModel } from '../models.ts';

/** SHA-256 of the model files of faceplugin-face-recognition-js 0.0.1; decision 0073 says what is known of them. */
const digests = {
  detect: '6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854',
  landmark: 'f10b0ba1d2a8a099adefede1ebf3733e44fe370715e7303dbeb7f59c02142258',
  feature: '87aacdfe57510db2af90c0251df680e8eec88f122ee94712121d09bcaaaf3581',
  liveness: 'afa783b7e902fdfcf323a7240cac2a1c580c25314ea4161129dc1b0d100dc32d',
  eye: '1afcea006abc1ccac3c517022abde0aa092bed74ff3c9fe6878483ef9e6e38de',
} as const;

type ModelName = keyof typeof digests;

const require = createRequire(import.meta.url);

/** Runs on one input of a fixed shape; the answer holds the outputs by name. */
export type Model = (input: Float32Array) => Promise<Readonly<Record<string, Float32Array>>>;

/** Throws when the file is not the one that was measured. */
export async function loadModel(name: ModelName): Promise<Model> {
  const packageFile = require.resolve('faceplugin-face-recognition-js/package.json');
  const path = join(dirname(packageFile), 'model', `fr_${name}.onnx`);
  const session = await openModel({ path, sha256: digests[name] });
  const [description] = session.inputMetadata;
  if (!description?.isTensor) throw new Error(`fr_${name}.onnx takes no tensor`);
  const shape = description.shape.map(Number);
  return async (input) => {
    const outputs = await session.run({ [description.name]: new Tensor('float32', input, shape) });
    return Object.fromEntries(Object.entries(outputs).map(([key, { data }]) => [key, data as Float32Array]));
  };
}
