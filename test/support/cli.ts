import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { askBroker } from './broker.ts';

export type CliResult = { readonly code: number | string; readonly out: string; readonly err: string };

/** A command that takes longer hangs: it is killed, and its `code` says so. */
const patience = 30_000;

/**
 * Runs one command of the built program and waits for its end without blocking this process, whose servers the
 * command may need. `env` is, beside PATH, its whole environment.
 */
export async function runCli(
  args: readonly string[],
  { dataDir, env = {} }: { dataDir: string; env?: Readonly<Record<string, string>> },
): Promise<CliResult> {
  const cli = join(await askBroker('program'), 'src', 'cli.js');
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: dataDir,
    env: { PATH: process.env['PATH'], SHIMING_DATA_DIR: dataDir, SHIMING_DEMO_APP: 'false', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patience,
    killSignal: 'SIGKILL',
  });
  const written = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.err += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? `killed: ${signal}`, ...written }));
  });
}
