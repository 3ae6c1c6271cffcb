import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { projectRoot } from '../../src/core/root.ts';
import { startPostgres, type PostgresServer } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * Address of what all test files share and the first that asks for it starts: `GET /postgres` answers the
     * connection string of the run's PostgreSQL server, `GET /program` the folder of the built program.
     */
    broker: string;
  }
}

/** Nothing is started until a test asks; what was started is stopped at the end of the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let postgres: Promise<PostgresServer> | undefined;
  let program: Promise<string> | undefined;
  const shared: Record<string, () => Promise<string>> = {
    '/postgres': async () => (await (postgres ??= startPostgres())).url,
    '/program': () => (program ??= build()),
  };
  const broker = createServer((request, response) => {
    const answer = shared[request.url ?? '']?.() ?? Promise.reject(new Error('unknown'));
    answer.then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  project.provide('broker', `http://127.0.0.1:${(broker.address() as AddressInfo).port}`);
  return async () => {
    await new Promise((resolve) => {
      broker.close(resolve);
      broker.closeAllConnections();
    });
    const server = await postgres?.catch(() => undefined);
    await server?.stop();
  };
}

/** Compiles what has changed since the last build. */
function build(): Promise<string> {
  const compiler = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const child = spawn(process.execPath, [compiler, '-p', join(projectRoot, 'tsconfig.build.json')]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(join(projectRoot, 'dist'));
      else reject(new Error(`the program does not build:\n${output}`));
    });
  });
}
