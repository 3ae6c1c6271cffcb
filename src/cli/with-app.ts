import { createApp, type App } from '../app.ts';
import type { Config } from '../config.ts';
import { createLog } from '../core/log.ts';
import { loadConfig } from '../load-config.ts';

/** Runs one command against the installation that the environment names, and closes it again. */
export async function withApp(work: (app: App, config: Config) => Promise<void>): Promise<void> {
  const config = loadConfig(process.env);
  const app = await createApp(config, { log: createLog('warn') });
  try {
    await work(app, config);
  } finally {
    await app.close();
  }
}
