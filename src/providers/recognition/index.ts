import type { Log } from '../../core/log.ts';
import type { Recogniser } from '../../verification/index.ts';
import { createFakeRecogniser } from './fake-recogniser.ts';
import { createLocalRecogniser } from './local-recogniser.ts';
import { createNoRecogniser } from './no-recogniser.ts';

/** Who looks at pictures: see the setting `SHIMING_RECOGNISER`. */
export function createRecogniser(kind: 'local' | 'none' | 'fake', log: Log): Recogniser {
  switch (kind) {
    case 'local':
      return createLocalRecogniser({ log });
    case 'none':
      return createNoRecogniser();
    case 'fake':
      return createFakeRecogniser();
  }
}
