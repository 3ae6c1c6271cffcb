import type { Page } from 'playwright-core';

/**
 * The camera of a page as a canvas that shows what a test holds before it. Installed from outside the page, so that the
 * page keeps its policy.
 */
export type ActedCamera = {
  /** One picture from now on, whatever the page says. */
  hold(picture: Buffer): Promise<void>;
  /** Somebody who does what the page tells them, and looks like `otherwise` while nothing is asked of them. */
  act(otherwise: Buffer, movements: readonly Movement[]): Promise<void>;
};

/** What somebody looks like who follows an instruction. */
export type Movement = { readonly told: RegExp; readonly picture: Buffer };

/** Runs in the page before its scripts. The instruction is read where a person reads it. */
const canvasAsCamera = `(() => {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  let scenes = [];
  const open = async ({ told, jpeg }) => {
    const bytes = Uint8Array.from(atob(jpeg), (letter) => letter.charCodeAt(0));
    return { told: told && new RegExp(told, 'i'), picture: await createImageBitmap(new Blob([bytes])) };
  };
  const draw = () => {
    const said = document.querySelector('[data-camera] [role=status]')?.textContent ?? '';
    const scene = scenes.find(({ told }) => told?.test(said)) ?? scenes.at(-1);
    if (!scene) return;
    const { width, height } = scene.picture;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.drawImage(scene.picture, 0, 0);
  };
  setInterval(draw, 50);
  globalThis.actBeforeCamera = async (next) => { scenes = await Promise.all(next.map(open)); draw(); };
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(20);
})()`;

/** Call before the first page is opened; `hold` and `act` count for the page that is open, until it is left. */
export async function actedCamera(page: Page): Promise<ActedCamera> {
  await page.addInitScript(canvasAsCamera);
  const show = (scenes: readonly { told?: string; jpeg: string }[]) =>
    page.evaluate(`actBeforeCamera(${JSON.stringify(scenes)})`).then(() => undefined);
  const jpeg = (picture: Buffer) => picture.toString('base64');
  return {
    hold: (picture) => show([{ jpeg: jpeg(picture) }]),
    act: (otherwise, movements) =>
      show([
        ...movements.map(({ told, picture }) => ({ told: told.source, jpeg: jpeg(picture) })),
        { jpeg: jpeg(otherwise) },
      ]),
  };
}
