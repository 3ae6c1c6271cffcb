import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../src/core/root.ts';
import { sourceFiles } from './imports.ts';

it('docs/journeys.md draws every state machine of the program', () => {
  const drawn = readFileSync(join(projectRoot, 'docs/journeys.md'), 'utf8');
  const machines = sourceFiles(projectRoot, ['src']).filter((path) =>
    /satisfies Machine</.test(readFileSync(join(projectRoot, path), 'utf8')),
  );
  expect(machines.length).toBeGreaterThan(0);
  expect(machines.filter((path) => !drawn.includes(path))).toEqual([]);
});
