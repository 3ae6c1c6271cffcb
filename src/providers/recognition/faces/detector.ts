import type { Box } from '../../../verification/recogniser.ts';
import { boxOf, mostlyInside, suppress, type Candidate } from './candidates.ts';
import type { Model } from './models.ts';
import { cut, shrink, squareAround, toPlanes, window, type Pixels } from './pixels.ts';

/** What the detector takes; a face is found from about 16 of these pixels upwards. */
const input = { width: 320, height: 240 } as const;
const scaling = { mean: [127, 127, 127], deviation: [128, 128, 128] } as const;

/** A first look proposes from here; the second, at the face alone, must be sure: patterns of cloth pass the first. */
const proposed = 0.5;
const confirmed = 0.9;
/** A wall of faces must not cost more than a few seconds; the likeliest are looked at again. */
const mostProposals = 40;
/** Re-detection looks at this multiple of the box, so that the face takes up a third of the window. */
const context = 2.6;
/** Longest sides, in pixels, at which the picture is cut into windows. */
const levels = [640, 1280] as const;
/** Share of a window that its neighbour shows again: more than a face that is still small at that level. */
const overlap = 0.3;

/** Faces of the picture as upright boxes, the likeliest first. */
export async function detect(model: Model, picture: Pixels, thorough: boolean): Promise<Candidate[]> {
  const whole = await detectWhole(model, picture);
  const tiled = thorough ? await detectInTiles(model, picture) : [];
  const proposals = suppress([...whole, ...tiled]).slice(0, mostProposals);
  const faces: Candidate[] = [];
  for (const proposal of proposals) {
    const face = await lookAgain(model, picture, proposal);
    if (face) faces.push(face);
  }
  return suppress(faces);
}

async function detectWhole(model: Model, picture: Pixels): Promise<Candidate[]> {
  const small = await shrink(picture, input.width, input.height);
  const scale = picture.width / small.width;
  return look(model, window(small, 0, 0, input.width, input.height), { left: 0, top: 0, scale });
}

async function detectInTiles(model: Model, picture: Pixels): Promise<Candidate[]> {
  const longest = Math.max(picture.width, picture.height);
  const found: Candidate[] = [];
  for (const level of levels) {
    const side = Math.min(level, longest);
    const reduced = await shrink(picture, side, side);
    const scale = picture.width / reduced.width;
    for (const top of starts(reduced.height, input.height)) {
      for (const left of starts(reduced.width, input.width)) {
        const tile = window(reduced, left, top, input.width, input.height);
        found.push(...(await look(model, tile, { left: left * scale, top: top * scale, scale })));
      }
    }
    if (side < level) break;
  }
  return found;
}

/** Where windows of `size` begin, so that they cover `length` and share at least `overlap` with the next. */
function starts(length: number, size: number): number[] {
  if (length <= size) return [0];
  const count = Math.ceil((length - size) / (size * (1 - overlap))) + 1;
  return Array.from({ length: count }, (_, at) => Math.round(((length - size) * at) / (count - 1)));
}

/** The face of a proposal, seen large; undefined when it is none after all. */
async function lookAgain(model: Model, picture: Pixels, proposal: Candidate): Promise<Candidate | undefined> {
  const square = squareAround(proposal.box, Math.max(proposal.box.width, proposal.box.height) * context);
  const area: Box = {
    ...square,
    left: square.left - square.width / 6,
    width: (square.width * input.width) / input.height,
  };
  const image = await cut(picture, area, input.width, input.height);
  const seen = await look(model, image, {
    left: area.left,
    top: area.top,
    scale: area.height / input.height,
  });
  return suppress(seen).find(
    ({ box, score }) =>
      score >= confirmed && (mostlyInside(box, proposal.box) || mostlyInside(proposal.box, box)),
  );
}

/** One run of the model; boxes in pixels of the picture that the window was taken from. */
async function look(
  model: Model,
  image: Pixels,
  origin: { readonly left: number; readonly top: number; readonly scale: number },
): Promise<Candidate[]> {
  const { scores = new Float32Array(), boxes = new Float32Array() } = await model(toPlanes(image, scaling));
  const found: Candidate[] = [];
  for (let at = 0; at < scores.length / 2; at += 1) {
    const score = scores[at * 2 + 1] ?? 0;
    if (score >= proposed)
      found.push({ score, box: boxOf(boxes.subarray(at * 4, at * 4 + 4), image, origin) });
  }
  return found;
}
