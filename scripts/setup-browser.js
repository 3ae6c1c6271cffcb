// Finds the Chromium that the browser tests use, and installs one where there is none.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

export function findChromium() {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = [
    process.env['CHROMIUM_PATH'],
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    chromium.executablePath(),
  ];
  return candidates.find((path) => path && isExecutable(path));
}

export function setupBrowser(say = console.log) {
  const found = findChromium();
  if (found) {
    say(`browser: ${found}`);
    return found;
  }
  const ways = [
    ['the system package', installPackage],
    ["Playwright's download", downloadBuild],
  ];
  for (const [name, install] of ways) {
    say(`browser: none found, trying ${name}`);
    const path = install() ? findChromium() : undefined;
    if (path) {
      say(`browser: installed ${path}`);
      return path;
    }
  }
  throw new Error('No Chromium: install one, or set CHROMIUM_PATH to its path.');
}

function installPackage() {
  if (process.getuid?.() !== 0) return false;
  run('apt-get', ['update', '-qq']);
  return run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk']);
}

function downloadBuild() {
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
  return run(process.execPath, [cli, 'install', 'chromium']);
}

function run(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) setupBrowser();
