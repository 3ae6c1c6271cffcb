import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, type Stage } from '../../bench/removal/stage.ts';
import { askBroker } from '../support/broker.ts';

/**
 * What `npm run bench:removal` measures, without the clock: a recruiter whom an administrator removes through the page, an
 * app that is told twice over and an API that asks about each token, around the built program as a process of its own.
 */
let stage: Stage;
beforeAll(async () => {
  await askBroker('program');
  stage = await openStage(4);
}, 120_000);
afterAll(() => stage.close());

const receivers = () => Object.values(stage.receivers);

/** The recruiter is removed; then everything that the app is to learn of it has come. */
async function removed({
  before = () => {},
  after = () => {},
}: {
  before?: () => unknown;
  after?: (subject: string) => unknown;
}): Promise<string> {
  const { session, remove } = await stage.next();
  await before();
  let allowRefresh = () => {};
  const mayRefresh = new Promise<void>((resolve) => (allowRefresh = resolve));
  const refusing = stage.platform.publishUntilRefused(session, mayRefresh);
  await remove();
  await after(session.subject);
  allowRefresh();
  for (const one of receivers()) await one.heard(session.subject);
  const { refused, insufficientScope } = await refusing;
  expect(refused).toBeLessThanOrEqual(insufficientScope);
  return session.subject;
}

const repeated = (subject: string) => receivers().map((one) => one.repeated(subject));

it('tells the app of a removed member and lets them publish no more', async () => {
  expect(repeated(await removed({}))).toEqual([0, 0]);
});

it('tells an app that was down and came back, once', async () => {
  const subject = await removed({
    before: async () => {
      for (const one of receivers()) await one.down();
    },
    async after() {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      for (const one of receivers()) await one.up();
    },
  });
  expect(repeated(subject)).toEqual([0, 0]);
});

it('tells it after a SIGKILL upon the answer to the form', async () => {
  await removed({
    async after() {
      await stage.kill();
      await stage.start();
    },
  });
});

it('tells it after a SIGKILL while it held what was sent', async () => {
  const subject = await removed({
    before: () => {
      for (const one of receivers()) one.hold();
    },
    async after(about) {
      await expect.poll(() => receivers().map((one) => one.isAsked(about))).toEqual([true, true]);
      await stage.kill();
      for (const one of receivers()) one.release();
      await stage.start();
    },
  });
  expect(repeated(subject)).toEqual([0, 0]);
});
