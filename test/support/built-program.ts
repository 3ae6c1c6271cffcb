import { spawn } from 'node:child_process';
import { freePort } from './free-port.ts';

export type Program = {
  /** Address of the provider, without a trailing slash; also its issuer. */
  readonly url: string;
  readonly pid: number;
  /** Everything it wrote so far, standard output and error together. */
  output: () => string;
  /** Sends a signal and waits for the end; answers the exit code, or the signal that ended it. */
  end: (signal: NodeJS.Signals) => Promise<number | NodeJS.Signals>;
  /** Resolves when it ended by itself. */
  readonly ended: Promise<number | NodeJS.Signals>;
};

export type ProgramOptions = {
  /** Beside PATH and the two settings below, its whole environment. */
  env?: Readonly<Record<string, string>>;
  dataDir: string;
  port?: number;
};

const startTimeout = 60_000;

/** Waits until it answers, looking every `everyMs`. Throws its output when it ends before. */
export async function untilReady(program: Program, everyMs = 50): Promise<Program> {
  const deadline = Date.now() + startTimeout;
  let ended: number | NodeJS.Signals | undefined;
  void program.ended.then((how) => (ended = how));
  while (!(await answers(`${program.url}/healthz`))) {
    if (ended !== undefined) throw new Error(`the program ended (${ended}):\n${program.output()}`);
    if (Date.now() > deadline) {
      await program.end('SIGKILL');
      throw new Error(`the program did not become ready:\n${program.output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return program;
}

/** Starts the program that was built into `main` and does not wait. */
export async function spawnBuilt(
  main: string,
  { env = {}, dataDir, port }: ProgramOptions,
): Promise<Program> {
  const listening = port ?? (await freePort());
  const url = `http://localhost:${listening}`;
  const child = spawn(process.execPath, [main], {
    cwd: dataDir,
    env: {
      PATH: process.env['PATH'],
      SHIMING_DATA_DIR: dataDir,
      SHIMING_PORT: String(listening),
      SHIMING_ISSUER: url,
      SHIMING_SECOND_REVIEW_SHARE: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 1));
  });
  return {
    url,
    pid: child.pid ?? 0,
    output: () => output,
    ended,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
