import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { silentLog } from '../src/core/log.ts';
import { createLocalRecogniser } from '../src/providers/recognition/local-recogniser.ts';
import type { Recogniser } from '../src/verification/recogniser.ts';
import { watchMemory } from '../test/support/memory.ts';
import { distortionNames, type Distortion } from '../test/support/specimens.ts';
import { documentKinds, type DocumentKindName } from './recognition/documents.ts';
import { documentsAndSelfies, handHeldPhotos, type FaceLevel } from './recognition/faces.ts';
import { attempt, type Attempt } from './recognition/read.ts';
import * as report from './recognition/report.ts';

/**
 * How well the local recogniser reads generated specimens, against the targets: exact matches by field and level,
 * complaints by distortion, faces, time and memory. The same seeds give the same pictures. Figures on specimens are an
 * upper bound for real documents: docs/recognition.md.
 */
const { values: flags } = parseArgs({
  options: {
    /** Pictures of each kind of document and level. */
    count: { type: 'string', default: '8' },
    /** Levels and distortions, separated by commas. */
    level: { type: 'string', default: 'L1,L2,L3' },
    kind: { type: 'string', default: Object.keys(documentKinds).join() },
    /** What to measure: fields, complaints, faces. */
    part: { type: 'string', default: 'fields,complaints,faces' },
    /** Also names every picture that was not read in full, with what was read. */
    verbose: { type: 'boolean', default: false },
  },
});
const count = Number(flags.count);
const parts = flags.part.split(',');
const kinds = flags.kind.split(',') as DocumentKindName[];
const levels = flags.level.split(',') as Distortion[];
/** One of each shape, so that the bad pictures do not take as long as the good ones. */
const complainedOf = (['id_front', 'id_back', 'passport_cn', 'licence'] as const).filter((kind) =>
  kinds.includes(kind),
);

/** Busy machines may take long; the bench measures that instead of giving up. */
const recogniser = createLocalRecogniser({ log: silentLog, timeoutMs: 300_000 });
const memory = watchMemory(process.pid);
console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${count} pictures of each kind and level\n`,
);
const fields = parts.includes('fields') ? await attempts(kinds, levels, count) : [];
const others = distortionNames.filter((name) => !levels.includes(name));
const complaints = parts.includes('complaints')
  ? await attempts(complainedOf, others, Math.ceil(count / 2))
  : [];
const all = [...fields, ...complaints];
if (fields.length > 0) section('Exact matches', report.fieldTable(fields));
if (all.length > 0) {
  section('Targets', report.targetTable(all));
  section('Complaints', report.complaintTable(all));
  section('Time of a picture', report.costTable(fields));
}
if (parts.includes('faces')) await faces(recogniser);
memory.stop();
console.log(`Memory of the recogniser: at most ${memory.peakOf('recogniser')} MB`);
await recogniser.close();

async function attempts(
  of: readonly DocumentKindName[],
  distortions: readonly Distortion[],
  pictures: number,
): Promise<Attempt[]> {
  const done: Attempt[] = [];
  for (const kind of of) {
    for (const distortion of distortions) {
      for (let seed = 1; seed <= pictures; seed++) {
        const one = await attempt(recogniser, kind, distortion, seed);
        if (flags.verbose) describe(one);
        done.push(one);
      }
    }
  }
  return done;
}

function describe({ kind, distortion, seed, outcomes, complaint, reading }: Attempt): void {
  const wrong = Object.entries(outcomes)
    .filter(([, outcome]) => outcome !== 'right')
    .map(
      ([field, outcome]) => `${field} ${outcome}: ${JSON.stringify(reading.fields[field as 'name']?.value)}`,
    );
  if (wrong.length > 0 || complaint) {
    console.error([kind, distortion, seed, reading.shows, complaint ?? '', ...wrong].join('  '));
  }
}

async function faces(of: Recogniser): Promise<void> {
  const faceLevels = levels.filter((level): level is FaceLevel => /^L\d$/.test(level));
  const held = [];
  const pairs = [];
  for (const level of faceLevels) {
    held.push(...(await handHeldPhotos(of, level, count)));
    pairs.push(...(await documentsAndSelfies(of, level, 2 * count)));
  }
  section('Faces', `${report.handHeldTable(held)}\n\n${report.likenessTable(pairs)}`);
}

function section(title: string, content: string): void {
  console.log(`## ${title}\n\n${content}\n`);
}
