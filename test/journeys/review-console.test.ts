import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeDatabases } from '../support/databases.ts';
import {
  approval,
  casePath,
  images,
  openConsole,
  type OpenConsole,
  versionOf,
} from '../support/review-console.ts';

describeDatabases('the review console', (open, dialect) => {
  let desk: OpenConsole;
  beforeAll(async () => (desk = await openConsole(await open())));
  afterAll(() => desk.close());

  it('goes from the queue over the pictures to a decision and on to the next case', async () => {
    const { waiting, ann } = await desk.anew();
    const queue = await ann.get('/staff?lang=en');
    expect(queue.status).toBe(200);
    expect(queue.html).toContain('Next case');
    expect(queue.html).not.toContain(waiting.person.name);
    expect(queue.html).not.toContain(waiting.company.name);

    const next = await ann.post('/staff/next');
    expect(next).toMatchObject({ status: 303, location: casePath(waiting.caseId) });
    const page = await ann.get(casePath(waiting.caseId));
    expect(page.html).toContain(waiting.person.name);
    expect(page.html).toContain(waiting.company.code);
    expect(page.html).not.toContain(waiting.person.number);
    expect(page.html).toContain(
      `${waiting.person.number.slice(0, 6)}********${waiting.person.number.slice(-4)}`,
    );
    expect(images(page.html)).toHaveLength(4);

    const decided = await ann.post(casePath(waiting.caseId, '/decide'), approval(versionOf(page.html)));
    expect(decided).toMatchObject({ status: 303, location: casePath(waiting.caseId, '/decided') });
    const after = await ann.get(casePath(waiting.caseId, '/decided'));
    expect(after.html).toContain('Approved');
    expect(await desk.rig.database.stores.persons.find(waiting.accountId)).toMatchObject({
      state: 'verified',
    });
  });

  it('speaks Chinese as completely', async () => {
    const { waiting, ann } = await desk.anew();
    await desk.claimed(ann, waiting.caseId);
    const page = await ann.get(`${casePath(waiting.caseId)}?lang=zh-CN`);
    expect(page.html).toContain('手持证件照');
    expect(page.html).toContain('要重做的步骤及原因');
  });

  it('shows the full number for a reason only, records it, and keeps what was typed', async () => {
    const { waiting, ann } = await desk.anew();
    const { html } = await desk.claimed(ann, waiting.caseId);
    const typed = { note: 'half a <sentence>', decision: 'reject', version: versionOf(html) };
    const refused = await ann.post(casePath(waiting.caseId, '/reveal'), typed);
    expect(refused.status).toBe(422);
    expect(refused.html).not.toContain(waiting.person.number.slice(6, 14));
    const shown = await ann.post(casePath(waiting.caseId, '/reveal'), {
      ...typed,
      reveal_reason: 'compare_with_image',
    });
    expect(shown.status).toBe(200);
    const { number } = waiting.person;
    expect(shown.html).toContain(`${number.slice(0, 6)} ${number.slice(6, 14)} ${number.slice(14)}`);
    expect(shown.html).toContain('half a &lt;sentence&gt;');
    expect(await desk.rig.database.stores.reviewLog.viewsOfCase(waiting.caseId, 10)).toContainEqual(
      expect.objectContaining({ what: 'masked', reason: 'compare_with_image' }),
    );
    expect((await ann.get(casePath(waiting.caseId))).html).not.toContain(number.slice(6, 14));
  });

  it('serves a picture marked, never cached, and records the look', async () => {
    const { waiting, ann } = await desk.anew();
    const { html } = await desk.claimed(ann, waiting.caseId);
    const [src = ''] = images(html);
    const picture = await ann.get(src);
    expect(picture.status).toBe(200);
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect(picture.headers.get('cache-control')).toBe('no-store');
    const id = src.split('/').at(-1) ?? '';
    const original = await desk.rig.verification.verification.imageForReview(
      desk.rig.database.stores,
      id as never,
    );
    if (!original) throw new Error('no picture');
    expect(await difference(original.jpeg, picture.bytes)).toBeGreaterThan(0.01);
    const views = await desk.rig.database.stores.reviewLog.viewsOfCase(waiting.caseId, 10);
    expect(views).toContainEqual(expect.objectContaining({ what: 'image', target: id, reason: 'review' }));
    const page = await ann.get(`${casePath(waiting.caseId)}?lang=en`);
    expect(page.html).toContain('Looked at a picture');
  });

  it('shows nothing to anybody else', async () => {
    const { waiting, ann, bob } = await desk.anew();
    const { html } = await desk.claimed(ann, waiting.caseId);
    const [src = ''] = images(html);
    const nobody = desk.browse();
    const candidate = desk.browse();
    candidate.cookies.set('_session', 'a-candidate');
    candidate.cookies.set('shiming-staff', 'forged');
    const disabled = await desk.staff();
    await desk.rig.review.accounts.disable(disabled.enrolment.staff.login);
    for (const stranger of [nobody, candidate, disabled.browser]) {
      for (const address of [
        '/staff',
        casePath(waiting.caseId),
        casePath(waiting.caseId, '/history'),
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
        expect((await stranger.post(casePath(waiting.caseId, action), approval('1'))).status).toBe(401);
      }
      expect((await stranger.post('/staff/next')).status).toBe(401);
    }
    const other = await bob.get(casePath(waiting.caseId));
    expect(other.html).not.toContain(waiting.person.name);
    expect((await bob.get(src)).status).toBe(404);
    expect((await bob.get(casePath(waiting.caseId, '/history'))).status).toBe(403);
    expect((await bob.get('/staff/recruiters')).status).toBe(403);
    expect((await bob.post('/staff/recruiters/revoke', {})).status).toBe(403);
    const decide = await bob.post(casePath(waiting.caseId, '/decide'), {
      ...approval(versionOf(html)),
      note: 'mine',
    });
    expect(decide.status).toBe(409);
    expect(decide.html).toContain('mine');
    expect(decide.html).not.toContain(waiting.person.name);
    const administrator = (await desk.staff('administrator')).browser;
    expect((await administrator.get(casePath(waiting.caseId))).status).toBe(403);
    expect((await administrator.get(src)).status).toBe(403);
  });

  it('shows nothing once the case is closed, not even to who decided it', async () => {
    const { waiting, ann, bob } = await desk.anew();
    const { html } = await desk.claimed(ann, waiting.caseId);
    const [src = ''] = images(html);
    await ann.post(casePath(waiting.caseId, '/decide'), approval(versionOf(html)));
    const page = await ann.get(casePath(waiting.caseId));
    expect(page.html).not.toContain(waiting.person.name);
    expect((await ann.get(src)).status).toBe(404);
    expect((await ann.get(casePath(waiting.caseId, '/history'))).status).toBe(200);
    expect((await bob.get(casePath(waiting.caseId, '/decided'))).status).toBe(404);
  });

  it('looks up by an exact code and revokes, with a note, at once', async () => {
    const { waiting, ann } = await desk.anew();
    const { html } = await desk.claimed(ann, waiting.caseId);
    await ann.post(casePath(waiting.caseId, '/decide'), approval(versionOf(html)));
    const senior = (await desk.staff('senior')).browser;
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
    expect(await desk.rig.database.stores.persons.find(waiting.accountId)).toMatchObject({
      state: 'revoked',
    });
    expect((await senior.post('/staff/recruiters/revoke', { ...form, note: 'again' })).status).toBe(409);
    const wrongKind = { ...form, target: 'company', note: 'x', reason: 'company_closed' };
    expect((await senior.post('/staff/recruiters/revoke', wrongKind)).status).toBe(400);
    expect((await senior.get(casePath(waiting.caseId, '/history'))).status).toBe(200);
  });

  it('keeps pages small and free of inline code', async () => {
    const { waiting, ann } = await desk.anew();
    const { html, headers } = await desk.claimed(ann, waiting.caseId);
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
