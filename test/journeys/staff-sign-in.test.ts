import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../src/core/clock.ts';
import { describeDatabases } from '../support/databases.ts';
import { casePath, openConsole, type OpenConsole, type WaitingCase } from '../support/review-console.ts';
import { codeFor, enrol } from '../support/review.ts';

describeDatabases('signing in at the review console', (open) => {
  let desk: OpenConsole;
  let people = 0;
  let waiting: WaitingCase;
  beforeAll(async () => {
    desk = await openConsole(await open());
  });
  afterAll(() => desk.close());
  beforeEach(async () => {
    ({ waiting } = await desk.anew());
  });

  it('answers every wrong sign-in alike, and limits them', async () => {
    const enrolment = await enrol(desk.rig.review, `wrong${(people += 1)}`);
    const used = codeFor(enrolment, desk.rig.clock);
    const wrong: Record<string, string>[] = [
      { login: 'nobody' },
      { password: 'wrong' },
      { code: '000000' },
      { code: codeFor(enrolment, desk.rig.clock, -3) },
    ];
    const pages: string[] = [];
    for (const over of wrong) {
      const browser = desk.browse(`198.51.100.${people}`);
      const answer = await browser.signIn(enrolment, desk.rig.clock, over);
      expect(answer.status).toBe(422);
      pages.push(
        answer.html.replaceAll(/name="_csrf" value="[^"]*"/g, '').replaceAll('nobody', enrolment.staff.login),
      );
    }
    expect(new Set(pages).size).toBe(1);
    const browser = desk.browse(`198.51.100.${people}`);
    expect(await browser.signIn(enrolment, desk.rig.clock)).toMatchObject({
      status: 303,
      location: '/staff/password',
    });
    const replay = await desk.browse().signIn(enrolment, desk.rig.clock, { code: used });
    expect(replay.status).toBe(422);
    const attacker = desk.browse('198.51.100.250');
    const statuses = [];
    for (let i = 0; i < 6; i++)
      statuses.push((await attacker.signIn(enrolment, desk.rig.clock, { password: 'guess' })).status);
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429]);
  });

  it('asks for another password before anything else', async () => {
    const enrolment = await enrol(desk.rig.review, `first${(people += 1)}`);
    const browser = desk.browse(`192.0.2.${people}`);
    await browser.signIn(enrolment, desk.rig.clock);
    expect(await browser.get('/staff')).toMatchObject({ status: 303, location: '/staff/password' });
    expect(await browser.post(casePath(waiting.caseId, '/claim'))).toMatchObject({
      location: '/staff/password',
    });
    const weak = await browser.post('/staff/password', {
      current: enrolment.password,
      next: 'short',
      again: 'short',
    });
    expect(weak.status).toBe(422);
    const chosen = 'four words in a row';
    const changed = await browser.post('/staff/password', {
      current: enrolment.password,
      next: chosen,
      again: chosen,
    });
    expect(changed).toMatchObject({ status: 303, location: '/staff?notice=password' });
    expect((await browser.get('/staff')).status).toBe(200);
  });

  it('returns to the page that was asked for, and nowhere else', async () => {
    const { enrolment } = await desk.staff();
    for (const [asked, expected] of [
      [casePath(waiting.caseId), casePath(waiting.caseId)],
      ['//evil.example/staff', '/staff'],
      ['https://evil.example', '/staff'],
      ['/staff/../account', '/staff'],
      ['/staff\\evil', '/staff'],
      ['/staff/sign-out', '/staff'],
    ] as const) {
      desk.rig.clock.advance(seconds(30));
      const next = desk.browse(`192.0.2.${(people += 1)}`);
      const password = `long enough for ${Math.abs(enrolment.staff.createdAt % 97)} people`;
      const answer = await next.signIn(enrolment, desk.rig.clock, { password, return: asked });
      expect(answer).toMatchObject({ status: 303, location: expected });
    }
  });

  it('ends a session by sign-out and after twelve hours', async () => {
    const { browser } = await desk.staff();
    const copied = browser.cookies.get('shiming-staff') ?? '';
    await browser.post('/staff/sign-out');
    const thief = desk.browse();
    thief.cookies.set('shiming-staff', copied);
    expect((await thief.get('/staff')).status).toBe(303);

    const busy = (await desk.staff()).browser;
    for (let passed = 0; passed <= hours(12); passed += minutes(25)) {
      desk.rig.clock.advance(minutes(25));
      await busy.get('/staff');
    }
    expect((await busy.get('/staff')).status).toBe(303);
  });
});
