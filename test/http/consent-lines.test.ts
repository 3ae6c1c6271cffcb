import { expect, it } from 'vitest';
import { consentLines } from '../../src/http/pages/consent-lines.ts';
import { loadLocales } from '../../src/http/locale.ts';

it('says that nothing is missing, instead of leaving the place empty', () => {
  for (const [lang, nothing] of [
    ['zh-CN', '无'],
    ['en', 'Nothing'],
  ] as const) {
    const t = loadLocales().translate(lang);
    const items = [
      { claim: 'recruiter_reasons', value: [] },
      { claim: 'person_status', value: undefined },
    ];
    const rows = [{ scope: 'verification', titles: undefined, missing: [], items }];
    const [line] = consentLines(rows as never, (key, params) => t(key, params), lang);
    expect(line?.values.map(({ value }) => value)).toEqual([nothing, undefined]);
  }
});
