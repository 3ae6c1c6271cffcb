import type { Config } from './config.ts';
import { developmentSecrets } from './development.ts';
import { readConfig } from './read-config.ts';

/** The configuration of this process, or an exit with one line for each thing that is wrong with it. */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const result = readConfig(environment, developmentSecrets);
  if (result.ok) return result.config;
  console.error(`Shiming cannot start:\n${result.problems.map((problem) => `  - ${problem}`).join('\n')}`);
  process.exit(1);
}
