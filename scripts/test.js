// `npm test`: every gate, then every test. The last line counts both: a gate counts as one.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setupBrowser } from './setup-browser.js';

const root = fileURLToPath(new URL('..', import.meta.url));

const gates = [
  ['types', 'tsc', ['-p', 'tsconfig.json']],
  ['lint', 'eslint', ['.', '--max-warnings', '0']],
  ['formatting', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['unused files, exports and dependencies', 'knip', ['--no-progress']],
  ['build', 'tsc', ['-p', 'tsconfig.build.json']],
  ['generated documents and schema', 'tsx', ['scripts/docs.ts', '--check']],
];

let passed = 0;
let failed = 0;

for (const [name, command, args] of gates) {
  const started = performance.now();
  const ok = (await run(command, args)) === 0;
  count(ok, `${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

try {
  process.env.CHROMIUM_PATH = setupBrowser();
  count(true, 'browser');
} catch (error) {
  count(false, `browser: ${error.message}`);
}

const folder = mkdtempSync(join(tmpdir(), 'shiming-test-'));
const report = join(folder, 'report.json');
const filters = process.argv.slice(2);
const status = await run('vitest', [
  'run',
  '--reporter=dot',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...filters,
]);
countTests(status);
rmSync(folder, { recursive: true, force: true });

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function count(ok, name) {
  if (ok) passed++;
  else failed++;
  console.log(`${ok ? 'ok' : 'FAILED'}: ${name}`);
}

/** A file that does not load has no tests to count, and a skipped test proves nothing: both count as failed. */
function countTests(status) {
  let results;
  try {
    results = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return count(false, 'tests: the runner left no report');
  }
  const broken = results.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  for (const file of broken) console.log(`FAILED: ${file.name} did not load: ${file.message}`);
  const skipped = results.numPendingTests + results.numTodoTests;
  if (skipped > 0) console.log(`FAILED: ${skipped} tests were skipped`);
  if (results.numTotalTests === 0) count(false, 'tests: none were found');
  passed += results.numPassedTests;
  failed += results.numFailedTests + skipped + broken.length;
  if (status !== 0 && results.numFailedTests + broken.length === 0)
    count(false, 'tests: the runner reported an error');
}

function run(command, args) {
  const env = { ...process.env, PATH: join(root, 'node_modules', '.bin') + delimiter + process.env.PATH };
  if (!process.stdout.isTTY) Object.assign(env, { NO_COLOR: '1', FORCE_COLOR: undefined });
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env });
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
