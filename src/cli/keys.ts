import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { countStaleKeys, rewrapKeys } from '../storage/rewrap.ts';
import { withApp } from './with-app.ts';

export function keyCommands(program: Command): void {
  program
    .command('migrate')
    .description('bring the database to the newest schema (the server does this at its start, too)')
    .action(() => withApp(async () => console.log('The database is up to date.')));
  program
    .command('rotate-kek')
    .description(
      'wrap every data key under the newest key of SHIMING_KEY_ENCRYPTION_KEYS; older keys may be removed afterwards',
    )
    .action(() => withApp(rotate));
}

const rotate: Parameters<typeof withApp>[0] = async ({ database }, { keyEncryptionKeys }) => {
  const total = await countStaleKeys(database.handle.knex, keyEncryptionKeys);
  if (total === 0) {
    console.log(`Every data key is wrapped under "${keyEncryptionKeys[0].id}".`);
    return;
  }
  const bar = new SingleBar({
    format: '{bar} {value}/{total} data keys, {eta_formatted} left',
    noTTYOutput: true,
  });
  bar.start(total, 0);
  for await (const done of rewrapKeys(database.handle, keyEncryptionKeys)) bar.update(done);
  bar.stop();
  const [{ id: target }] = keyEncryptionKeys;
  await database.stores.audit.append({
    actor: 'cli',
    action: 'data_keys.rewrapped',
    target,
    details: { count: total },
  });
  console.log(
    `Done. Keys other than "${keyEncryptionKeys[0].id}" are no longer needed once every process runs with it.`,
  );
};
