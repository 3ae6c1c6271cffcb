import { readConfig, type Config } from './config.ts';
import { developmentSecrets } from './development.ts';

/** The configuration of this process, or an exit with one line for each thing that is wrong with it. */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const development = (environment['SHIMING_MODE'] ?? 'development') === 'development';
  const secrets = development ? developmentSecrets(environment['SHIMING_DATA_DIR'] ?? 'data') : {};
  const result = readConfig({ ...secrets, ...environment });
  if (result.ok) return result.config;
  console.error(`Shiming cannot start:\n${result.problems.map((problem) => `  - ${problem}`).join('\n')}`);
  process.exit(1);
}
