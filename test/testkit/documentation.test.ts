import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { projectRoot } from '../../src/core/root.ts';
import { askBroker } from '../support/broker.ts';

let built: string;

beforeAll(async () => {
  built = await askBroker('program');
}, 180_000);

/** The examples of the page, joined to one program. */
function examplesOf(page: string): readonly string[] {
  const text = readFileSync(join(projectRoot, page), 'utf8');
  return [...text.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code = '']) => code);
}

/** Runs a module beside the built program, as an app that installed the package would; answers what it complained of. */
async function run(code: string): Promise<{ code: number | null; errors: string }> {
  const folder = mkdtempSync(join(built, 'documentation-'));
  const path = join(folder, 'example.mjs');
  writeFileSync(path, code);
  const child = spawn(process.execPath, [path], { stdio: ['ignore', 'ignore', 'pipe'], timeout: 60_000 });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, errors }));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('docs/testkit.md shows a program that runs, with the package as it is built', async () => {
  const examples = examplesOf('docs/testkit.md');
  expect(examples.length).toBeGreaterThan(4);
  const { code, errors } = await run(examples.join('\n'));
  expect(code, errors).toBe(0);
}, 90_000);

it('an example whose assertion fails is noticed', async () => {
  const [start = ''] = examplesOf('docs/testkit.md');
  const { code, errors } = await run(`${start}\nassert.equal(provider.issuer, 'somewhere else');`);
  expect(code).not.toBe(0);
  expect(errors).toContain('somewhere else');
}, 90_000);
