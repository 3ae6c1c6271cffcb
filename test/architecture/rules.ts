import { builtinModules } from 'node:module';
import type { Import } from './imports.ts';

/** From the bottom up: a part may import the parts of earlier rows, and of its own row as long as no cycle results. */
const layers: readonly (readonly string[])[] = [
  ['core'],
  ['events', 'audit'],
  ['clients', 'accounts', 'privacy'],
  ['federation', 'verification'],
  ['companies'],
  ['entitlements', 'review'],
  ['config', 'read-config'],
  ['oidc', 'signals', 'jobs'],
  ['http'],
  ['app', 'development', 'load-config', 'load-policy', 'listen'],
  ['testkit', 'main', 'cli'],
];

/** Beside the layers: they import core and the event catalogue, and of the features only the types they implement. */
const adapters = ['storage', 'providers', 'migrations'] as const;

/** The composition root and what stands on it; only these may import an adapter. */
const composers = ['app', 'testkit', 'main', 'cli'];

/** Package → the files that may import it. Packages that are not named are free. */
const confined: Readonly<Record<string, RegExp>> = {
  knex: /^(src\/storage|migrations)\//,
  pg: /^src\/storage\//,
  'better-sqlite3': /^src\/storage\//,
  koa: /^src\/(http|oidc|app)\//,
  '@koa/router': /^src\/(http|oidc|app)\//,
  eta: /^src\/http\//,
  'oidc-provider': /^src\/oidc\//,
  'openid-client': /^(src\/testkit|examples)\//,
  nodemailer: /^src\/providers\/mail\/smtp\.ts$/,
  twilio: /^src\/providers\/sms\/twilio\.ts$/,
  'tencentcloud-sdk-nodejs-common': /^src\/providers\/tencent\/request\.ts$/,
  pdfkit: /^src\/companies\/letter\.ts$/,
  pino: /^src\/core\//,
  commander: /^src\/cli(\.ts$|\/)/,
};

const rank = new Map(layers.flatMap((row, level) => row.map((part) => [part, level] as const)));

/** `src/accounts/index.ts` → `accounts`, `src/app.ts` and `src/app/pages.ts` → `app`, `migrations/0001_base.ts` → `migrations`. */
function partOf(path: string): string {
  const [top = '', second = ''] = path.split('/');
  return top === 'src' ? second.replace(/\.ts$/, '') : top;
}

/** One sentence for each rule that the imports break; `imports` are those of src and migrations. */
export function violations(imports: readonly Import[]): string[] {
  const found = imports.flatMap((one) => violationOf(one).map((why) => `${one.from}:${one.line} ${why}`));
  return [...found, ...cycles(imports)];
}

function violationOf(one: Import): string[] {
  if (one.specifier === undefined) return ['imports something that is not a literal'];
  if (one.target === undefined) return packageViolation(one, one.specifier);
  const from = partOf(one.from);
  const to = partOf(one.target);
  if (!isKnown(from)) return [`belongs to "${from}", which has no place among the layers`];
  if (!isKnown(to)) return [`imports ${one.target}, which has no place among the layers`];
  if (from === to) return [];
  if (isAdapter(from)) return adapterViolation(one, from, to);
  if (isAdapter(to))
    return composers.includes(from)
      ? []
      : [`imports the adapter ${one.target}; it may know only its own port`];
  if (level(to) > level(from)) return [`imports ${one.target}, which stands above it`];
  const inner = to !== 'core' && isFeature(one.target) && !one.target.endsWith('/index.ts');
  if (inner && !one.typeOnly && !composers.includes(from)) {
    return [`imports ${one.target}, an inner file of another part; values come from its index.ts`];
  }
  return [];
}

function adapterViolation(one: Import, from: string, to: string): string[] {
  if (to === 'core' || to === 'events') return [];
  if (from === 'storage' && to === 'migrations') return [];
  if (isAdapter(to))
    return one.typeOnly && from !== 'migrations' ? [] : [`imports ${one.target}, another adapter`];
  if (level(to) >= level('http')) return [`imports ${one.target}, which stands above it`];
  return one.typeOnly ? [] : [`imports values of ${one.target}; an adapter sees only types of the features`];
}

function packageViolation(one: Import, specifier: string): string[] {
  if (specifier.startsWith('node:')) return [];
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (builtinModules.includes(name)) return [`imports "${specifier}" without "node:"`];
  const allowed = confined[name];
  if (!allowed || allowed.test(one.from)) return [];
  return [`imports the package ${name}, which is confined to ${allowed.source}`];
}

/** Cycles between parts, types included, each named once from its alphabetically first part. */
function cycles(imports: readonly Import[]): string[] {
  const edges = new Map<string, Set<string>>();
  for (const { from, target } of imports) {
    if (!target || isAdapter(partOf(from)) || partOf(from) === partOf(target)) continue;
    const targets = edges.get(partOf(from)) ?? new Set<string>();
    edges.set(partOf(from), targets.add(partOf(target)));
  }
  const found = new Set<string>();
  const walk = (part: string, path: readonly string[]): void => {
    const at = path.indexOf(part);
    if (at >= 0) {
      const loop = path.slice(at);
      if (loop.every((other) => part <= other)) found.add(`cycle: ${[...loop, part].join(' → ')}`);
      return;
    }
    for (const next of edges.get(part) ?? []) walk(next, [...path, part]);
  };
  for (const part of edges.keys()) walk(part, []);
  return [...found];
}

function isAdapter(part: string): boolean {
  return (adapters as readonly string[]).includes(part);
}

function isKnown(part: string): boolean {
  return rank.has(part) || isAdapter(part);
}

function level(part: string): number {
  return rank.get(part) ?? Infinity;
}

/** A part that is a folder; a part that is one file has no inner files. */
function isFeature(target: string): boolean {
  return target.split('/').length > 2;
}
