import { hashSync, verifySync } from '@node-rs/argon2';
import { serveTasks } from '../core/worker-task.ts';
import type { HashAnswer, HashTask } from './password-hasher.ts';

/** argon2id, 19 MiB, two passes, one lane: the first choice of OWASP's password storage guidance. */
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1, algorithm: 2 };

serveTasks<HashTask, HashAnswer>(async (task) =>
  task.kind === 'hash'
    ? { hash: hashSync(task.password, options) }
    : { matches: verifySync(task.hash, task.password) },
);
