import { serveRequests } from '../../../src/core/process-task.ts';

/** Does to itself what the "picture" says. */
serveRequests<{ jpeg: Uint8Array }, unknown>(({ jpeg }) => {
  const wish = Buffer.from(jpeg).toString();
  if (wish === 'die') return process.kill(process.pid, 'SIGSEGV');
  if (wish === 'hang') for (;;);
  if (wish === 'wait') return new Promise((resolve) => setTimeout(resolve, 300));
  return undefined;
});
