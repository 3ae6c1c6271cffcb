import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { days } from '../../src/core/clock.ts';
import { chinaDay } from '../../src/verification/index.ts';
import { openEvidenceSite, type EvidenceSite } from '../support/evidence-site.ts';

/** Company evidence over HTTP: a changed name, letter, deposit and account class, and renewal after a lapse. */

let site: EvidenceSite;
beforeAll(async () => (site = await openEvidenceSite()));
afterAll(() => site.provider.close());

describe('a company that changed its name', () => {
  it('waits for a reviewer, who accepts it', async () => {
    await site.upload(site.owner, 'renew', await site.licence({ name: '样本新名有限公司' }));
    const page = await site.owner.browser.submit({}, { action: '/renew/send' });
    expect(page.text).toContain('Handed in on');
    const reviewer = await site.reviewerAnew();
    await reviewer.open(`${site.provider.issuer}/staff/company-checks`);
    const shown = await reviewer.submit({}, { action: '/claim' });
    expect(shown.text).toContain('样本新名有限公司');
    const picture = await reviewer.open(`${shown.url.href}/picture`);
    expect(picture.status).toBe(200);
    await reviewer.open(shown.url);
    await reviewer.submit({ decision: 'approve', name: '样本新名有限公司' }, { action: '/decide' });
    expect((await site.company())?.name).toBe('样本新名有限公司');
  });
});

describe('a letter of authorisation', () => {
  it('is printed for the member, sealed, handed in and accepted', async () => {
    const member = await site.asking();
    await member.browser.open(`${site.provider.issuer}/company/${site.companyId}`);
    const chosen = await member.browser.submit({ way: 'authorisation_letter' }, { holding: 'way' });
    expect(chosen.url.pathname).toBe(`/company/${site.companyId}/letter`);
    const printed = await fetch(site.at('letter/print?until=2099-06-30'), {
      headers: { cookie: member.browser.jar.header(new URL(site.provider.issuer)) ?? '' },
    });
    expect(printed.headers.get('content-type')).toBe('application/pdf');
    expect(printed.headers.get('cache-control')).toBe('no-store');
    expect(printed.headers.get('content-disposition')).toBe(
      'attachment; filename="letter-of-authorisation.pdf"',
    );
    expect(
      Buffer.from(await printed.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');

    await site.upload(member, 'letter', await site.licence());
    const wrong = await member.browser.submit({ until: '2001-01-01' }, { action: '/letter/send' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('That day is over');
    await member.browser.submit({ until: '2099-06-30' }, { action: '/letter/send' });
    expect((await site.membershipOf(member))?.state).toBe('in_review');

    const reviewer = await site.reviewerAnew();
    await reviewer.open(`${site.provider.issuer}/staff/company-checks`);
    await reviewer.submit({}, { action: '/claim' });
    const done = await reviewer.submit({ decision: 'approve' }, { action: '/decide' });
    expect(done.url.search).toBe('?notice=decided');
    expect(await site.membershipOf(member)).toMatchObject({
      state: 'active',
      evidence: 'authorisation_letter',
    });
    expect((await member.browser.open(site.at('letter'))).text).toContain('Accepted on');
  });

  it('can be taken back, and its picture is gone at once', async () => {
    const member = await site.asking();
    await site.upload(member, 'letter', await site.licence());
    expect((await member.browser.open(site.at('letter/picture'))).status).toBe(200);
    await member.browser.open(site.at('letter'));
    await member.browser.submit({}, { action: '/letter/send' });
    await member.browser.submit({}, { action: '/letter/withdraw' });
    expect((await site.membershipOf(member))?.state).toBe('evidence_pending');
    expect((await member.browser.open(site.at('letter/picture'))).status).toBe(404);
  });
});

describe('a deposit', () => {
  it('makes a member of who knows its amount', async () => {
    const member = await site.asking();
    await member.browser.open(site.at('deposit'));
    expect((await member.browser.submit({ account_number: '12' })).text).toContain('8 to 30 digits');
    await member.browser.submit({ account_number: '6222 0000 1111 2237' });
    await site.provider.app.jobs.drain();
    const page = await member.browser.open(site.at('deposit'));
    expect(page.text).toContain('ending in 2237');
    expect(page.html).not.toContain('0.37');
    expect((await member.browser.submit({ amount: 'much' }, { action: '/confirm' })).text).toContain(
      'between 0.01',
    );
    expect((await member.browser.submit({ amount: '0.36' }, { action: '/confirm' })).text).toContain(
      'not the amount',
    );
    await member.browser.submit({ amount: '0.37' }, { action: '/confirm' });
    expect(await site.membershipOf(member)).toMatchObject({ state: 'active', evidence: 'micro_deposit' });
  });

  it('is over after three wrong amounts, and a company has three in a month', async () => {
    const member = await site.asking();
    for (const account of ['6222000011112241', '0002000011112242']) {
      await member.browser.open(site.at('deposit'));
      await member.browser.submit({ account_number: account });
      await site.provider.app.jobs.drain();
      for (let wrong = 0; wrong < 3 && account.startsWith('6'); wrong++) {
        await member.browser.open(site.at('deposit'));
        await member.browser.submit({ amount: '0.01' }, { action: '/confirm' });
      }
      const said = (await member.browser.open(site.at('deposit'))).text;
      expect(said).toContain(account.startsWith('6') ? 'wrong three times' : 'The bank refused');
    }
    const refused = await member.browser.submit({ account_number: '6222000011112243' });
    expect(refused.status).toBe(429);
    expect(refused.text).toContain('as many deposits as it can');
    expect((await site.membershipOf(member))?.state).toBe('evidence_pending');
  });
});

describe('a company that recruits for others', () => {
  it('has nobody who may publish until its licence is accepted', async () => {
    await site.owner.browser.open(site.at('class'));
    const refused = await site.owner.browser.submit(
      { account_class: 'public' },
      { holding: 'account_class' },
    );
    expect(refused.text).toContain('Only institutions of the state');
    await site.owner.browser.open(site.at('class'));
    await site.owner.browser.submit({ account_class: 'commercial' }, { holding: 'account_class' });
    expect(await site.statusOf(site.owner)).toBe('limited');
    await site.upload(site.owner, 'class', await site.licence());
    const wrong = await site.owner.browser.submit({ licence_number: '' }, { action: '/class/send' });
    expect(wrong.text).toContain('Enter the number of the licence');
    const number = '(京)人服证字[2026]第0100号';
    const endless = await site.owner.browser.submit({ licence_number: number }, { action: '/class/send' });
    expect(endless.text).toContain('Enter the last day of the licence');
    const until = chinaDay(site.provider.clock.now() + days(60));
    await site.owner.browser.submit({ licence_number: number, until }, { action: '/class/send' });
    const reviewer = await site.reviewerAnew();
    await reviewer.open(`${site.provider.issuer}/staff/company-checks`);
    await reviewer.submit({}, { action: '/claim' });
    await reviewer.submit({ decision: 'approve' }, { action: '/decide' });
    expect(await site.statusOf(site.owner)).toBe('eligible');
  });
});

describe('a company that lapsed', () => {
  it('is verified again by its licence, without anybody’s personal case', async () => {
    const reasons = async () => (await site.statusRow(site.owner))?.reasons;
    site.provider.clock.advance(days(181));
    await site.provider.app.sweeper.run();
    expect((await site.company())?.state).toBe('lapsed');
    expect(await reasons()).toContain('company_lapsed');
    await site.owner.walk(site.at('renew'), ({ url }) => url.pathname.endsWith('/renew'));
    expect(
      (await site.upload(site.owner, 'renew', await site.licence({ name: (await site.company())!.name })))
        .text,
    ).toContain('Hand in');
    const page = await site.owner.browser.submit({}, { action: '/renew/send' });
    expect(page.text).toContain('Accepted on');
    // What is left is their own check, which is as old, and the licence to recruit for others, which ended.
    expect(await reasons()).toEqual(['person_check_too_old', 'company_licence_missing']);
    expect((await site.company())?.state).toBe('verified');
  });
});
