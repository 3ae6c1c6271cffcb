import type { Authority, AuthorityAnswer } from '../../verification/authority.ts';
import { createFailOnce } from '../fail-once.ts';
import { unavailable } from './meaning.ts';

type Said = Exclude<AuthorityAnswer['outcome'], 'unavailable'>;

/** How a name ends → what the fake says; no real person is called 样本, and every other name matches. */
const fakeOutcomes: Readonly<Record<string, Said | 'later' | 'operator' | 'other_face'>> = {
  不符样本: 'mismatch',
  查无样本: 'no_record',
  格式样本: 'malformed',
  故障样本: 'later',
  停用样本: 'operator',
  异脸样本: 'other_face',
};

/** Reads its answer from the name, so that any outcome can be had by hand. Refuses to load in production. */
export function createFakeAuthority(options: {
  readonly faces: boolean;
  readonly mode: 'development' | 'production';
}): Authority {
  if (options.mode === 'production') throw new Error('the fake authority does not exist in production');
  const failsNow = createFailOnce();
  return {
    name: 'fake',
    comparesFaces: options.faces,
    async look({ reference, name, face }) {
      const compares = options.faces && face !== undefined;
      const ending = Object.keys(fakeOutcomes).find((end) => name.endsWith(end)) ?? '';
      const wanted = fakeOutcomes[ending] ?? 'match';
      if (wanted === 'operator') return unavailable('fake_operator', false);
      if (wanted === 'later' && failsNow(reference)) return unavailable('fake_later', true);
      if (wanted === 'later') return say('match', compares ? 0.95 : undefined);
      if (wanted === 'other_face') return compares ? say('mismatch', 0.2) : say('match', undefined);
      return say(wanted, compares && wanted === 'match' ? 0.95 : undefined);
    },
  };
}

function say(outcome: Said, faceSimilarity: number | undefined): AuthorityAnswer {
  return { outcome, code: `fake_${outcome}`, ...(faceSimilarity === undefined ? {} : { faceSimilarity }) };
}
