import type { Recogniser } from '../../verification/index.ts';
import { createFakeRecogniser } from './fake-recogniser.ts';
import { createNoRecogniser } from './no-recogniser.ts';

/** Who looks at pictures: see the setting `SHIMING_RECOGNISER`. */
export function createRecogniser(kind: 'local' | 'fake' | 'none'): Recogniser {
  return kind === 'fake' ? createFakeRecogniser() : createNoRecogniser();
}
