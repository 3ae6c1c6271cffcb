import type { Page } from 'playwright-core';
import type { Installation } from './installation.ts';

export type Look = { device: 'phone' | 'desktop'; lang: 'zh-CN' | 'en'; scheme: 'light' | 'dark' };

export type Walk = {
  page: Page;
  /** Takes a picture of the whole page. */
  shot: (name: string, of?: Page) => Promise<void>;
  look: Look;
  installation: Installation;
};

export type Journey = { name: string; walk: (walk: Walk) => Promise<void> };

const visits = (name: string, paths: Readonly<Record<string, string>>): Journey => ({
  name,
  async walk({ page, shot }) {
    for (const [step, path] of Object.entries(paths)) {
      await page.goto(path);
      await shot(step);
    }
  },
});

/** What a person sees, in the order in which they see it. */
export const journeys: readonly Journey[] = [
  visits('open', {
    home: '/',
    agreement: '/legal/agreement',
    privacy: '/legal/privacy',
    missing: '/no-such-page',
  }),
  visits('gallery', {
    all: '/dev/gallery',
    form: '/dev/gallery/form',
    console: '/dev/gallery/console',
  }),
];
