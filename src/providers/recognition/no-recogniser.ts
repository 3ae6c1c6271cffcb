import { failed } from '../../core/result.ts';
import type { Recogniser } from '../../verification/index.ts';

/** For an installation where people look at every picture: says of each that no machine looked. */
export function createNoRecogniser(): Recogniser {
  const unavailable = async () => failed('unavailable' as const);
  return {
    models: { text: 'none', face: 'none' },
    read: unavailable,
    findFaces: unavailable,
    crop: unavailable,
    close: async () => {},
  };
}
