import { join } from 'node:path';
import { askBroker } from './broker.ts';
import { spawnBuilt, untilReady, type Program, type ProgramOptions } from './built-program.ts';

export type { Program } from './built-program.ts';

/** Starts the built program as a process of its own and waits until it answers. Throws its output when it ends before. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  return untilReady(await spawnProgram(options));
}

/** Starts the built program and does not wait. */
export async function spawnProgram(options: ProgramOptions): Promise<Program> {
  return spawnBuilt(join(await askBroker('program'), 'src', 'main.js'), options);
}
