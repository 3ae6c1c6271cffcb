import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { minutes, seconds } from '../../src/core/clock.ts';
import { describeDatabases } from '../support/databases.ts';
import { openSignInSite, type SignInSite } from '../support/sign-in-site.ts';
import { startAccountPages } from '../support/sign-in.ts';

describeDatabases('the code of a sign-in', (open) => {
  let site: SignInSite;
  beforeAll(async () => (site = await openSignInSite(await open())));
  afterAll(() => site.close());
  beforeEach(() => site.database.clock.advance(minutes(61)));

  it('says what is wrong with a code, each case in its own words', async () => {
    const number = site.freshNumber();
    const visitor = site.person();
    await site.reachCode(visitor, number);
    const right = await site.code(number);
    const wrong = right === '000000' ? '111111' : '000000';
    expect((await visitor.submit({ code: '' })).text).toContain('Enter the six digits');
    expect((await visitor.submit({ code: '12ab' })).text).toContain('The code has six digits');
    expect((await visitor.submit({ code: wrong })).text).toContain('You have 4 more tries');
    expect(visitor.page().status).toBe(422);
    for (let left = 3; left > 0; left--) await visitor.submit({ code: wrong });
    expect((await visitor.submit({ code: wrong })).text).toContain('no longer works');
    expect((await visitor.submit({ code: right })).text).toContain('no longer works');
    site.database.clock.advance(seconds(61));
    await visitor.submit({}, { action: 'resend' });
    await visitor.submit({ code: await site.code(number) });
    expect(visitor.page().url.pathname).toMatch(/\/agreement$/);
  });

  it('refuses an expired code, and one that a newer code replaced', async () => {
    const number = site.freshNumber();
    const visitor = site.person();
    await site.reachCode(visitor, number);
    const first = await site.code(number);
    site.database.clock.advance(minutes(10));
    expect((await visitor.submit({ code: first })).text).toContain('expired');
    await visitor.submit({}, { action: 'resend' });
    const second = await site.code(number);
    expect(second).not.toBe('');
    if (second !== first) expect((await visitor.submit({ code: first })).text).toContain('not the code');
    await visitor.submit({ code: second });
    expect(visitor.page().url.pathname).toMatch(/\/agreement$/);
  });

  it('refuses the code of another browser’s sign-in', async () => {
    const number = site.freshNumber();
    const owner = site.person();
    await site.reachCode(owner, number);
    const right = await site.code(number);
    site.database.clock.advance(seconds(61));
    const stranger = site.person();
    await site.reachCode(stranger, number);
    const theirs = await site.code(number);
    if (theirs !== right) {
      expect((await stranger.submit({ code: right })).text).toContain('not the code');
      expect((await owner.submit({ code: theirs })).text).toContain('not the code');
    }
    const foreign = await stranger.open(owner.page().url);
    expect(foreign.status).toBe(410);
  });

  it('accepts the digits however they are typed', async () => {
    const number = site.freshNumber();
    const visitor = site.person();
    await site.reachCode(visitor, number);
    const right = await site.code(number);
    const fullWidth = [...right].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('');
    await visitor.submit({ code: ` ${fullWidth.slice(0, 3)} ${fullWidth.slice(3)} ` });
    expect(visitor.page().url.pathname).toMatch(/\/agreement$/);
  });

  it('uses one code once in fifty parallel attempts, and makes one account', async () => {
    const number = site.freshNumber();
    const visitor = site.person();
    await site.reachCode(visitor, number);
    const right = await site.code(number);
    const uid = visitor.page().url.pathname.split('/')[2]!;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => site.codes.enter(uid, right, '10.200.0.1')),
    );
    expect(answers.filter((answer) => answer.ok && !answer.repeated)).toHaveLength(1);
    expect(answers.every(({ ok }) => ok)).toBe(true);
    await site.registration.accept(uid, 'en');
    const made = await Promise.all(
      Array.from({ length: 10 }, () => site.registration.choose(uid, 'candidate', 'en')),
    );
    expect(made.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await site.accountOf(number)).toBeDefined();
  });

  it('counts fifty parallel wrong guesses before it compares any', async () => {
    const number = site.freshNumber();
    const visitor = site.person();
    await site.reachCode(visitor, number);
    const right = await site.code(number);
    const uid = visitor.page().url.pathname.split('/')[2]!;
    const wrong = right === '000000' ? '111111' : '000000';
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => site.codes.enter(uid, wrong, '10.201.0.1')),
    );
    const reasons = answers.map((answer) => (answer.ok ? 'ok' : answer.reason));
    expect(reasons.filter((reason) => reason === 'wrong')).toHaveLength(4);
    expect(reasons.filter((reason) => reason === 'exhausted')).toHaveLength(6);
    expect(reasons.filter((reason) => reason === 'locked')).toHaveLength(40);
  });

  it('lets a proven number lie for twenty minutes, then asks again', async () => {
    const number = site.freshNumber();
    const visitor = site.person();
    await site.reachCode(visitor, number);
    await visitor.submit({ code: await site.code(number) });
    site.database.clock.advance(minutes(20));
    await visitor.submit({ accept: '1' });
    expect(visitor.page().url.pathname).toMatch(/\/phone$/);
  });

  it('explains why no message may come, with the other ways in', async () => {
    const visitor = site.person();
    await site.reachCode(visitor, site.freshNumber());
    const page = await visitor.follow('/help');
    expect(page.text).toContain('Common reasons');
    await visitor.follow('/password');
    expect(visitor.page().url.pathname).toMatch(/\/password$/);
  });

  it.each([
    [{ result: 'permanent', reason: 'recipient' }, 'This number cannot receive messages'],
    [{ result: 'permanent', reason: 'vendor' }, 'We could not send the message'],
    [{ result: 'transient' }, 'The message is delayed'],
  ] as const)('tells on the code page that a message did not go out: %j', async (outcome, words) => {
    const broken = await startAccountPages(site.database, {
      sender: () => ({ vendor: 'broken', send: async () => outcome, find: async () => 'unknown' }),
    });
    try {
      const visitor = site.person();
      await visitor.open(`${broken.issuer}/start`);
      await visitor.submit({ phone: site.freshNumber() });
      const base = visitor.page().url.href;
      const delivery = async () => (await visitor.open(`${base}/delivery.json`)).html;
      expect(await delivery()).toContain('on_its_way');
      await broken.jobs.drain();
      site.database.clock.advance(seconds(3));
      await broken.jobs.drain();
      await visitor.open(base);
      // Only the notice of this state is shown; the others wait, hidden, for the script.
      const [shown, ...others] = visitor.page().html.match(/data-delivery-state="\w+">[\s\S]*?<\/p>/g) ?? [];
      expect([shown?.includes(words), others]).toEqual([true, []]);
      expect(await delivery()).toMatch(outcome.result === 'transient' ? /delayed/ : /failed/);
    } finally {
      await broken.close();
    }
  });

  it('signs test numbers in with their fixed code, sends nothing and counts nothing', async () => {
    const numbersOnly = await startAccountPages(site.database, {
      testNumbers: ['+8613800000009=112233@2999-12-31'],
    });
    try {
      for (let round = 0; round < 8; round++) {
        const visitor = site.person();
        await visitor.open(`${numbersOnly.issuer}/start`);
        await visitor.submit({ phone: '13800000009' });
        await visitor.submit({ code: '112233' });
        expect(visitor.page().url.pathname).toMatch(/\/agreement$/);
      }
      expect(await numbersOnly.lastCode('+8613800000009')).toBe('');
    } finally {
      await numbersOnly.close();
    }
  });
});
