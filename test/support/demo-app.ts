import { startDemoApp, type DemoApp } from '../../examples/demo-app/server.ts';
import type { TestProvider } from '../../src/testkit/index.ts';

/** The demo app on a port of its own, registered with the provider. */
export async function startRegisteredDemo({ issuer, app }: TestProvider): Promise<DemoApp> {
  const id = 'jobs';
  const secret = 's'.repeat(40);
  const demo = await startDemoApp({ issuer, clientId: id, clientSecret: secret, port: 0 });
  const metadata = { redirect_uris: [`${demo.url}/callback`], post_logout_redirect_uris: [`${demo.url}/`] };
  const added = await app.clients.add({ id, secret, name: 'Demo Jobs', metadata });
  if (!added.ok) throw new Error(`the demo app was refused: ${added.reason}`);
  return demo;
}
