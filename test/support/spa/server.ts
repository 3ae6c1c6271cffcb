import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';

export type BrowserApp = {
  url: string;
  configure(options: { issuer: string; clientId: string }): void;
  close(): void;
};

/** Serves the browser-only relying app; redirect URI `<url>/callback`, post-logout redirect URI `<url>/`. */
export async function startBrowserApp(): Promise<BrowserApp> {
  const bundle = await build({
    entryPoints: [join(import.meta.dirname, 'main.js')],
    bundle: true,
    format: 'esm',
    write: false,
  });
  const script = bundle.outputFiles[0]?.text ?? '';
  let options = { issuer: '', clientId: '' };
  const server = createServer((request, response) => {
    if (request.url === '/app.js')
      return void response.setHeader('content-type', 'text/javascript').end(script);
    response
      .setHeader('content-type', 'text/html; charset=utf-8')
      .end(page(options.issuer, options.clientId));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    configure: (given) => (options = given),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function page(issuer: string, clientId: string): string {
  return `<!doctype html><html lang="en"><title>Browser app</title><link rel="icon" href="data:,">
<body data-issuer="${issuer}" data-client-id="${clientId}">
<button id="sign-in">Sign in</button> <button id="refresh">Refresh</button> <button id="sign-out">Sign out</button>
<output></output><script type="module" src="/app.js"></script>`;
}
