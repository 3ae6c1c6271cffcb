import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { loadFaceEngine, type FaceEngine } from '../src/providers/recognition/faces/face-engine.ts';
import { decodeRaster } from '../src/providers/recognition/raster.ts';
import { likeness } from '../src/verification/faces.ts';
import { portrait } from '../test/support/faces.ts';
import { ratesAt, readPairs, type MeasuredPair } from './face-rates.ts';
import { quantile } from './statistics.ts';

/** Calibrates the thresholds of faces on pictures that the operator names, and measures what recognition costs. */
const explanation = `Error rates of the comparison of faces, on pictures that you may use.

  npx tsx bench/faces.ts --pairs <file.csv>    lines of path,path,same (1: one person, 0: two people)
  npx tsx bench/faces.ts --speed               milliseconds and memory, on the test portrait

Take the pairs as they come in your service: a document's portrait with a selfie. For each group of people that you serve
(sex, age, region) keep a file of its own: false matches are many times as frequent in some groups, and the policy's
thresholds have to hold in each. To see a rate of 0.1 % at all, a file needs about 3,000 pairs of two people.
Ask the people in the pictures first. Nothing is stored or sent; only figures are printed.
`;

const thresholds = [0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6];

const { values: flags } = parseArgs({
  options: { pairs: { type: 'string' }, speed: { type: 'boolean' } },
});
sharp.concurrency(1);
sharp.cache(false);
if (flags.pairs !== undefined) await calibrate(flags.pairs);
else if (flags.speed) await measureSpeed();
else console.log(explanation);

async function calibrate(file: string): Promise<void> {
  const pairs = readPairs(await readFile(file, 'utf8'));
  const engine = await loadFaceEngine();
  const templates = new Map<string, Float32Array | undefined>();
  for (const path of new Set(pairs.flatMap(({ paths }) => paths))) {
    templates.set(path, await templateOf(engine, path));
  }
  const measured = pairs.map(({ paths, same }): MeasuredPair => {
    const [one, other] = paths.map((path) => templates.get(path));
    return { same, likeness: one && other ? likeness(one, other) : undefined };
  });
  const faceless = [...templates.values()].filter((template) => template === undefined).length;
  const genuine = measured.filter(({ same }) => same).length;
  console.log(`${templates.size} pictures, ${faceless} without a face that was found`);
  console.log(`${genuine} pairs of one person, ${measured.length - genuine} of two people\n`);
  console.log('threshold   true accepts   false accepts   (95 %: at most)');
  for (const threshold of thresholds) {
    const { trueAccepts, falseAccepts, atMost } = ratesAt(measured, threshold);
    const columns = [percent(trueAccepts).padStart(12), percent(falseAccepts).padStart(13), percent(atMost)];
    console.log(`${threshold.toFixed(2).padStart(9)}   ${columns.join('   ')}`);
  }
}

/** Of the largest face. */
async function templateOf(engine: FaceEngine, path: string): Promise<Float32Array | undefined> {
  const upright = sharp(path).rotate().resize(2400, 2400, { fit: 'inside', withoutEnlargement: true });
  const [face] = await engine.find(await decodeRaster(await upright.jpeg().toBuffer()), { thorough: false });
  return face?.template;
}

async function measureSpeed(): Promise<void> {
  const before = process.memoryUsage().rss;
  const begun = performance.now();
  const engine = await loadFaceEngine();
  console.log(`load ${(performance.now() - begun).toFixed(0)} ms`);
  const picture = await portrait({ person: 'a' });
  for (const height of [640, 1280, 2400]) {
    const jpeg = await sharp(picture).resize({ height }).jpeg().toBuffer();
    for (const thorough of [false, true]) {
      const times: number[] = [];
      for (let round = 0; round < 9; round++) {
        const start = performance.now();
        await engine.find(await decodeRaster(jpeg), { thorough });
        times.push(performance.now() - start);
      }
      console.log(
        `${height} px${thorough ? ', thorough' : ''}: ${quantile(times, 0.5).toFixed(0)} ms (median of 9)`,
      );
    }
  }
  console.log(
    `memory ${((process.memoryUsage().rss - before) / 1e6).toFixed(0)} MB more than without the engine`,
  );
}

function percent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(share * 100).toFixed(2)} %`;
}
