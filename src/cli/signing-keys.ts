import type { Command } from 'commander';
import type { Rotation } from '../oidc/index.ts';
import { withApp } from './with-app.ts';

/** `signing-keys list/rotate`: the keys that sign identity and access tokens. */
export function signingKeyCommands(program: Command): void {
  const keys = program.command('signing-keys').description('the keys that sign identity and access tokens');
  keys
    .command('list')
    .description('every published key and its state')
    .action(() =>
      withApp(async ({ oidc }) => {
        for (const { alg, state, id, stateSince } of await oidc.signingKeys.list()) {
          console.log(`${alg}  ${state.padEnd(8)}  since ${day(stateSince)}  ${id}`);
        }
      }),
    );
  keys
    .command('rotate')
    .description(
      'do what is due: publish a new key, a day later sign with it, a week later remove the old one',
    )
    .option(
      '--force',
      'sign with the published key now; apps that keep keys may refuse tokens for up to an hour',
    )
    .action(({ force = false }: { force?: boolean }) =>
      withApp(async ({ oidc }) => (await oidc.signingKeys.rotate({ force, by: 'cli' })).forEach(print)),
    );
}

const words: Readonly<Record<Rotation['action'], string>> = {
  created: 'published a new key',
  activated: 'signs with the new key; the old one stays published',
  removed: 'removed an old key',
  waiting: 'a new key is published and waits',
};

function print({ alg, action, id, dueAt }: Rotation): void {
  console.log(`${alg}  ${words[action]}  ${id}`);
  if (dueAt !== undefined) console.log(`       run this again after ${day(dueAt)}`);
}

function day(instant: number): string {
  return new Date(instant).toISOString().slice(0, 16).replace('T', ' ');
}
