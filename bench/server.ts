import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBareServer } from './bare-server.ts';
import type { Contestant, Ready, Usage } from './contestants.ts';
import { createOurServer } from './our-server.ts';

/** One contestant in a process of its own; it answers every message with the CPU time it has used so far. */
const contestant = process.argv[2] as Contestant;
const state: { handler?: RequestListener } = {};
const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) =>
  state.handler?.(request, response),
);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://localhost:${(server.address() as AddressInfo).port}`;
state.handler = await create(contestant, url);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ kind: 'usage', cpu: user + system } satisfies Usage);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready', url } satisfies Ready);

async function create(who: Contestant, issuer: string): Promise<RequestListener> {
  switch (who) {
    case 'bare':
    case 'bare again':
      return createBareServer(issuer, 'RS256');
    case 'bare ES256':
      return createBareServer(issuer, 'ES256');
    case 'sqlite':
      return createOurServer(issuer, { SHIMING_DATABASE_DURABILITY: 'normal' });
    case 'sqlite full':
      return createOurServer(issuer, { SHIMING_DATABASE_DURABILITY: 'full' });
    case 'postgres':
      return createOurServer(issuer, { SHIMING_DATABASE_URL: process.env['BENCH_POSTGRES'] ?? '' });
  }
}
