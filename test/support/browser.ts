import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { setupBrowser } from '../../scripts/setup-browser.js';
import { film, still, type Shot } from './specimens/camera.ts';

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

/** Chromium whose camera shows `camera` (a JPEG, or a film of several), or Chromium's own test pattern without it. */
export async function launchBrowser(camera?: Buffer | readonly Shot[]): Promise<Browser> {
  const asRoot = process.getuid?.() === 0;
  const args = [...flags, ...(asRoot ? ['--no-sandbox'] : [])];
  const folder = mkdtempSync(join(tmpdir(), 'shiming-camera-'));
  if (camera) {
    const file = join(folder, 'camera.mjpeg');
    writeFileSync(file, Buffer.isBuffer(camera) ? await still(camera) : await film(camera));
    args.push(`--use-file-for-fake-video-capture=${file}`);
  }
  const browser = await chromium.launch({ executablePath: setupBrowser(() => undefined), args });
  browser.once('disconnected', () => rmSync(folder, { recursive: true, force: true }));
  return browser;
}

export type VisitOptions = { device?: 'phone' | 'desktop'; lang?: 'zh-CN' | 'en'; script?: boolean };

export type Visit = {
  context: BrowserContext;
  page: Page;
  /** What the browser complained about since the last call: console errors, exceptions, policy violations, failed requests. */
  complaints: () => string[];
  close: () => Promise<void>;
};

/** A fresh browser profile that records everything the browser complains about. */
export async function visit(browser: Browser, options: VisitOptions = {}): Promise<Visit> {
  const phone = options.device !== 'desktop';
  const context = await browser.newContext({
    viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    deviceScaleFactor: phone ? 2 : 1,
    hasTouch: phone,
    isMobile: phone,
    locale: options.lang ?? 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    javaScriptEnabled: options.script ?? true,
    permissions: ['camera'],
  });
  context.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  context.on('page', (page) => listen(page, complaints));
  const page = await context.newPage();
  return { context, page, complaints: () => complaints.splice(0), close: () => context.close() };
}

function listen(page: Page, complaints: string[]): void {
  page.on('console', (message) => {
    const status = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !status) complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    if (reason !== 'net::ERR_ABORTED') complaints.push(`request: ${request.url()} ${reason}`);
  });
  page.on('response', (response) => {
    const page = response.request().isNavigationRequest();
    if (!page && response.status() >= 400) complaints.push(`request: ${response.url()} ${response.status()}`);
    if (page && response.status() >= 500) complaints.push(`page: ${response.url()} ${response.status()}`);
  });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The serious and critical findings of axe (WCAG 2.2 AA) on the page as it stands, one line each. */
export async function accessibilityFindings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const results = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify({ runOnly: tags })})`);
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help} — ${node.html.slice(0, 160)}`));
}

/** Ticks a checkbox or radio button as people do: on its label. */
export async function choose(page: Page, name: string, value: string): Promise<void> {
  const id = await page.getAttribute(`input[name="${name}"][value="${value}"]`, 'id');
  await page.click(`label[for="${id}"]`);
}
