import { serveTasks } from '../core/worker-task.ts';
import type { WatermarkTask } from './watermarker.ts';
import { watermark } from './watermark.ts';

serveTasks<WatermarkTask, Uint8Array>(
  async ({ jpeg, login, at }) => new Uint8Array(await watermark(Buffer.from(jpeg), login, at)),
  (marked) => [marked.buffer as ArrayBuffer],
);
