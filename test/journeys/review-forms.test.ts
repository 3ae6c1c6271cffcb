import { afterAll, beforeAll, expect, it } from 'vitest';
import { minutes } from '../../src/core/clock.ts';
import type { StaffId } from '../../src/core/ids.ts';
import { claimLifetime } from '../../src/review/index.ts';
import { describeDatabases } from '../support/databases.ts';
import { approval, casePath, openConsole, type OpenConsole, versionOf } from '../support/review-console.ts';
import { tokenOf } from '../support/review.ts';

describeDatabases('the forms of the review console', (open) => {
  let desk: OpenConsole;
  beforeAll(async () => (desk = await openConsole(await open())));
  afterAll(() => desk.close());

  it('takes a double submit and a second tab for what they are', async () => {
    const { waiting, ann } = await desk.anew();
    const { html } = await desk.claimed(ann, waiting.caseId);
    const form = approval(versionOf(html));
    const both = await Promise.all([1, 2].map(() => ann.post(casePath(waiting.caseId, '/decide'), form)));
    for (const answer of both) {
      expect(answer).toMatchObject({ status: 303, location: casePath(waiting.caseId, '/decided') });
    }
    const tab = await ann.post(casePath(waiting.caseId, '/decide'), {
      decision: 'reject',
      reject_reason: 'document_altered',
      version: versionOf(html),
      note: 'typed in the other tab',
    });
    expect(tab.status).toBe(409);
    expect(tab.html).toContain('typed in the other tab');
    expect(await desk.rig.database.stores.reviewLog.decisionsOfCase(waiting.caseId)).toHaveLength(1);
  });

  it('takes one of ten parallel decisions', async () => {
    const { waiting, ann } = await desk.anew();
    const { html } = await desk.claimed(ann, waiting.caseId);
    const form = approval(versionOf(html));
    const again = { ...form, decision: 'resubmit', redo_company: 'image_unreadable' };
    const token = tokenOf((await ann.get('/staff')).html) ?? tokenOf(html) ?? '';
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        ann.send(casePath(waiting.caseId, '/decide'), { ...(i % 2 ? form : again), _csrf: token }),
      ),
    );
    expect(answers.every(({ status }) => status === 303 || status === 409)).toBe(true);
    expect(await desk.rig.database.stores.reviewLog.decisionsOfCase(waiting.caseId)).toHaveLength(1);
  });

  it('renews a claim that ended while somebody was typing, and hands the text back when another took the case', async () => {
    const { waiting, ann } = await desk.anew();
    const { html } = await desk.claimed(ann, waiting.caseId);
    const form = { ...approval(versionOf(html)), note: 'a long note', message: 'dear recruiter' };
    desk.rig.clock.advance(claimLifetime - minutes(5));
    await ann.get('/staff');
    desk.rig.clock.advance(minutes(6));
    const renewed = await ann.post(casePath(waiting.caseId, '/decide'), form);
    expect(renewed.status).toBe(409);
    expect(renewed.html).toContain('a long note');
    expect(renewed.html).toContain('dear recruiter');
    expect(await desk.rig.database.stores.reviewLog.decisionsOfCase(waiting.caseId)).toEqual([]);

    desk.rig.clock.advance(claimLifetime - minutes(5));
    await ann.get('/staff');
    const fresh = (await desk.staff()).browser;
    desk.rig.clock.advance(minutes(6));
    await fresh.post(casePath(waiting.caseId, '/claim'));
    const taken = await ann.post(casePath(waiting.caseId, '/decide'), form);
    expect(taken.status).toBe(409);
    expect(taken.html).toContain('a long note');
    expect(taken.html).not.toContain(waiting.person.name);
  });

  it('gives back what was typed when the session has ended', async () => {
    const { waiting, ann } = await desk.anew();
    const { html } = await desk.claimed(ann, waiting.caseId);
    const form = { ...approval(versionOf(html)), note: 'do not lose me' };
    desk.rig.clock.advance(minutes(31));
    const late = await ann.post(casePath(waiting.caseId, '/decide'), form);
    expect(late.status).toBe(401);
    expect(late.html).toContain('do not lose me');
    expect(late.html).toContain(encodeURIComponent(casePath(waiting.caseId)));
    expect(await ann.get('/staff')).toMatchObject({ status: 303 });
  });

  it.each([
    ['no decision', {}, 'decision'],
    ['no reason', { decision: 'approve' }, 'approve_reason'],
    [
      'a reason of another decision',
      { decision: 'approve', approve_reason: 'document_altered' },
      'approve_reason',
    ],
    ['no step', { decision: 'resubmit' }, 'redo_company'],
    ['a reason of another step', { decision: 'resubmit', redo_holder: 'licence_outdated' }, 'redo_holder'],
    [
      'too long a note',
      { decision: 'approve', approve_reason: 'evidence_consistent', note: 'x'.repeat(2001) },
      'note',
    ],
  ])('answers %s with what is missing', async (_, fields, field) => {
    const { waiting, ann } = await desk.anew();
    const { html } = await desk.claimed(ann, waiting.caseId);
    const answer = await ann.post(casePath(waiting.caseId, '/decide'), {
      version: versionOf(html),
      message: 'kept <b>',
      ...fields,
    });
    expect(answer.status).toBe(422);
    expect(answer.html).toContain(`href="#f-${field}"`);
    expect(answer.html).toContain('kept &lt;b&gt;');
  });

  it('answers forms without any field as it answers empty ones', async () => {
    const { waiting, ann } = await desk.anew();
    await desk.claimed(ann, waiting.caseId);
    const senior = (await desk.staff('senior')).browser;
    const forms = [
      [desk.browse(), '/staff/sign-in'],
      [ann, '/staff/password'],
      [ann, casePath(waiting.caseId, '/decide')],
      [ann, casePath(waiting.caseId, '/reveal')],
      [senior, '/staff/recruiters/revoke'],
    ] as const;
    for (const [browser, action] of forms) expect((await browser.post(action)).status, action).toBe(422);
  });

  it('refuses forms without the token of this browser', async () => {
    const { waiting, ann, bob } = await desk.anew();
    await desk.claimed(ann, waiting.caseId);
    for (const _csrf of ['', 'x'.repeat(43), tokenOf((await bob.get('/staff')).html) ?? 'none']) {
      for (const [action, fields] of [
        [casePath(waiting.caseId, '/decide'), approval('1')],
        [casePath(waiting.caseId, '/reveal'), { reveal_reason: 'check_registry' }],
        [casePath(waiting.caseId, '/release'), {}],
        ['/staff/next', {}],
        ['/staff/recruiters/revoke', {}],
        ['/staff/sign-in', { login: 'x', password: 'y', code: '123456' }],
        ['/staff/sign-out', {}],
        ['/staff/password', {}],
      ] as const) {
        expect((await ann.send(action, { ...fields, _csrf })).status, action).toBe(403);
      }
    }
    expect(await desk.rig.review.queue.list('stf_any' as StaffId)).toMatchObject({ claimed: 1 });
  });
});
