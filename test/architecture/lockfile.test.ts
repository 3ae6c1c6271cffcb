import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../src/core/root.ts';

type Locked = {
  integrity?: string;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
};

describe('package-lock.json', () => {
  const lock = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

  it('names no download address, so that it installs from any registry', () => {
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it('pins every package by its digest', () => {
    expect(packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
  });

  // npm leaves out what its registry did not have that day, and `npm ci` then refuses the lock file.
  it('holds the optional packages of every platform', () => {
    const wanted = packages.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).map((name) => [path, name] as const),
    );
    expect(wanted.length).toBeGreaterThan(50);
    const missing = wanted.filter(
      ([path, name]) =>
        !(`node_modules/${name}` in lock.packages || `${path}/node_modules/${name}` in lock.packages),
    );
    expect(missing).toEqual([]);
  });
});
