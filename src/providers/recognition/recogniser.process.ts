import sharp from 'sharp';
import { serveRequests } from '../../core/process-task.ts';
import type { Box, DocumentSeen, FacesSeen } from '../../verification/recogniser.ts';
import { readCodes } from './codes.ts';
import { cropAreas } from './crop.ts';
import { loadFaceEngine, type FaceEngine } from './faces/face-engine.ts';
import { measureQuality } from './quality.ts';
import { decodeRaster, type Turn } from './raster.ts';
import { openTextEngine, type TextEngine } from './text-engine.ts';
import { readZones } from './zones.ts';

/** What the recogniser is asked, and what it answers to each kind of request. */
export type RecognitionTasks = {
  read: { request: { zone: boolean; codes: boolean }; answer: DocumentSeen };
  findFaces: { request: { thorough: boolean }; answer: FacesSeen };
  crop: { request: { areas: readonly Box[]; turn: Turn }; answer: readonly Uint8Array[] };
};
export type RecognitionRequest = {
  [K in keyof RecognitionTasks]: { kind: K; jpeg: Uint8Array } & RecognitionTasks[K]['request'];
}[keyof RecognitionTasks];
/** Nothing when the models could not be loaded. */
export type RecognitionAnswer = RecognitionTasks[keyof RecognitionTasks]['answer'] | undefined;

sharp.cache(false);
sharp.concurrency(1);

/** Loaded with the first picture that needs them; a process that only reads text holds no faces' models. */
let text: Promise<TextEngine | undefined> | undefined;
let faces: Promise<FaceEngine | undefined> | undefined;
const textEngine = () => (text ??= openTextEngine().catch(() => undefined));
const faceEngine = () => (faces ??= loadFaceEngine().catch(() => undefined));

serveRequests<RecognitionRequest, RecognitionAnswer>((request) => {
  if (request.kind === 'read') return read(request);
  if (request.kind === 'findFaces') return findFaces(request);
  return cropAreas(request.jpeg, request.areas, request.turn);
});

async function read(request: RecognitionRequest & { kind: 'read' }): Promise<DocumentSeen | undefined> {
  const engine = await textEngine();
  if (!engine) return undefined;
  const raster = await decodeRaster(request.jpeg);
  const { turn, upright, uprightLines, lines } = await engine.read(raster);
  return {
    quality: await measureQuality(
      raster,
      lines.map(({ quad }) => quad),
    ),
    rotation: turn,
    lines,
    zones: request.zone ? await readZones(engine, upright, uprightLines) : [],
    codes: request.codes ? await readCodes(request.jpeg) : [],
  };
}

async function findFaces(
  request: RecognitionRequest & { kind: 'findFaces' },
): Promise<FacesSeen | undefined> {
  const engine = await faceEngine();
  if (!engine) return undefined;
  const { jpeg, thorough } = request;
  const raster = await decodeRaster(jpeg);
  return { quality: await measureQuality(raster, []), faces: await engine.find(raster, { thorough }) };
}
