import type { SeenFace } from '../../../verification/recogniser.ts';
import type { Raster } from '../raster.ts';
import { area } from './candidates.ts';
import { detect } from './detector.ts';
import { describeFace } from './face.ts';
import { loadModel } from './models.ts';
import type { Pixels } from './pixels.ts';

/** Finds and describes faces; one call at a time, on one core. */
export type FaceEngine = {
  /**
   * The faces of an upright picture, largest first; a face that lies on its side or upside down is not found.
   * `thorough`: also faces from about a fiftieth of the longer side of the picture.
   */
  find(picture: Raster, options: { readonly thorough: boolean }): Promise<readonly SeenFace[]>;
};

/** A picture of a crowd must not cost more than a picture of a person and a card; the largest faces count. */
const mostFaces = 8;

/** Loads and checks the models, 9 MB; throws when one of them is not what was measured. */
export async function loadFaceEngine(): Promise<FaceEngine> {
  const [detection, landmark, feature, liveness, eye] = await Promise.all([
    loadModel('detect'),
    loadModel('landmark'),
    loadModel('feature'),
    loadModel('liveness'),
    loadModel('eye'),
  ]);
  return {
    async find(raster, { thorough }) {
      const picture: Pixels = { ...raster, channels: 3 };
      const found = await detect(detection, picture, thorough);
      const largest = found.toSorted((a, b) => area(b.box) - area(a.box)).slice(0, mostFaces);
      const faces: SeenFace[] = [];
      for (const candidate of largest) {
        faces.push(await describeFace({ landmark, feature, liveness, eye }, picture, candidate));
      }
      return faces;
    },
  };
}
