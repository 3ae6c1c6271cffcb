import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/support/free-port.ts';

export type Installation = {
  readonly origin: string;
  readonly demo: string;
  /** Runs the command line of the program and answers what it printed. */
  cli(...args: string[]): string;
  close(): Promise<void>;
};

const built = join(import.meta.dirname, '..', '..', 'dist');

/** The built program and the demo app on ports of their own, with an empty data folder. */
export async function install(): Promise<Installation> {
  const data = mkdtempSync(join(tmpdir(), 'shiming-screenshots-'));
  const [port, demoPort] = [await freePort(), await freePort()];
  const [origin, demo] = [`http://localhost:${port}`, `http://localhost:${demoPort}`];
  const env = {
    PATH: process.env['PATH'],
    SHIMING_DATA_DIR: data,
    SHIMING_PORT: String(port),
    SHIMING_ISSUER: origin,
    SHIMING_DEMO_APP_URL: demo,
    SHIMING_LOG_LEVEL: 'error',
  };
  const start = (file: string): ChildProcess =>
    spawn(process.execPath, [join(built, file)], { env, cwd: data, stdio: ['ignore', 'inherit', 'inherit'] });
  const children = [start('src/main.js')];
  await ready(`${origin}/healthz`);
  children.push(start('examples/demo-app/main.js'));
  await ready(demo);
  return {
    origin,
    demo,
    cli(...args) {
      const run = spawnSync(process.execPath, [join(built, 'src/cli.js'), ...args], {
        env,
        cwd: data,
        encoding: 'utf8',
      });
      if (run.status !== 0) throw new Error(`cli ${args.join(' ')}: ${run.stderr || run.stdout}`);
      return run.stdout;
    },
    async close() {
      await Promise.all(children.map(end));
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function ready(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (
      await fetch(url).then(
        ({ status }) => status < 500,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer`);
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once('close', () => resolve());
    child.kill('SIGTERM');
  });
}
