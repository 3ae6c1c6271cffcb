// `npm run screenshots [-- journey… phone|desktop|zh-CN|en|light|dark …]`: the main journeys as pictures, in both
// languages, schemes and widths, into screenshots/; says what axe finds on them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { accessibilityFindings } from '../test/support/browser.ts';
import { install } from './screenshots/installation.ts';
import { journeys, type Look } from './screenshots/journeys.ts';
import { setupBrowser } from './setup-browser.js';

const looks: Look[] = (['phone', 'desktop'] as const).flatMap((device) =>
  (['zh-CN', 'en'] as const).flatMap((lang) =>
    (['light', 'dark'] as const).map((scheme) => ({ device, lang, scheme })),
  ),
);
const words = process.argv.slice(2);
const wanted = looks.filter((look) =>
  (['device', 'lang', 'scheme'] as const).every((aspect) => {
    const chosen = words.filter((word) => looks.some((other) => other[aspect] === word));
    return chosen.length === 0 || chosen.includes(look[aspect]);
  }),
);
const names = words.filter((word) => journeys.some(({ name }) => name === word));
const folder = join(import.meta.dirname, '..', 'screenshots');
const asRoot = process.getuid?.() === 0;

const installation = await install();
const browser = await chromium.launch({
  executablePath: setupBrowser(() => undefined),
  args: [
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    ...(asRoot ? ['--no-sandbox'] : []),
  ],
});
let pictures = 0;
try {
  for (const journey of journeys) {
    if (names.length > 0 && !names.includes(journey.name)) continue;
    for (const look of wanted) await walk(browser, journey, look);
  }
} finally {
  await browser.close();
  await installation.close();
}
console.log(`${pictures} pictures in ${folder}`);

async function walk(within: Browser, journey: (typeof journeys)[number], look: Look): Promise<void> {
  const phone = look.device === 'phone';
  const context = await within.newContext({
    baseURL: installation.origin,
    viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    deviceScaleFactor: phone ? 2 : 1,
    isMobile: phone,
    hasTouch: phone,
    locale: look.lang,
    colorScheme: look.scheme,
    timezoneId: 'Asia/Shanghai',
    permissions: ['camera'],
  });
  context.setDefaultTimeout(8000);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      console.log(`${journey.name} ${page.url()}: ${message.text()}`);
  });
  const target = join(folder, `${look.device}-${look.lang}-${look.scheme}`);
  mkdirSync(target, { recursive: true });
  let step = 0;
  const shot = async (name: string, of: Page = page): Promise<void> => {
    step += 1;
    const file = `${journey.name}-${String(step).padStart(2, '0')}-${name}.png`;
    for (const finding of await accessibilityFindings(of))
      console.log(`${look.device} ${look.lang} ${look.scheme} ${file}: ${finding}`);
    await of.screenshot({ path: join(target, file), fullPage: true, animations: 'disabled' });
    pictures += 1;
  };
  try {
    await journey.walk({ page, shot, look, installation });
  } catch (error) {
    await shot('FAILED');
    console.log(
      `${journey.name} (${look.device}, ${look.lang}, ${look.scheme}) stopped at ${page.url()}:`,
      error,
    );
    process.exitCode = 1;
  } finally {
    await context.close();
  }
}
