import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { CaseId } from '../../src/core/ids.ts';
import type { Enrolment } from '../../src/review/index.ts';
import { describeDatabases } from '../support/databases.ts';
import { casePath, images, versionOf } from '../support/review-console.ts';
import { createReviewRig, enrol, startConsole, type Browser, type ReviewRig } from '../support/review.ts';

type Member = { browser: Browser; enrolment: Enrolment };

describeDatabases('evidence', (open) => {
  let rig: ReviewRig;
  let console: Awaited<ReturnType<typeof startConsole>>;
  let waiting: Awaited<ReturnType<ReviewRig['submitted']>>;
  let ann: Member;
  let bob: Member;
  let people = 0;

  beforeAll(async () => {
    rig = createReviewRig(await open());
    console = await startConsole(rig);
    [ann, bob] = [await staff(), await staff()];
  });
  afterAll(async () => {
    await console.close();
    await rig.close();
  });
  beforeEach(async () => {
    const { knex } = rig.database.connection;
    await knex('verification_cases').delete();
    await knex('case_claims').delete();
    waiting = await rig.submitted();
    const { number, name } = waiting.person;
    await rig.seen(waiting.caseId, { number: misread(number), name });
  });

  async function staff(role: Parameters<typeof enrol>[2] = 'reviewer'): Promise<Member> {
    const enrolment = await enrol(rig.review, `looker${(people += 1)}`, role);
    const browser = console.browse(`203.0.113.${people}`);
    await browser.enter(enrolment, rig.clock);
    return { browser, enrolment };
  }

  /** The number with another check digit than its own. */
  const misread = (number: string) => number.slice(0, 17) + (number.endsWith('X') ? '0' : 'X');
  const frontId = async () =>
    (await rig.database.stores.images.listStored(waiting.caseId)).find(
      ({ kind }) => kind === 'document_front',
    )?.id ?? '';
  const decide = async ({ browser }: Member, fields: Record<string, string>) => {
    const { html } = await browser.get(casePath(waiting.caseId));
    return browser.post(casePath(waiting.caseId, '/decide'), { version: versionOf(html), ...fields });
  };
  async function look({ browser }: Member): Promise<string> {
    await browser.post(casePath(waiting.caseId, '/claim'));
    const { html } = await browser.get(`${casePath(waiting.caseId)}?lang=en`);
    for (const src of images(html)) expect((await browser.get(src)).status).toBe(200);
    return html;
  }
  const reject = {
    decision: 'reject',
    reject_reason: 'document_altered',
    message: 'No.',
    note: 'drawn over',
  };

  it('shows typed beside read, marks what differs, and masks both', async () => {
    const html = await look(ann);
    const { number, name } = waiting.person;
    const masked = (value: string) => `${value.slice(0, 6)}********${value.slice(-4)}`;
    expect(html).toContain(masked(number));
    expect(html).toContain(masked(misread(number)));
    expect(html).toMatch(/class="differs"[\s\S]{0,80}Document number/);
    expect(html).toContain('北京市朝阳区******');
    expect(html).not.toContain('样本路1号');
    expect(html).not.toContain(number);
    expect(html).toContain(`Part of the picture: Name`);
    expect(html).not.toContain('Part of the picture: Document number');
    expect(html).toContain('0.41 (same from 0.45, another below 0.30)');
    expect(html).toContain('test-face-1');
    expect(html.split(name).length).toBeGreaterThan(2);
    expect(Buffer.byteLength(html)).toBeLessThan(30 * 1024);
  });

  it('serves a masked part only after the reason was given, marked, never cached and recorded', async () => {
    await look(ann);
    const part = `/staff/images/${await frontId()}/parts/number`;
    expect((await ann.browser.get(part)).status).toBe(403);
    const page = await ann.browser.post(casePath(waiting.caseId, '/reveal'), {
      reveal_reason: 'compare_with_image',
    });
    expect(page.html).toContain('样本路1号');
    expect(page.html).toContain(part);
    const picture = await ann.browser.get(part);
    expect(picture.status).toBe(200);
    expect(picture.headers.get('cache-control')).toBe('no-store');
    const { width, channels } = await sharp(picture.bytes).metadata();
    expect({ width, channels }).toEqual({ width: 480, channels: 3 });
    const { channels: stats } = await sharp(picture.bytes).stats();
    expect(stats[0]?.stdev, 'the plain crop carries a mark').toBeGreaterThan(3);
    const views = await rig.database.stores.reviewLog.viewsOfCase(waiting.caseId, 50);
    expect(views).toContainEqual(
      expect.objectContaining({ what: 'crop', target: `${await frontId()}/number` }),
    );
    expect(views).toContainEqual(expect.objectContaining({ what: 'masked', reason: 'compare_with_image' }));
    expect(views).toContainEqual(expect.objectContaining({ what: 'face' }));
  });

  it('asks for the reason again after the case was handed back', async () => {
    await look(ann);
    await ann.browser.post(casePath(waiting.caseId, '/reveal'), { reveal_reason: 'compare_with_image' });
    const part = `/staff/images/${await frontId()}/parts/number`;
    expect((await ann.browser.get(part)).status).toBe(200);
    rig.clock.advance(1000);
    await ann.browser.post(casePath(waiting.caseId, '/release'));
    rig.clock.advance(1000);
    await look(ann);
    expect((await ann.browser.get(part)).status).toBe(403);
  });

  /** Everything that shows something of the case; for the holder each answers 200. */
  const addresses = async () => {
    const id = await frontId();
    return [`/staff/images/${id}`, `/staff/images/${id}/parts/name`, `/staff/images/${id}/parts/face-0`];
  };
  async function expectNothing({ browser }: Member, why: string): Promise<void> {
    for (const address of await addresses()) {
      const answer = await browser.get(address, { accept: 'image/*' });
      expect([401, 403, 404, 410], `${why}: ${address}`).toContain(answer.status);
      expect(answer.headers.get('content-type'), `${why}: ${address}`).not.toContain('image/jpeg');
    }
    for (const answer of [
      await browser.get(casePath(waiting.caseId)),
      await browser.post(casePath(waiting.caseId, '/reveal'), { reveal_reason: 'compare_with_image' }),
      await browser.post(casePath(waiting.caseId, '/opinions')),
    ]) {
      expect(answer.html, why).not.toContain(waiting.person.name);
      expect(answer.html, why).not.toContain('drawn over');
    }
  }

  it('reaches nobody but the holder: from every role, without a claim, and signed out', async () => {
    await expectNothing(ann, 'a reviewer without a claim');
    await look(ann);
    for (const address of await addresses()) expect((await ann.browser.get(address)).status).toBe(200);
    const before = (await rig.database.stores.reviewLog.viewsOfCase(waiting.caseId, 500)).length;
    await expectNothing(bob, 'another reviewer');
    for (const role of ['senior', 'auditor', 'administrator'] as const) {
      await expectNothing(await staff(role), role);
    }
    const stranger = { browser: console.browse(), enrolment: ann.enrolment };
    await expectNothing(stranger, 'signed out');
    const recruiter = { browser: console.browse(), enrolment: ann.enrolment };
    recruiter.browser.cookies.set('_session', 'the-session-of-the-recruiter-of-this-case');
    recruiter.browser.cookies.set('shiming-staff', 'forged');
    await expectNothing(recruiter, 'the recruiter’s own session');
    const after = await rig.database.stores.reviewLog.viewsOfCase(waiting.caseId, 500);
    expect(after.length, 'who was refused is not on record as having looked').toBe(before);
  });

  it('is out of reach for who handed the case to a second reviewer, and for both once it is closed', async () => {
    await look(ann);
    expect((await decide(ann, reject)).status).toBe(303);
    await expectNothing(ann, 'the proposer while the case waits');
    await look(bob);
    await expectNothing(ann, 'the proposer while the second looks');
    expect((await decide(bob, reject)).status).toBe(303);
    expect((await rig.database.stores.cases.find(waiting.caseId))?.state).toBe('rejected');
    for (const member of [ann, bob]) await expectNothing(member, 'after the case was closed');
  });

  it('shows the second reviewer the opinion after the pictures, and applies it when they agree', async () => {
    await look(ann);
    const sent = await decide(ann, { ...reject, then: 'next' });
    expect(sent.location).toBe(casePath(waiting.caseId, '/decided'));
    const after = await ann.browser.get(`${casePath(waiting.caseId, '/decided')}?lang=en`);
    expect(after.html).toContain('Passed on to another reviewer');
    expect((await ann.browser.get('/staff?lang=en')).html).toContain('Your opinion is given');
    expect((await bob.browser.get('/staff?lang=en&kind=second')).html).toContain('Needs a second reviewer');

    await bob.browser.post(casePath(waiting.caseId, '/claim'));
    const early = await bob.browser.post(`${casePath(waiting.caseId, '/opinions')}`, { note: 'kept' });
    expect(early.status).toBe(409);
    expect(early.html).not.toContain('drawn over');
    expect(early.html).toContain('kept');
    await look(bob);
    const shown = await bob.browser.post(casePath(waiting.caseId, '/opinions'), { note: 'kept' });
    expect(shown.html).toContain('drawn over');
    const [, agree = ''] = /value="(agree:opn_[0-9a-z]+)"/.exec(shown.html) ?? [];
    expect((await decide(bob, { decision: agree, note: 'the same' })).status).toBe(303);
    const [decision] = await rig.database.stores.reviewLog.decisionsOfCase(waiting.caseId);
    expect(decision).toMatchObject({
      staffId: bob.enrolment.staff.id,
      firstStaffId: ann.enrolment.staff.id,
      message: 'No.',
      note: 'the same',
    });
    const history = await bob.browser.get(`${casePath(waiting.caseId, '/history')}?lang=en`);
    expect(history.html).toContain(ann.enrolment.staff.name);
    expect(history.html).toContain('drawn over');
  });

  it('gives an appeal to people who had no part in the rejection, first of all, with its grounds', async () => {
    for (const member of [ann, bob]) {
      await look(member);
      await decide(member, reject);
    }
    const other = await rig.submitted();
    const grounds = 'The date was printed <twice>.';
    expect(await rig.verification.verification.appeal(waiting.accountId, grounds)).toMatchObject({
      ok: true,
    });
    for (const { browser, enrolment } of [ann, bob]) {
      const queue = await browser.get('/staff?lang=en&kind=appeal');
      expect(queue.html).toContain('the appeal is against your decision');
      expect((await browser.post(casePath(waiting.caseId, '/claim'))).location).toBe(
        '/staff?notice=took_part',
      );
      expect(await rig.review.queue.claimNext(enrolment.staff.id)).toMatchObject({
        claim: { caseId: other.caseId },
      });
      await rig.review.queue.release(other.caseId, enrolment.staff.id);
      expect((await browser.get('/staff?lang=en&notice=took_part')).html).toContain('had part in');
    }
    const cleo = await staff();
    expect((await cleo.browser.post('/staff/next')).location).toBe(casePath(waiting.caseId));
    const html = await look(cleo);
    expect(html).toContain('The date was printed &lt;twice&gt;.');
    expect((await decide(cleo, { decision: 'approve', approve_reason: 'evidence_consistent' })).status).toBe(
      303,
    );
    expect((await rig.database.stores.cases.find(waiting.caseId))?.state).toBe('approved');
  });

  it('filters the queue and goes on to the next case after a decision', async () => {
    const other = await rig.submitted();
    const code = (caseId: CaseId) => caseId.slice(-6).toUpperCase();
    const page = await ann.browser.get('/staff?kind=first&route=hand_held');
    for (const { caseId } of [waiting, other]) expect(page.html).toContain(code(caseId));
    for (const filter of ['kind=appeal', 'route=face', 'kind=again', 'kind=second']) {
      expect((await ann.browser.get(`/staff?${filter}`)).html, filter).not.toContain(code(waiting.caseId));
    }
    expect((await ann.browser.get('/staff?kind=nonsense&route=x')).html).toContain(code(waiting.caseId));
    await look(ann);
    const approve = { decision: 'approve', approve_reason: 'evidence_consistent', then: 'next' };
    const next = await decide(ann, approve);
    expect(next.location).toBe(`${casePath(other.caseId)}?after=${waiting.caseId}`);
    expect((await ann.browser.get(`${next.location}&lang=en`)).html).toContain('Approved');
    const foreign = await bob.browser.get(`${casePath(other.caseId)}?after=${waiting.caseId}`);
    expect(foreign.html).not.toContain('notice-success');
  });
});
