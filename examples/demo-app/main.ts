import { startDemoApp } from './server.ts';

/** Runs the demo app by itself, against any provider: ISSUER, CLIENT_ID, CLIENT_SECRET, PORT and RESOURCE. */
const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT, RESOURCE } = process.env;
const app = await startDemoApp({
  issuer: ISSUER ?? 'http://localhost:4000',
  clientId: CLIENT_ID ?? 'demo-app',
  clientSecret: CLIENT_SECRET ?? '',
  port: Number(PORT ?? 4001),
  ...(RESOURCE && { resource: RESOURCE }),
});
process.stdout.write(`demo app: ${app.url}\n`);
