import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../src/core/root.ts';
import { legalDocuments, legalVersions } from '../../src/http/pages/legal.ts';
import { languages } from '../../src/http/locale.ts';

const read = (name: string) => readFileSync(join(projectRoot, 'views', 'legal', name), 'utf8');

describe('the legal texts', () => {
  const versions = legalVersions();

  it.each(legalDocuments)(
    '%s: every version exists in every language, with the same sections',
    (document) => {
      expect(versions[document].length).toBeGreaterThan(0);
      for (const version of versions[document]) {
        const [chinese, english] = languages.map((language) =>
          read(`${document}.${version}.${language}.eta`),
        );
        const count = (text: string | undefined, mark: RegExp) => [...(text ?? '').matchAll(mark)].length;
        for (const mark of [/<h2>/g, /<li>/g, /\{ what: /g])
          expect(count(english, mark), String(mark)).toBe(count(chinese, mark));
        expect(count(chinese, /<h2>/g)).toBeGreaterThan(5);
      }
    },
  );

  it('are listed newest first', () => {
    for (const document of legalDocuments)
      expect(versions[document]).toEqual([...versions[document]].sort().reverse());
  });
});
