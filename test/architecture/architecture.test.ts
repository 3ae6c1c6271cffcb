import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../src/core/root.ts';
import { importsInText, importsOf, sourceFiles } from './imports.ts';
import { violations } from './rules.ts';

const planted = (path: string, text: string) => violations(importsInText(path, text));

describe('who may import whom', () => {
  const files = sourceFiles(projectRoot, ['src', 'migrations']);
  const imports = files.flatMap((path) => importsOf(projectRoot, path));

  it('scans the program: files of core, storage, http and migrations, and their imports', () => {
    for (const folder of ['src/core/', 'src/storage/', 'src/http/', 'migrations/']) {
      expect(files.filter((path) => path.startsWith(folder)).length, folder).toBeGreaterThan(0);
    }
    expect(imports.length).toBeGreaterThan(files.length);
  });

  it('is kept by every file', () => {
    expect(violations(imports)).toEqual([]);
  });

  it('keeps the demo app apart from the program', () => {
    const examples = sourceFiles(projectRoot, ['examples']).flatMap((path) => importsOf(projectRoot, path));
    expect(examples.length).toBeGreaterThan(0);
    expect(examples.filter(({ target }) => target !== undefined && !target.startsWith('examples/'))).toEqual(
      [],
    );
  });
});

describe('the rules catch a planted violation', () => {
  it.each([
    ['an upward import', 'src/accounts/a.ts', "import { x } from '../oidc/index.ts';"],
    ['an upward type import', 'src/core/a.ts', "import type { X } from '../accounts/index.ts';"],
    ['an upward dynamic import', 'src/core/a.ts', "const x = await import('../app.ts');"],
    ['an upward import type', 'src/core/a.ts', "type X = import('../app.ts').App;"],
    ['an upward import of a part of the app', 'src/http/a.ts', "import type { X } from '../app/pages.ts';"],
    ['an upward re-export', 'src/events/a.ts', "export * from '../http/index.ts';"],
    ['an upward require', 'src/events/a.ts', "const x = require('../http/index.ts');"],
    ['an upward import assignment', 'src/events/a.ts', "import x = require('../http/index.ts');"],
    [
      'an import of another feature’s inner file',
      'src/companies/a.ts',
      "import { x } from '../accounts/store.ts';",
    ],
    ['a feature that imports storage', 'src/accounts/a.ts', "import type { X } from '../storage/handle.ts';"],
    [
      'a feature that imports a provider',
      'src/accounts/a.ts',
      "import { x } from '../providers/sms/twilio.ts';",
    ],
    [
      'storage that imports a feature’s values',
      'src/storage/a.ts',
      "import { x } from '../accounts/index.ts';",
    ],
    ['storage that imports a page’s type', 'src/storage/a.ts', "import type { X } from '../http/server.ts';"],
    [
      'a migration that imports a feature',
      'migrations/0009_x.ts',
      "import { x } from '../src/accounts/index.ts';",
    ],
    ['knex outside storage', 'src/accounts/a.ts', "import knex from 'knex';"],
    ['koa in a feature, as a type', 'src/accounts/a.ts', "import type { Context } from 'koa';"],
    [
      'a vendor’s package outside its file',
      'src/providers/sms/other.ts',
      "const t = await import('twilio');",
    ],
    ['a sub-path of a confined package', 'src/http/a.ts', "import type { Knex } from 'knex/types';"],
    ['a built-in module without its prefix', 'src/core/a.ts', "import { readFileSync } from 'fs';"],
    ['a dynamic import of a variable', 'src/jobs/a.ts', 'const x = await import(name);'],
    ['a file in no layer', 'src/utils/a.ts', "import { x } from '../core/ids.ts';"],
    ['tests used by the program', 'src/app.ts', "import { x } from '../test/support/person.ts';"],
  ])('%s', (_name, path, text) => {
    expect(planted(path, text)).toHaveLength(1);
  });

  it('a cycle between features of one layer', () => {
    const imports = [
      ...importsInText('src/accounts/a.ts', "import type { X } from '../clients/index.ts';"),
      ...importsInText('src/clients/a.ts', "import type { X } from '../accounts/index.ts';"),
    ];
    expect(violations(imports)).toEqual(['cycle: accounts → clients → accounts']);
  });
});

describe('the rules let through what is meant', () => {
  it.each([
    ['a downward import of an index', 'src/companies/a.ts', "import { x } from '../accounts/index.ts';"],
    [
      'a type of another feature’s inner file',
      'src/companies/a.ts',
      "import type { X } from '../accounts/store.ts';",
    ],
    ['inline types only', 'src/companies/a.ts', "import { type X } from '../accounts/store.ts';"],
    ['core files directly', 'src/accounts/a.ts', "import { ok } from '../core/result.ts';"],
    [
      'storage implementing a feature’s store',
      'src/storage/a.ts',
      "import type { X } from '../accounts/store.ts';",
    ],
    ['knex in storage', 'src/storage/a.ts', "import knex from 'knex';"],
    [
      'the composition root importing an adapter',
      'src/app.ts',
      "import { x } from './providers/sms/twilio.ts';",
    ],
    [
      'a part of the composition root doing so',
      'src/app/a.ts',
      "import { x } from '../providers/sms/twilio.ts';",
    ],
    ['the router in the composition root', 'src/app/a.ts', "import type Router from '@koa/router';"],
  ])('%s', (_name, path, text) => {
    expect(planted(path, text)).toEqual([]);
  });
});
