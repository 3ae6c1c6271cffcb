import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessibilityFindings, launchBrowser, visit } from '../support/browser.ts';

/** The instruments of the browser journeys notice what they are there to notice. */

let browser: Browser;
let server: Server;
let origin: string;

beforeAll(async () => {
  const red = await sharp({ create: { width: 720, height: 960, channels: 3, background: '#d01010' } })
    .jpeg()
    .toBuffer();
  browser = await launchBrowser(red);
  server = createServer((request, response) => {
    if (request.url !== '/') return void response.writeHead(404).end();
    response.setHeader('content-security-policy', "default-src 'none'");
    response.setHeader('content-type', 'text/html');
    response.end(
      '<!doctype html><title>x</title><img src="/gone.png"><script>document.title="y"</script><input>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://localhost:${(server.address() as AddressInfo).port}/`;
});

afterAll(async () => {
  await browser.close();
  server.close();
});

it('a policy violation is a complaint, and axe runs under a strict policy and finds the missing label', async () => {
  const { page, complaints, close } = await visit(browser);
  await page.goto(origin);
  expect(complaints().join('\n')).toMatch(/Content Security Policy/);
  expect(complaints()).toEqual([]);
  expect((await accessibilityFindings(page)).join('\n')).toMatch(/label:/);
  await close();
});

it('the camera shows the picture it was given', async () => {
  const { page, close } = await visit(browser);
  await page.goto(origin);
  const pixel = await page.evaluate<number[]>(`(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true });
    const video = document.createElement('video');
    video.srcObject = stream;
    await video.play();
    const canvas = document.createElement('canvas');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    const context = canvas.getContext('2d');
    context.drawImage(video, 0, 0);
    return [...context.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data];
  })()`);
  expect(pixel[0]).toBeGreaterThan(180);
  expect(pixel[1]).toBeLessThan(60);
  expect(pixel[2]).toBeLessThan(60);
  await close();
});
