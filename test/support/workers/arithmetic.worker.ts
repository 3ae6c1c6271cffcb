import { serveTasks } from '../../../src/core/worker-task.ts';

type Task = { square: number } | { fail: true } | { die: true } | { hang: true } | { priority: true };

serveTasks<Task, number>(async (task) => {
  if ('square' in task) return task.square ** 2;
  if ('die' in task) process.exit(3);
  if ('hang' in task) for (;;);
  if ('priority' in task) return (await import('node:os')).getPriority(0);
  throw new RangeError('asked to fail');
});
