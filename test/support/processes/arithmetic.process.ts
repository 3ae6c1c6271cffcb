import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { serveRequests } from '../../../src/core/process-task.ts';

export type ArithmeticTask =
  | { square: number }
  | { double: Uint8Array }
  | { tell: 'pid' | 'priority' | 'environment' }
  | { fail: true }
  | { die: true }
  | { hang: true }
  | { dieUnless: string }
  | { hold: number };

const held: Buffer[] = [];

serveRequests<ArithmeticTask, unknown>((task) => {
  if ('square' in task) return task.square ** 2;
  if ('double' in task) return task.double.map((byte) => byte * 2);
  if ('fail' in task) throw new RangeError('as asked');
  if ('die' in task) return process.kill(process.pid, 'SIGSEGV');
  if ('dieUnless' in task) return survive(task.dieUnless);
  if ('hang' in task) for (;;);
  if ('hold' in task) return held.push(Buffer.alloc(task.hold * 2 ** 20, 1));
  if (task.tell === 'pid') return process.pid;
  return task.tell === 'priority' ? getPriority() : Object.keys(process.env).sort();
});

/** Dies as long as the file does not exist: the test creates it between two attempts. */
function survive(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return process.exit(3);
  }
}
