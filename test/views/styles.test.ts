import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../src/core/root.ts';
import { loadAssets } from '../../src/http/assets.ts';

const folder = join(projectRoot, 'views', 'assets');
const css = readFileSync(join(folder, 'app.css'), 'utf8');
const blocks = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, body]) => tokens(body ?? ''));
const light = blocks[0] ?? {};
const dark = { ...light, ...blocks[1] };

function tokens(body: string): Record<string, string> {
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

/** WCAG 2.2 relative luminance and contrast ratio. */
function contrast(a: string, b: string): number {
  const [x = 0, y = 0] = [luminance(a), luminance(b)].sort((one, other) => other - one);
  return (x + 0.05) / (y + 0.05);
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const grounds = ['paper', 'surface', 'sunken'];
const soft = ['accent-soft', 'success-soft', 'warning-soft', 'danger-soft'];
const textPairs: [string, string][] = [
  ...[...grounds, ...soft].map((ground): [string, string] => ['ink', ground]),
  ...[...grounds, 'accent-soft'].map((ground): [string, string] => ['ink-soft', ground]),
  ...[...grounds, 'accent-soft'].map((ground): [string, string] => ['accent', ground]),
  ...grounds.map((ground): [string, string] => ['accent-strong', ground]),
  ...['success', 'warning', 'danger'].flatMap((tone): [string, string][] => [
    [tone, `${tone}-soft`],
    [tone, 'surface'],
    [tone, 'paper'],
  ]),
  ['accent-ink', 'accent'],
  ['accent-ink', 'accent-strong'],
  ['danger-ink', 'danger'],
  ['seal-ink', 'seal'],
];
const edgePairs = grounds.map((ground): [string, string] => ['line-strong', ground]);

describe.each([
  ['light', light],
  ['dark', dark],
] as const)('the %s scheme', (_, scheme) => {
  it.each(textPairs)('%s on %s is readable (at least 4.5 : 1)', (text, ground) => {
    expect(contrast(scheme[text] as string, scheme[ground] as string)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(edgePairs)('%s on %s can be seen (at least 3 : 1)', (edge, ground) => {
    expect(contrast(scheme[edge] as string, scheme[ground] as string)).toBeGreaterThanOrEqual(3);
  });
});

describe('the assets', () => {
  it('stay within their budget: all styles 20 KB compressed, each script 15 KB', () => {
    const size = (name: string) => brotliCompressSync(readFileSync(join(folder, name))).length;
    const names = readdirSync(folder);
    const styles = names.filter((name) => name.endsWith('.css'));
    expect(styles).toContain('app.css');
    expect(styles.reduce((sum, name) => sum + size(name), 0)).toBeLessThanOrEqual(20 * 1024);
    for (const name of names.filter((one) => one.endsWith('.js')))
      expect(size(name), name).toBeLessThanOrEqual(15 * 1024);
  });

  it('name nothing from elsewhere and nothing that is missing', () => {
    const assets = loadAssets();
    const named = [...css.matchAll(/url\('([^']+)'\)/g)].map(([, name]) => name as string);
    expect(named.length).toBeGreaterThan(0);
    for (const name of named) expect(assets.url(name)).toMatch(/^\/assets\//);
    expect(css).not.toMatch(/@import|https?:\/\//);
  });

  it('hold every icon that a template names', () => {
    const icons = readFileSync(join(folder, 'icons.svg'), 'utf8');
    const pages = readdirSync(join(projectRoot, 'views'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.eta'))
      .map((name) => readFileSync(join(projectRoot, 'views', name), 'utf8'))
      .join('\n');
    const used = [...pages.matchAll(/(?:ui\('icon', \{ name: |icon: )'(\w+)'/g)].map(
      ([, name]) => name as string,
    );
    expect(used.length).toBeGreaterThan(5);
    for (const name of new Set(used)) expect(icons, name).toContain(`id="${name}"`);
  });
});
