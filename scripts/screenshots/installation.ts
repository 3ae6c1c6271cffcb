import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/support/free-port.ts';

export type Installation = {
  readonly origin: string;
  readonly demo: string;
  close(): Promise<void>;
};

const root = join(import.meta.dirname, '..', '..');

/** What `npm start` starts, on ports of its own and with an empty data folder. */
export async function install(): Promise<Installation> {
  const data = mkdtempSync(join(tmpdir(), 'shiming-screenshots-'));
  const port = await freePort();
  const [origin, demo] = [`http://localhost:${port}`, `http://localhost:${await freePort()}`];
  const env = {
    PATH: process.env['PATH'],
    SHIMING_DATA_DIR: data,
    SHIMING_PORT: String(port),
    SHIMING_ISSUER: origin,
    SHIMING_DEMO_APP_URL: demo,
    SHIMING_LOG_LEVEL: 'error',
    SHIMING_SECOND_REVIEW_SHARE: '0',
  };
  const program = spawn(process.execPath, ['scripts/start.js'], {
    env,
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await ready(`${origin}/readyz`);
  await ready(demo);
  return {
    origin,
    demo,
    async close() {
      const ended = new Promise((resolve) => program.once('close', resolve));
      program.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function ready(url: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer && answer.status < 500) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer`);
}
