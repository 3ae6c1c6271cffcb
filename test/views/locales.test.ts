import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declineReasons, joinWays, removeReasons } from '../../src/companies/index.ts';
import { projectRoot } from '../../src/core/root.ts';
import { errorStatus } from '../../src/core/errors.ts';
import { languages } from '../../src/http/locale.ts';

const folder = join(projectRoot, 'views', 'locales');
const read = (language: string, file: string) =>
  JSON.parse(readFileSync(join(folder, language, file), 'utf8')) as Record<string, string>;
const files = readdirSync(join(folder, 'zh-CN')).sort();
const texts = (language: string) =>
  Object.assign({}, ...files.map((file) => read(language, file))) as Record<string, string>;
const chinese = texts('zh-CN');
const english = texts('en');

describe('the texts of both languages', () => {
  it('are there', () => {
    expect(files.length).toBeGreaterThan(3);
    expect(Object.keys(chinese).length).toBeGreaterThan(60);
  });

  it('have the same files and the same keys', () => {
    expect(readdirSync(join(folder, 'en')).sort()).toEqual(files);
    for (const file of files)
      expect(Object.keys(read('en', file)), file).toEqual(Object.keys(read('zh-CN', file)));
  });

  it('are sorted by key, and every key begins with the name of its file', () => {
    for (const language of languages)
      for (const file of files) {
        const keys = Object.keys(read(language, file));
        expect(keys, `${language}/${file}`).toEqual([...keys].sort());
        const prefix = file.replace('.json', '.');
        expect(
          keys.filter((key) => !key.startsWith(prefix)),
          `${language}/${file}`,
        ).toEqual([]);
      }
  });

  it('use the same placeholders', () => {
    const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
    for (const [key, text] of Object.entries(chinese))
      expect(placeholders(english[key] ?? ''), key).toEqual(placeholders(text));
  });

  it('are written, in Chinese with full-width punctuation and in English without', () => {
    for (const [key, text] of Object.entries(chinese)) {
      expect(text.trim(), key).not.toBe('');
      expect(/[\u4e00-\u9fff][,;:?!]/.test(text), `${key}: ${text}`).toBe(false);
    }
    for (const [key, text] of Object.entries(english)) {
      expect(text.trim(), key).not.toBe('');
      // Typefaces for Chinese draw curly quotes at full width.
      expect(/[，。；：？！、（）‘’“”]/.test(text), `${key}: ${text}`).toBe(false);
    }
  });

  it('have a title and a body for every error', () => {
    for (const code of Object.keys(errorStatus))
      for (const part of ['title', 'body']) expect(chinese, code).toHaveProperty([`error.${code}.${part}`]);
  });

  it('have a text for every way into a company, and every reason out of it', () => {
    const codes = {
      evidence: joinWays,
      way: joinWays,
      ended: [...declineReasons, ...removeReasons],
    };
    for (const [kind, all] of Object.entries(codes))
      for (const code of all) expect(chinese, code).toHaveProperty([`company.${kind}.${code}`]);
  });
});

/** Every string of templates and sources that looks like a key, and every template literal that begins like one. */
function references(): { literal: Map<string, string>; patterns: RegExp[] } {
  const prefixes = [...new Set(Object.keys(chinese).map((key) => key.split('.')[0]))].join('|');
  const literal = new Map<string, string>();
  const patterns: RegExp[] = [];
  for (const file of [
    ...walk(join(projectRoot, 'src'), '.ts'),
    ...walk(join(projectRoot, 'views'), '.eta'),
  ]) {
    const source = readFileSync(file, 'utf8');
    for (const [, key] of source.matchAll(new RegExp(`['"\`]((?:${prefixes})\\.[\\w.]+)['"\`]`, 'g')))
      if (key) literal.set(key, relative(projectRoot, file));
    for (const [, template] of source.matchAll(
      new RegExp(`\`((?:${prefixes})\\.[^\`\\s]*\\$\\{[^\`]*)\``, 'g'),
    ))
      patterns.push(
        new RegExp(
          `^${(template ?? '')
            .split(/\$\{[^}]*\}/)
            .map((part) => part.replace(/[.]/g, '\\.'))
            .join('[\\w.:-]+')}$`,
        ),
      );
  }
  return { literal, patterns };
}

function walk(start: string, ending: string): string[] {
  return readdirSync(start, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(start, name));
}

describe('the keys that templates and sources name', () => {
  const { literal, patterns } = references();

  it('are found at all', () => {
    expect(literal.size).toBeGreaterThan(50);
    expect(patterns.length).toBeGreaterThan(3);
  });

  it('all have a text', () => {
    const called = /\bt\(\s*['"]([a-z]\w*\.[\w.]+)['"]/g;
    const missing: string[] = [];
    for (const file of [
      ...walk(join(projectRoot, 'src'), '.ts'),
      ...walk(join(projectRoot, 'views'), '.eta'),
    ])
      for (const [, key] of readFileSync(file, 'utf8').matchAll(called))
        if (key && !(key in chinese)) missing.push(`${relative(projectRoot, file)}: ${key}`);
    expect(missing).toEqual([]);
  });

  it('are all the keys there are: no text is left over', () => {
    const unused = Object.keys(chinese).filter(
      (key) => !literal.has(key) && !patterns.some((pattern) => pattern.test(key)),
    );
    expect(unused).toEqual([]);
  });
});
