import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../core/root.ts';

export const languages = ['zh-CN', 'en'] as const;
export type Language = (typeof languages)[number];
export type Parameters = Readonly<Record<string, string | number>>;

/** The text of a locale key, `{name}` replaced by the parameter of that name. Throws on a key that does not exist. */
export type Translate = (key: string, parameters?: Parameters) => string;

export type Locales = { translate(language: Language): Translate; has(key: string): boolean };

/** Reads `views/locales/<language>/*.json`: flat keys, one file for each prefix. */
export function loadLocales(folder: string = join(projectRoot, 'views', 'locales')): Locales {
  const texts = new Map<Language, Map<string, string>>(
    languages.map((language) => [language, readTexts(join(folder, language))]),
  );
  return {
    translate: (language) => (key, parameters) => {
      const text = texts.get(language)?.get(key);
      if (text === undefined) throw new Error(`no text for "${key}" in ${language}`);
      return parameters ? interpolate(text, parameters) : text;
    },
    has: (key) => languages.every((language) => texts.get(language)?.has(key)),
  };
}

/**
 * The language of an answer: the person's choice (cookie), then the browser's preferences, then what the app asked
 * for, then Chinese.
 */
export function chooseLanguage(
  chosen: string | undefined,
  browser: string | undefined,
  uiLocales?: string,
): Language {
  return (
    match(chosen ? [chosen] : []) ??
    match(preferences(browser ?? '')) ??
    match((uiLocales ?? '').split(' ')) ??
    'zh-CN'
  );
}

function readTexts(folder: string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const parsed = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, string>;
    for (const [key, text] of Object.entries(parsed)) texts.set(key, text);
  }
  return texts;
}

function interpolate(text: string, parameters: Parameters): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}

/** Language tags of an Accept-Language header, most wanted first (RFC 9110 section 12.5.4). */
function preferences(header: string): string[] {
  return header
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters
        .find((parameter) => parameter.trim().startsWith('q='))
        ?.trim()
        .slice(2);
      return { tag, quality: quality === undefined ? 1 : Number(quality) || 0 };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
}

function match(tags: readonly string[]): Language | undefined {
  for (const tag of tags) {
    const primary = tag.toLowerCase().split('-')[0];
    const found = languages.find((language) => language.toLowerCase().split('-')[0] === primary);
    if (found && tag !== '') return found;
  }
  return undefined;
}
