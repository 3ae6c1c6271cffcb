import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, visit } from '../support/browser.ts';

let browser: Browser;

const plain = (background: string) =>
  sharp({ create: { width: 640, height: 480, channels: 3, background } })
    .jpeg()
    .toBuffer();

beforeAll(async () => {
  browser = await launchBrowser([
    { picture: await plain('#d02020'), seconds: 1 },
    { picture: await plain('#20d020'), seconds: 1 },
    { picture: await plain('#2020d0'), seconds: 1 },
  ]);
});
afterAll(() => browser.close());

/** Runs in the page: which of the three channels is brightest, seen every 200 ms, repetitions left out. */
const watch = `async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ video: true });
  const video = Object.assign(document.createElement('video'), { srcObject: stream, muted: true });
  await video.play();
  const context = Object.assign(document.createElement('canvas'), { width: 2, height: 2 }).getContext('2d');
  const seen = [];
  for (let i = 0; i < 20; i++) {
    context.drawImage(video, 0, 0, 2, 2);
    const pixel = [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    const colour = 'RGB'[pixel.indexOf(Math.max(...pixel))];
    if (seen.at(-1) !== colour) seen.push(colour);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { seen: seen.join(''), size: [video.videoWidth, video.videoHeight] };
}`;

describe('the camera of the tests', () => {
  it('plays the shots of a film in their order, again and again', async () => {
    const { page, close } = await visit(browser);
    await page.route('**/*', (route) =>
      route.fulfill({ body: '<!doctype html><title>camera</title>', contentType: 'text/html' }),
    );
    await page.goto('http://127.0.0.1/');
    const { seen, size } = await page.evaluate<{ seen: string; size: number[] }>(`(${watch})()`);
    expect(size).toEqual([640, 480]);
    expect('RGBRGBRGBRGB').toContain(seen);
    expect(seen.length).toBeGreaterThanOrEqual(3);
    await close();
  });
});
