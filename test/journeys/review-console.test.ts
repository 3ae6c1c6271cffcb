import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../src/core/clock.ts';
import type { CaseId, StaffId } from '../../src/core/ids.ts';
import { claimLifetime, type Enrolment } from '../../src/review/index.ts';
import { describeDatabases } from '../support/databases.ts';
import {
  codeFor,
  createReviewRig,
  enrol,
  startConsole,
  tokenOf,
  type Browser,
  type ReviewRig,
} from '../support/review.ts';

describeDatabases('the review console', (open, dialect) => {
  let rig: ReviewRig;
  let console: Awaited<ReturnType<typeof startConsole>>;
  let waiting: Awaited<ReturnType<ReviewRig['submitted']>>;
  let ann: Browser;
  let bob: Browser;
  let people = 0;

  beforeAll(async () => {
    rig = createReviewRig(await open());
    console = await startConsole(rig);
  });
  afterAll(async () => {
    await console.close();
    await rig.close();
  });

  async function staff(
    role: Parameters<typeof enrol>[2] = 'reviewer',
  ): Promise<{ browser: Browser; enrolment: Enrolment }> {
    const enrolment = await enrol(rig.review, `person${(people += 1)}`, role);
    const browser = console.browse(`203.0.113.${people}`);
    await browser.enter(enrolment, rig.clock);
    return { browser, enrolment };
  }

  beforeEach(async () => {
    const { knex } = rig.database.connection;
    await knex('verification_cases').delete();
    await knex('case_claims').delete();
    waiting = await rig.submitted();
    ann = (await staff()).browser;
    bob = (await staff()).browser;
  });

  const path = (caseId: CaseId, rest = '') => `/staff/cases/${caseId}${rest}`;
  const images = (html: string) =>
    [...html.matchAll(/src="(\/staff\/images\/[^"]+)"/g)].map(([, src = '']) => src);
  const versionOf = (html: string) => /name="version" value="(\d+)"/.exec(html)?.[1] ?? '';
  const approval = (version: string) => ({
    decision: 'approve',
    approve_reason: 'evidence_consistent',
    version,
  });

  async function claimed(browser = ann) {
    await browser.post(path(waiting.caseId, '/claim'));
    const page = await browser.get(path(waiting.caseId));
    expect(page.status).toBe(200);
    return page;
  }

  it('goes from the queue over the pictures to a decision and on to the next case', async () => {
    const queue = await ann.get('/staff?lang=en');
    expect(queue.status).toBe(200);
    expect(queue.html).toContain('Next case');
    expect(queue.html).not.toContain(waiting.person.name);
    expect(queue.html).not.toContain(waiting.company.name);

    const next = await ann.post('/staff/next');
    expect(next).toMatchObject({ status: 303, location: path(waiting.caseId) });
    const page = await ann.get(path(waiting.caseId));
    expect(page.html).toContain(waiting.person.name);
    expect(page.html).toContain(waiting.company.code);
    expect(page.html).not.toContain(waiting.person.number);
    expect(page.html).toContain(
      `${waiting.person.number.slice(0, 6)}********${waiting.person.number.slice(-4)}`,
    );
    expect(images(page.html)).toHaveLength(4);

    const decided = await ann.post(path(waiting.caseId, '/decide'), approval(versionOf(page.html)));
    expect(decided).toMatchObject({ status: 303, location: path(waiting.caseId, '/decided') });
    const after = await ann.get(path(waiting.caseId, '/decided'));
    expect(after.html).toContain('Approved');
    expect(await rig.database.stores.persons.find(waiting.accountId)).toMatchObject({ state: 'verified' });
  });

  it('speaks Chinese as completely', async () => {
    await claimed();
    const page = await ann.get(`${path(waiting.caseId)}?lang=zh-CN`);
    expect(page.html).toContain('手持证件照');
    expect(page.html).toContain('要重做的步骤及原因');
  });

  it('shows the full number for a reason only, records it, and keeps what was typed', async () => {
    const { html } = await claimed();
    const typed = { note: 'half a <sentence>', decision: 'reject', version: versionOf(html) };
    const refused = await ann.post(path(waiting.caseId, '/reveal'), typed);
    expect(refused.status).toBe(422);
    expect(refused.html).not.toContain(waiting.person.number.slice(6, 14));
    const shown = await ann.post(path(waiting.caseId, '/reveal'), {
      ...typed,
      reveal_reason: 'compare_with_image',
    });
    expect(shown.status).toBe(200);
    const { number } = waiting.person;
    expect(shown.html).toContain(`${number.slice(0, 6)} ${number.slice(6, 14)} ${number.slice(14)}`);
    expect(shown.html).toContain('half a &lt;sentence&gt;');
    expect(await rig.database.stores.reviewLog.viewsOfCase(waiting.caseId, 10)).toContainEqual(
      expect.objectContaining({ what: 'masked', reason: 'compare_with_image' }),
    );
    expect((await ann.get(path(waiting.caseId))).html).not.toContain(number.slice(6, 14));
  });

  it('serves a picture marked, never cached, and records the look', async () => {
    const { html } = await claimed();
    const [src = ''] = images(html);
    const picture = await ann.get(src);
    expect(picture.status).toBe(200);
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect(picture.headers.get('cache-control')).toBe('no-store');
    const id = src.split('/').at(-1) ?? '';
    const original = await rig.verification.verification.imageForReview(rig.database.stores, id as never);
    if (!original) throw new Error('no picture');
    expect(await difference(original.jpeg, picture.bytes)).toBeGreaterThan(0.01);
    const views = await rig.database.stores.reviewLog.viewsOfCase(waiting.caseId, 10);
    expect(views).toContainEqual(expect.objectContaining({ what: 'image', target: id, reason: 'review' }));
    const page = await ann.get(`${path(waiting.caseId)}?lang=en`);
    expect(page.html).toContain('Looked at a picture');
  });

  it('shows nothing to anybody else', async () => {
    const { html } = await claimed();
    const [src = ''] = images(html);
    const nobody = console.browse();
    const candidate = console.browse();
    candidate.cookies.set('_session', 'a-candidate');
    candidate.cookies.set('shiming-staff', 'forged');
    const disabled = await staff();
    await rig.review.accounts.disable(disabled.enrolment.staff.login);
    for (const stranger of [nobody, candidate, disabled.browser]) {
      for (const address of [
        '/staff',
        path(waiting.caseId),
        path(waiting.caseId, '/history'),
        '/staff/recruiters',
      ]) {
        const answer = await stranger.get(address);
        expect(answer).toMatchObject({
          status: 303,
          location: `/staff/sign-in?return=${encodeURIComponent(address)}`,
        });
      }
      expect((await stranger.get(src, { accept: 'image/*' })).status).toBe(401);
      for (const action of ['/claim', '/decide', '/reveal', '/release']) {
        expect((await stranger.post(path(waiting.caseId, action), approval('1'))).status).toBe(401);
      }
      expect((await stranger.post('/staff/next')).status).toBe(401);
    }
    const other = await bob.get(path(waiting.caseId));
    expect(other.html).not.toContain(waiting.person.name);
    expect((await bob.get(src)).status).toBe(404);
    expect((await bob.get(path(waiting.caseId, '/history'))).status).toBe(403);
    expect((await bob.get('/staff/recruiters')).status).toBe(403);
    expect((await bob.post('/staff/recruiters/revoke', {})).status).toBe(403);
    const decide = await bob.post(path(waiting.caseId, '/decide'), {
      ...approval(versionOf(html)),
      note: 'mine',
    });
    expect(decide.status).toBe(409);
    expect(decide.html).toContain('mine');
    expect(decide.html).not.toContain(waiting.person.name);
    const administrator = (await staff('administrator')).browser;
    expect((await administrator.get(path(waiting.caseId))).status).toBe(403);
    expect((await administrator.get(src)).status).toBe(403);
  });

  it('shows nothing once the case is closed, not even to who decided it', async () => {
    const { html } = await claimed();
    const [src = ''] = images(html);
    await ann.post(path(waiting.caseId, '/decide'), approval(versionOf(html)));
    const page = await ann.get(path(waiting.caseId));
    expect(page.html).not.toContain(waiting.person.name);
    expect((await ann.get(src)).status).toBe(404);
    expect((await ann.get(path(waiting.caseId, '/history'))).status).toBe(200);
    expect((await bob.get(path(waiting.caseId, '/decided'))).status).toBe(404);
  });

  it('takes a double submit and a second tab for what they are', async () => {
    const { html } = await claimed();
    const form = approval(versionOf(html));
    const both = await Promise.all([1, 2].map(() => ann.post(path(waiting.caseId, '/decide'), form)));
    for (const answer of both) {
      expect(answer).toMatchObject({ status: 303, location: path(waiting.caseId, '/decided') });
    }
    const tab = await ann.post(path(waiting.caseId, '/decide'), {
      decision: 'reject',
      reject_reason: 'document_altered',
      version: versionOf(html),
      note: 'typed in the other tab',
    });
    expect(tab.status).toBe(409);
    expect(tab.html).toContain('typed in the other tab');
    expect(await rig.database.stores.reviewLog.decisionsOfCase(waiting.caseId)).toHaveLength(1);
  });

  it('takes one of ten parallel decisions', async () => {
    const { html } = await claimed();
    const form = approval(versionOf(html));
    const again = { ...form, decision: 'resubmit', redo_company: 'image_unreadable' };
    const token = tokenOf((await ann.get('/staff')).html) ?? tokenOf(html) ?? '';
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        ann.send(path(waiting.caseId, '/decide'), { ...(i % 2 ? form : again), _csrf: token }),
      ),
    );
    expect(answers.every(({ status }) => status === 303 || status === 409)).toBe(true);
    expect(await rig.database.stores.reviewLog.decisionsOfCase(waiting.caseId)).toHaveLength(1);
  });

  it('renews a claim that ended while somebody was typing, and hands the text back when another took the case', async () => {
    const { html } = await claimed();
    const form = { ...approval(versionOf(html)), note: 'a long note', message: 'dear recruiter' };
    rig.clock.advance(claimLifetime - minutes(5));
    await ann.get('/staff');
    rig.clock.advance(minutes(6));
    const renewed = await ann.post(path(waiting.caseId, '/decide'), form);
    expect(renewed.status).toBe(409);
    expect(renewed.html).toContain('a long note');
    expect(renewed.html).toContain('dear recruiter');
    expect(await rig.database.stores.reviewLog.decisionsOfCase(waiting.caseId)).toEqual([]);

    rig.clock.advance(claimLifetime - minutes(5));
    await ann.get('/staff');
    const fresh = (await staff()).browser;
    rig.clock.advance(minutes(6));
    await fresh.post(path(waiting.caseId, '/claim'));
    const taken = await ann.post(path(waiting.caseId, '/decide'), form);
    expect(taken.status).toBe(409);
    expect(taken.html).toContain('a long note');
    expect(taken.html).not.toContain(waiting.person.name);
  });

  it('gives back what was typed when the session has ended', async () => {
    const { html } = await claimed();
    const form = { ...approval(versionOf(html)), note: 'do not lose me' };
    rig.clock.advance(minutes(31));
    const late = await ann.post(path(waiting.caseId, '/decide'), form);
    expect(late.status).toBe(401);
    expect(late.html).toContain('do not lose me');
    expect(late.html).toContain(encodeURIComponent(path(waiting.caseId)));
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
    const { html } = await claimed();
    const answer = await ann.post(path(waiting.caseId, '/decide'), {
      version: versionOf(html),
      message: 'kept <b>',
      ...fields,
    });
    expect(answer.status).toBe(422);
    expect(answer.html).toContain(`href="#f-${field}"`);
    expect(answer.html).toContain('kept &lt;b&gt;');
  });

  it('answers forms without any field as it answers empty ones', async () => {
    await claimed();
    const senior = (await staff('senior')).browser;
    const forms = [
      [console.browse(), '/staff/sign-in'],
      [ann, '/staff/password'],
      [ann, path(waiting.caseId, '/decide')],
      [ann, path(waiting.caseId, '/reveal')],
      [senior, '/staff/recruiters/revoke'],
    ] as const;
    for (const [browser, action] of forms) expect((await browser.post(action)).status, action).toBe(422);
  });

  it('refuses forms without the token of this browser', async () => {
    await claimed();
    for (const _csrf of ['', 'x'.repeat(43), tokenOf((await bob.get('/staff')).html) ?? 'none']) {
      for (const [action, fields] of [
        [path(waiting.caseId, '/decide'), approval('1')],
        [path(waiting.caseId, '/reveal'), { reveal_reason: 'check_registry' }],
        [path(waiting.caseId, '/release'), {}],
        ['/staff/next', {}],
        ['/staff/recruiters/revoke', {}],
        ['/staff/sign-in', { login: 'x', password: 'y', code: '123456' }],
        ['/staff/sign-out', {}],
        ['/staff/password', {}],
      ] as const) {
        expect((await ann.send(action, { ...fields, _csrf })).status, action).toBe(403);
      }
    }
    expect(await rig.review.queue.list('stf_any' as StaffId)).toMatchObject({ claimed: 1 });
  });

  it('answers every wrong sign-in alike, and limits them', async () => {
    const enrolment = await enrol(rig.review, `wrong${(people += 1)}`);
    const used = codeFor(enrolment, rig.clock);
    const wrong: Record<string, string>[] = [
      { login: 'nobody' },
      { password: 'wrong' },
      { code: '000000' },
      { code: codeFor(enrolment, rig.clock, -3) },
    ];
    const pages: string[] = [];
    for (const over of wrong) {
      const browser = console.browse(`198.51.100.${people}`);
      const answer = await browser.signIn(enrolment, rig.clock, over);
      expect(answer.status).toBe(422);
      pages.push(
        answer.html.replaceAll(/name="_csrf" value="[^"]*"/g, '').replaceAll('nobody', enrolment.staff.login),
      );
    }
    expect(new Set(pages).size).toBe(1);
    const browser = console.browse(`198.51.100.${people}`);
    expect(await browser.signIn(enrolment, rig.clock)).toMatchObject({
      status: 303,
      location: '/staff/password',
    });
    const replay = await console.browse().signIn(enrolment, rig.clock, { code: used });
    expect(replay.status).toBe(422);
    const attacker = console.browse('198.51.100.250');
    const statuses = [];
    for (let i = 0; i < 6; i++)
      statuses.push((await attacker.signIn(enrolment, rig.clock, { password: 'guess' })).status);
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429]);
  });

  it('asks for another password before anything else', async () => {
    const enrolment = await enrol(rig.review, `first${(people += 1)}`);
    const browser = console.browse(`192.0.2.${people}`);
    await browser.signIn(enrolment, rig.clock);
    expect(await browser.get('/staff')).toMatchObject({ status: 303, location: '/staff/password' });
    expect(await browser.post(path(waiting.caseId, '/claim'))).toMatchObject({ location: '/staff/password' });
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
    const { enrolment } = await staff();
    for (const [asked, expected] of [
      [path(waiting.caseId), path(waiting.caseId)],
      ['//evil.example/staff', '/staff'],
      ['https://evil.example', '/staff'],
      ['/staff/../account', '/staff'],
      ['/staff\\evil', '/staff'],
      ['/staff/sign-out', '/staff'],
    ] as const) {
      rig.clock.advance(seconds(30));
      const next = console.browse(`192.0.2.${(people += 1)}`);
      const password = `long enough for ${Math.abs(enrolment.staff.createdAt % 97)} people`;
      const answer = await next.signIn(enrolment, rig.clock, { password, return: asked });
      expect(answer).toMatchObject({ status: 303, location: expected });
    }
  });

  it('ends a session by sign-out and after twelve hours', async () => {
    const { browser } = await staff();
    const copied = browser.cookies.get('shiming-staff') ?? '';
    await browser.post('/staff/sign-out');
    const thief = console.browse();
    thief.cookies.set('shiming-staff', copied);
    expect((await thief.get('/staff')).status).toBe(303);

    const busy = (await staff()).browser;
    for (let passed = 0; passed <= hours(12); passed += minutes(25)) {
      rig.clock.advance(minutes(25));
      await busy.get('/staff');
    }
    expect((await busy.get('/staff')).status).toBe(303);
  });

  it('looks up by an exact code and revokes, with a note, at once', async () => {
    const { html } = await claimed();
    await ann.post(path(waiting.caseId, '/decide'), approval(versionOf(html)));
    const senior = (await staff('senior')).browser;
    const found = await senior.get(`/staff/recruiters?query=${waiting.caseId}&lang=en`);
    expect(found.html).toContain(waiting.accountId);
    expect(found.html).not.toContain(waiting.person.name);
    const byCode = await senior.get(`/staff/recruiters?query=${waiting.company.code}`);
    expect(byCode.html).toContain(waiting.company.name);
    expect(
      (await senior.get(`/staff/recruiters?query=${encodeURIComponent(waiting.person.name)}`)).status,
    ).toBe(404);

    const form = { query: waiting.caseId, target: 'person', id: waiting.accountId, reason: 'reported_abuse' };
    const noNote = await senior.post('/staff/recruiters/revoke', form);
    expect(noNote.status).toBe(422);
    expect(noNote.html).toContain('href="#f-note"');
    const revoked = await senior.post('/staff/recruiters/revoke', { ...form, note: 'ticket 12' });
    expect(revoked.status).toBe(303);
    expect(await rig.database.stores.persons.find(waiting.accountId)).toMatchObject({ state: 'revoked' });
    expect((await senior.post('/staff/recruiters/revoke', { ...form, note: 'again' })).status).toBe(409);
    const wrongKind = { ...form, target: 'company', note: 'x', reason: 'company_closed' };
    expect((await senior.post('/staff/recruiters/revoke', wrongKind)).status).toBe(400);
    expect((await senior.get(path(waiting.caseId, '/history'))).status).toBe(200);
  });

  it('keeps pages small and free of inline code', async () => {
    const { html, headers } = await claimed();
    expect(Buffer.byteLength(html)).toBeLessThan(30 * 1024);
    expect(html).not.toMatch(/<script(?![^>]*src=)|\son\w+=|\sstyle=/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(dialect).toMatch(/sqlite|postgres/);
  });
});

/** Mean difference of two pictures of the same size, from 0 to 1. */
async function difference(one: Buffer, two: Buffer): Promise<number> {
  const [a, b] = await Promise.all([one, two].map((jpeg) => sharp(jpeg).removeAlpha().raw().toBuffer()));
  if (!a || !b || a.length !== b.length) throw new Error('the pictures differ in size');
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
  return sum / a.length / 255;
}
