import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Contestant, Ready, Usage } from './contestants.ts';
import type { Paths } from './visitor.ts';

/** Where the endpoints of this program are. */
export const ourPaths: Paths = {
  authorize: '/oauth/authorize',
  token: '/oauth/token',
  userinfo: '/oauth/userinfo',
  jwks: '/oauth/jwks',
};

/** A contestant in a process of its own; it ends with this one. */
export async function startContestant(
  name: Contestant,
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = fork(new URL('server.ts', import.meta.url), [name], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [{ url }] = (await once(child, 'message')) as [Ready];
  return { child, url };
}

/** Microseconds of CPU time since it started, its threads included and its children not. */
export async function cpuOf(child: ChildProcess): Promise<number> {
  child.send('usage');
  const [answer] = (await once(child, 'message')) as [Usage];
  return answer.cpu;
}
