import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PageAnswer, Person } from '../../src/testkit/person.ts';
import { operatorKeys, operatorVendor } from '../support/authority/operator.ts';
import { startStandIn, type StandIn } from '../support/authority/stand-in.ts';
import { startKillable, type Killable } from '../support/killable.ts';
import { findReadable } from '../support/leaks.ts';
import {
  recruiterAt,
  specimenApplicant,
  verificationAnswers,
  type Applicant,
} from '../support/recruiting.ts';
import { idCardFront } from '../support/specimens.ts';

/**
 * SIGKILL while a picture is read, while a case is examined, and at each moment of a question to an authority: the case
 * goes on by itself, to the verdict it would have had.
 */

/** Milliseconds that looking at some of the pictures takes. */
const SLOW = 8000;
const phone = '+8613911117777';
const cleanups: (() => unknown)[] = [];
let killable: Killable;
let authority: StandIn;
let applicant: Applicant;
let person: Person;

beforeEach(async () => {
  authority = await startStandIn(operatorVendor(Date.now));
  cleanups.push(() => authority.close());
  killable = await startKillable(cleanups, {
    SHIMING_AUTHORITY: 'operator',
    SHIMING_AUTHORITY_ENDPOINT: authority.url,
    SHIMING_AUTHORITY_KEY_ID: operatorKeys.keyId,
    SHIMING_AUTHORITY_SECRET: operatorKeys.secret,
  });
  applicant = specimenApplicant();
}, 240_000);
afterEach(() => {
  const secrets = { name: applicant.person.name, number: applicant.person.number, phone: phone.slice(3) };
  expect(findReadable(killable.dataDir, secrets)).toEqual([]);
  expect(killable.strayPictures()).toEqual([]);
});
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

/** The person agrees that the authority is asked. */
const asks: PageAnswer = [
  /^\/verify\/check$/,
  (browser) => browser.submit({ ask_source: '1' }, { holding: 'version' }),
];

/** Somebody who walks to the page whose path ends so; `answers` come before the ordinary ones. */
async function walkTo(end: string, answers: readonly PageAnswer[] = []): Promise<Person> {
  person = recruiterAt(killable.url, phone, [...answers, asks, ...verificationAnswers(applicant)]);
  await person.walk(`${killable.url}/verify`, (page) => page.url.pathname.endsWith(end));
  return person;
}

const slowFront = (outcome: object = {}) => idCardFront(applicant.person, { qr: { ...outcome, slow: SLOW } });
const send = (picture: Buffer) =>
  person.browser.submit({ picture: new File([new Uint8Array(picture)], 'a.jpg', { type: 'image/jpeg' }) });
const states = () => killable.rows<{ state: string }>('select state from verification_cases');
const checks = () =>
  killable.rows<{ reference: string; outcome: string | null; answered: 0 | 1; attempts: number }>(
    'select reference, outcome, answered_at is not null as answered, attempts from authority_checks',
  );
const verdicts = () => killable.rows("select event from verification_history where event = 'refer'");
const inReview = () => expect.poll(states, { timeout: 30_000 }).toEqual([{ state: 'in_review' }]);

/** The case went on to a reviewer, with one answer of the authority to one question. */
async function expectVerdict(timesAsked: number): Promise<void> {
  await inReview();
  expect(verdicts()).toHaveLength(1);
  const [check, ...others] = checks();
  expect(others).toEqual([]);
  expect(check).toMatchObject({ outcome: 'match', answered: 1 });
  expect(authority.asked.map(({ reference }) => reference)).toEqual(
    Array.from({ length: timesAsked }, () => check?.reference),
  );
  expect((await person.browser.open('/verify/status')).text).toContain('In review');
}

describe('a process killed with SIGKILL', () => {
  it('while a picture is read leaves the step open, and takes the picture the next time', async () => {
    await walkTo('/photo/document-front');
    const picture = await slowFront();
    const lost = send(picture).catch(() => 'lost');
    await new Promise((resolve) => setTimeout(resolve, SLOW / 2));
    await killable.kill();
    expect(await lost).toBe('lost');
    expect(killable.strayPictures()).toEqual([]);

    await killable.start('later');
    const page = await person.browser.open(`${killable.url}/verify`);
    expect(page.url.pathname).toBe('/verify/photo/document-front');
    await person.walk(`${killable.url}/verify`, ({ url }) => url.pathname === '/verify/status');
    await expectVerdict(1);
  });

  it('while the case is examined goes on with the examination', async () => {
    // Nobody could look at this picture when it came, so it is looked at again after the submission.
    const picture = await slowFront({ fails: 'unavailable' });
    await walkTo('/status', [[/\/photo\/document-front$/, () => send(picture)]]);
    await expect
      .poll(() => killable.rows("select kind from jobs where state = 'running'"), {
        timeout: 5000,
        interval: 20,
      })
      .toEqual([{ kind: 'case.examine' }]);
    await killable.kill();
    expect(states()).toEqual([{ state: 'submitted' }]);
    expect(authority.asked).toEqual([]);

    await killable.start('later');
    await expectVerdict(1);
  });

  it('while the authority thinks asks again under the same reference', async () => {
    authority.says(() => undefined);
    await walkTo('/status');
    await expect.poll(() => authority.asked.length).toBe(1);
    expect(checks()).toMatchObject([{ outcome: null, answered: 0 }]);
    await killable.kill();

    authority.says(undefined);
    await killable.start('later');
    await expectVerdict(2);
  });

  it('with the answer of the authority on its way counts one answer', async () => {
    const waiting: ServerResponse[] = [];
    authority.says((response) => void waiting.push(response));
    await walkTo('/status');
    await expect.poll(() => waiting.length).toBe(1);
    const body = JSON.stringify({ outcome: 'match', reference: 'op-42' });
    waiting[0]?.writeHead(200, { 'content-type': 'application/json' }).end(body);
    await killable.kill();

    authority.says(undefined);
    await killable.start('later');
    await inReview();
    // Whether the first answer was written before the end is chance; that one counts is not.
    await expectVerdict(authority.asked.length);
    expect(authority.asked.length).toBeLessThanOrEqual(2);
  });

  it('before its lease has run out is not overtaken: the question waits', async () => {
    authority.says(() => undefined);
    await walkTo('/status');
    await expect.poll(() => authority.asked.length).toBe(1);
    await killable.kill();

    authority.says(undefined);
    await killable.start();
    await new Promise((resolve) => setTimeout(resolve, SLOW));
    expect(states()).toEqual([{ state: 'submitted' }]);
    expect(authority.asked).toHaveLength(1);
  });
}, 240_000);
