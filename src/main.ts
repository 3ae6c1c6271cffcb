import { createApp } from './app.ts';
import { createLog } from './core/log.ts';
import { seconds } from './core/clock.ts';
import { loadConfig } from './load-config.ts';
import { listen } from './listen.ts';

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLog(config.logLevel);
  const app = await createApp(config, { log });
  const server = await listen(app.handler, config.port, config.host);
  app.start();
  log.info('ready', { issuer: config.issuer, address: config.host, port: server.port, mode: config.mode });

  const stop = async (): Promise<void> => {
    log.info('stopping');
    await server.close(seconds(config.shutdownSeconds));
    await app.close();
    log.info('stopped');
  };
  let stopping: Promise<void> | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stopping ??= stop().catch((error: unknown) => {
        log.error('could not stop cleanly', { error });
        process.exitCode = 1;
      });
    });
  }
}

main().catch((error: unknown) => {
  createLog('error').error('could not start', { error });
  if (error instanceof Error) console.error(error.message);
  process.exit(1);
});
