// `npm start`: runs the built program and, in development, the demo relying app beside it, and says what to try.
import { spawn } from 'node:child_process';
import { loadConfig } from '../dist/src/load-config.js';
import { demoClient } from '../dist/src/development.js';
import { startDemoApp } from '../dist/examples/demo-app/server.js';

const config = loadConfig(process.env);
// A first look should not drown in a line for every request.
const quiet = config.mode === 'development' ? { SHIMING_LOG_LEVEL: 'warn' } : {};
const server = spawn(process.execPath, ['dist/src/main.js'], {
  stdio: 'inherit',
  env: { ...quiet, ...process.env },
});
let demo;

const stop = (signal) => {
  server.kill(signal);
  void demo?.close();
};
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop(signal));
server.on('exit', (code) => {
  void demo?.close();
  process.exitCode = code ?? 1;
});

if (config.mode === 'development' && (await ready())) {
  if (config.demoApp) {
    const { id, secret } = demoClient(config.indexKeys);
    const port = Number(new URL(config.demoAppUrl).port);
    demo = await startDemoApp({ issuer: config.issuer, clientId: id, clientSecret: secret, port });
  }
  welcome();
}

async function ready() {
  const address = `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${config.port}/readyz`;
  for (let tries = 0; tries < 300 && server.exitCode === null; tries++) {
    const answer = await fetch(address).catch(() => undefined);
    if (answer?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

function welcome() {
  const rows = [
    ...(config.demoApp
      ? [['Demo app', config.demoAppUrl, 'sign up with any mainland number, e.g. 138 0013 8000']]
      : []),
    ['SMS inbox', `${config.issuer}/dev/inbox`, 'the code you were sent'],
    ['Your account', `${config.issuer}/account`, 'profile, apps, recruiter verification'],
    ['Review console', `${config.issuer}/staff`, `login, password and code: ${config.issuer}/dev/staff`],
  ];
  const width = Math.max(...rows.map(([, address]) => address.length));
  console.log('\n  Shiming (实名) is running. Stop it with Ctrl+C; everything is kept in the data folder.\n');
  for (const [name, address, hint] of rows)
    console.log(`  ${name.padEnd(16)}${address.padEnd(width + 3)}${hint}`);
  console.log('');
}
