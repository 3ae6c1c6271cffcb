import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../src/core/clock.ts';
import { readableVisitor, type ReadableVisitor } from '../support/readable-visitor.ts';
import { handHeld } from '../support/specimens.ts';
import { openVerifySite, type OpenVerifySite, type Page } from '../support/verify-site.ts';

let site: OpenVerifySite;
beforeAll(async () => {
  site = await openVerifySite();
});
afterAll(() => site.close());

const someone = () => readableVisitor(site);

describe('the face check', () => {
  it('asks for two movements, others at every visit', async () => {
    const one = someone();
    await one.toFace();
    const seen = new Set<string>();
    for (let visit = 0; visit < 12; visit++) {
      const prompts = one.promptsOf(await one.browser.get('/verify/photo/selfie'));
      expect(new Set(prompts).size).toBe(2);
      for (const prompt of prompts) expect(['left', 'right', 'blink']).toContain(prompt);
      seen.add(prompts.join());
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  it('passes who follows, and the machine approves a legal representative in one go', async () => {
    const one = someone();
    await one.toFace();
    const passed = await one.checkFace(await one.browser.get('/verify/photo/selfie'));
    expect(passed.location).toBe('/verify/check');
    await one.submit();
    expect(await one.state()).toBe('approved');
    const status = await one.browser.get('/verify/status');
    expect(status.html).toContain('已通过');
    expect(status.html).toMatch(/审核通过[\s\S]{0,300}系统/);
    expect(status.html).not.toContain('refresh');
  });

  it('tells who did not follow, and offers the other route', async () => {
    const one = someone();
    await one.toFace();
    const page = await one.browser.get('/verify/photo/selfie');
    const failed = await one.checkFace(page, { answers: ['front', 'front'] });
    expect(failed.status).toBe(422);
    expect(failed.html).toContain('没有看清您按提示做的动作');
    expect(failed.html).toMatch(/class="complaint"[\s\S]*href="\/verify\/route"/);
    const again = await one.checkFace({ ...failed, path: '/verify/photo/selfie' });
    expect(again.location).toBe('/verify/check');
  });

  it.each([
    [
      'that were answered before',
      async (one: ReadableVisitor, page: Page) => {
        const prompts = one.promptsOf(page);
        await one.checkFace(page, { answers: prompts });
        return prompts;
      },
    ],
    [
      'that are too old',
      async (one: ReadableVisitor, page: Page) => {
        site.database.clock.advance(minutes(11));
        return one.promptsOf(page);
      },
    ],
    ['that were never asked', async () => ['left']],
  ] as const)('does not count prompts %s: a person looks', async (_, answersOf) => {
    const one = someone();
    await one.toFace();
    const page = await one.browser.get('/verify/photo/selfie');
    await one.checkFace(page, { answers: await answersOf(one, page) });
    await one.submit();
    expect(await one.state()).toBe('in_review');
  });

  it('of a stranger is not approved by the machine', async () => {
    const one = someone();
    await one.toFace();
    await one.checkFace(await one.browser.get('/verify/photo/selfie'), { who: { seed: 'stranger' } });
    await one.submit();
    expect(await one.state()).toBe('in_review');
  });

  it('from a file works, and says before that a person looks', async () => {
    const one = someone();
    await one.toFace();
    const page = await one.browser.get('/verify/photo/selfie');
    expect(page.html).toContain('上传的照片由审核员查看');
    expect((await one.checkFace(page, { answers: [] })).location).toBe('/verify/check');
    await one.submit();
    expect(await one.state()).toBe('in_review');
  });
});

describe('comparing faces on the route with the document in hand', () => {
  /** Everything up to the check; `answers` are given in turn to the optional question on the page of that photo. */
  const handedIn = async (...answers: ('agree' | 'decline')[]) => {
    const one = someone();
    await one.toPerson();
    await one.confirm('/verify/person');
    await one.browser.submit(
      await one.browser.get('/verify/photo/supporting'),
      {},
      '/verify/skip/supporting',
    );
    await one.browser.submit(await one.browser.get('/verify/route'), { route: 'hand_held' });
    for (const answer of answers) {
      const asked = await one.browser.get('/verify/photo/hand-held');
      const saved = await one.browser.submit(asked, { answer }, '/verify/consent/face');
      expect(saved.location).toBe('/verify/photo/hand-held#compare');
    }
    const held = { faces: [0.7, 0.8].map((like) => ({ seed: one.person.number, like })) };
    expect((await one.take('hand-held', handHeld(one.person), held)).location).toBe('/verify/check');
    const page = await one.browser.get('/verify/photo/hand-held');
    const check = await one.browser.get('/verify/check');
    await one.submit();
    const { case: submitted } = (await site.rig.verification.view(one.accountId))!;
    expect(submitted.state).toBe('in_review');
    const match = submitted.findings.find(({ code }) => code === 'face_match');
    return { one, page, check, match };
  };

  it('happens to nobody who did not agree to it', async () => {
    const { page, check, match } = await handedIn();
    expect(page.html).toContain('同意由程序比对');
    expect(check.html).toContain('仅由审核员比对');
    expect(match).toMatchObject({ outcome: 'not_run', detail: 'no_consent' });
  });

  it('helps the reviewer, who decides, once somebody agreed', async () => {
    const { one, page, check, match } = await handedIn('agree');
    expect(page.html).toContain('您已同意：由程序比对人脸');
    expect(check.html).toContain('由程序比对，供审核员参考');
    expect(match).toMatchObject({ outcome: 'measured', value: expect.closeTo(0.7, 1) as number });
    const receipts = await site.database.stores.receipts.list(one.accountId);
    expect(receipts.filter(({ purpose }) => purpose === 'face')).toHaveLength(1);
  });

  it('ends when the consent is taken back, and the photo stays', async () => {
    const { page, match } = await handedIn('agree', 'decline');
    expect(page.html).toContain('同意由程序比对');
    expect(match).toMatchObject({ outcome: 'not_run', detail: 'no_consent' });
  });
});
