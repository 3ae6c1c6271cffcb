import type { Box } from '../../verification/recogniser.ts';
import { clip, cut, decodeRaster, toJpeg, turned, type Turn } from './raster.ts';

const MAX_WIDTH = 800;

/** Cuts areas out of a picture, each turned upright; an area beside the picture shrinks to what lies on it. */
export async function cropAreas(jpeg: Uint8Array, areas: readonly Box[], turn: Turn): Promise<Buffer[]> {
  const raster = await decodeRaster(jpeg);
  const crops: Buffer[] = [];
  for (const area of areas) {
    const upright = await turned(await cut(raster, clip(area, raster.width, raster.height)), turn);
    crops.push(await toJpeg(upright, MAX_WIDTH));
  }
  return crops;
}
