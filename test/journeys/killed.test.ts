import { request } from 'node:http';
import { afterAll, describe, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { findReadable } from '../support/leaks.ts';
import { startKillable } from '../support/killable.ts';
import {
  approveNext,
  recruiterAt,
  signInReviewer,
  specimenApplicant,
  verificationAnswers,
} from '../support/recruiting.ts';
import { startTwilioStandIn } from '../support/twilio.ts';

/** SIGKILL leaves a process no moment to tidy up: what was answered must be stored, and nothing stored may be readable. */

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

describe.concurrent(
  'a process killed with SIGKILL',
  () => {
    it('loses nothing of a verification, at whatever step, and leaves nothing readable', async ({
      expect,
    }) => {
      const killable = await startKillable(cleanups);
      const applicant = specimenApplicant();
      const answers = verificationAnswers(applicant);
      const phone = '+8613911112222';
      const person = recruiterAt(killable.url, phone);
      const secrets = {
        'the phone number': phone.slice(3),
        'the name': applicant.person.name,
        'the ID number': applicant.person.number,
      };
      await person.walk(`${killable.url}/verify`, (page) => page.url.pathname === '/verify');

      const steps: string[] = [];
      for (;;) {
        await killable.kill();
        expect(findReadable(killable.dataDir, secrets), `after ${steps.at(-1) ?? 'signing in'}`).toEqual([]);
        await killable.start();
        const page = await person.browser.open(`${killable.url}/verify`);
        expect(page.status).toBe(200);
        expect(steps, 'the step that was answered before the kill').not.toContain(page.url.pathname);
        steps.push(page.url.pathname);
        if (page.url.pathname === '/verify/status') break;
        const [, answer] = answers.find(([path]) => path.test(page.url.pathname)) ?? [];
        await answer?.(person.browser, page);
      }
      expect(steps).toEqual([
        '/verify',
        '/verify/photo/licence',
        '/verify/company',
        '/verify/consent/images',
        '/verify/document',
        '/verify/photo/document-front',
        '/verify/photo/document-back',
        '/verify/person',
        '/verify/photo/supporting',
        '/verify/route',
        '/verify/consent/face',
        '/verify/photo/selfie',
        '/verify/check',
        '/verify/status',
      ]);
      // The job that examines the case may have been killed too; its lease runs out.
      await killable.kill();
      await killable.start('later');
      await expect
        .poll(() => killable.rows('select state from verification_cases'))
        .toEqual([{ state: 'in_review' }]);
      expect((await person.browser.open('/verify/status')).text).toContain('In review');

      await approveNext(await signInReviewer(killable.url, systemClock));
      await killable.kill();
      await killable.start();
      expect((await person.browser.open(`${killable.url}/verify/status`)).text).toContain('Approved');
      await killable.kill();
      expect(findReadable(killable.dataDir, secrets)).toEqual([]);
      expect(killable.output()).not.toContain(applicant.person.number);
    });

    it('in the middle of an upload keeps the step open and leaves no picture behind', async ({ expect }) => {
      const killable = await startKillable(cleanups);
      const applicant = specimenApplicant();
      const phone = '+8613911113333';
      const answers = verificationAnswers(applicant);
      const person = recruiterAt(killable.url, phone, answers);
      const page = await person.walk(`${killable.url}/verify`, ({ url }) =>
        url.pathname.startsWith('/verify/photo/'),
      );
      const form = page.forms.find(({ multipart }) => multipart);

      const picture = Buffer.from('/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQ', 'base64');
      const body = Buffer.concat([
        Buffer.from(
          `--x\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n${form?.fields.get('_csrf')?.[0]}\r\n`,
        ),
        Buffer.from(
          '--x\r\nContent-Disposition: form-data; name="picture"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n',
        ),
        picture,
        Buffer.alloc(300_000, 'p'),
      ]);
      const upload = request(page.url, {
        method: 'POST',
        headers: {
          'content-type': 'multipart/form-data; boundary=x',
          'content-length': String(body.length + 1_000_000),
          cookie: person.browser.jar.header(page.url),
          origin: killable.url,
        },
      });
      upload.on('error', () => undefined);
      await new Promise((resolve) => upload.write(body, resolve));
      await new Promise((resolve) => setTimeout(resolve, 300));

      await killable.kill();
      expect(
        findReadable(killable.dataDir, { 'the upload': 'p'.repeat(64), 'the phone number': phone.slice(3) }),
      ).toEqual([]);
      await killable.start();
      expect((await person.browser.open(`${killable.url}/verify`)).url.pathname).toBe(page.url.pathname);
    });

    it('between the commit and the vendor’s answer neither loses nor doubles a message', async ({
      expect,
    }) => {
      const twilio = await startTwilioStandIn();
      cleanups.push(() => twilio.close());
      const killable = await startKillable(cleanups, {
        SHIMING_SMS_VENDOR: 'twilio',
        SHIMING_TWILIO_ACCOUNT_SID: twilio.accountSid,
        SHIMING_TWILIO_AUTH_TOKEN: 'token',
        SHIMING_TWILIO_SENDER: `MG${'f'.repeat(32)}`,
        SHIMING_TWILIO_BASE_URL: twilio.url,
      });
      const [lost, taken] = ['+8613911114444', '+8613911115555'];
      twilio.behave('hangs', lost);
      twilio.behave('takes-and-hangs', taken);
      for (const phone of [lost, taken]) {
        const person = recruiterAt(killable.url, phone);
        await person.walk(`${killable.url}/account`, ({ url }) => url.pathname.endsWith('/code'));
      }
      await expect.poll(() => twilio.asked.length, { timeout: 20_000 }).toBe(2);
      await killable.kill();

      twilio.behave('well');
      await killable.start();
      // The lease of the jobs that the killed process held runs out after a minute.
      await expect
        .poll(() => twilio.taken.map(({ to }) => to).sort(), { timeout: 100_000, interval: 500 })
        .toEqual([lost, taken]);
      await new Promise((resolve) => setTimeout(resolve, 5000));
      expect(twilio.taken.map(({ to }) => to).sort()).toEqual([lost, taken]);
      expect(twilio.asked.map(({ to }) => to).sort()).toEqual([lost, lost, taken]);
    });
  },
  400_000,
);
