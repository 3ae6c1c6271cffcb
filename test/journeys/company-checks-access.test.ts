import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../src/testkit/index.ts';
import { openEvidenceSite, pictureFile, type EvidenceSite } from '../support/evidence-site.ts';
import { hostileUploads } from '../support/hostile/uploads.ts';

/** Whom company evidence is not for, on every route, and what is not taken as evidence. */

let site: EvidenceSite;
beforeAll(async () => (site = await openEvidenceSite()));
afterAll(() => site.provider.close());

describe('company evidence', () => {
  const routes = [
    'GET renew',
    'GET letter',
    'GET class',
    'GET deposit',
    'GET renew/picture',
    'GET letter/picture',
    'GET class/picture',
    'GET letter/print',
    'POST renew/send',
    'POST letter/send',
    'POST class/send',
    'POST renew/withdraw',
    'POST letter/withdraw',
    'POST class/withdraw',
    'POST deposit/withdraw',
    'POST class',
    'POST deposit',
    'POST deposit/confirm',
    'POST renew/picture',
    'POST letter/picture',
    'POST class/picture',
  ] as const;

  async function ask(person: Person, route: string, id?: string) {
    const [method = '', path = ''] = route.split(' ');
    const home = await person.browser.open(`${site.provider.issuer}/account`);
    const token = /name="_csrf" value="([^"]+)"/.exec(home.html)?.[1] ?? '';
    const cookie = person.browser.jar.header(new URL(site.provider.issuer)) ?? '';
    const fields = {
      _csrf: token,
      account_class: 'commercial',
      account_number: '6222000011112243',
      amount: '0.10',
    };
    const form = new FormData();
    form.set('_csrf', token);
    form.set('picture', await site.licence());
    const body = path.endsWith('/picture') ? form : new URLSearchParams(fields);
    const init = method === 'POST' ? { method, body } : { method };
    const { status } = await fetch(site.at(path, id), {
      ...init,
      redirect: 'manual',
      headers: { cookie, accept: 'text/html' },
    });
    return status;
  }

  it('does not exist for recruiters of other companies, on any route', async () => {
    const stranger = site.provider.person({ role: 'recruiter', lang: 'en' });
    await stranger.verify();
    for (const route of routes) expect(await ask(stranger, route), route).toBe(404);
    for (const route of routes)
      expect(await ask(site.owner, route, `com_${'0'.repeat(26)}`), route).toBe(404);
    for (const route of routes) expect([404, 415], route).toContain(await ask(site.owner, route, '..%2fx'));
  });

  it('of the company is not taken from a member who does not represent it', async () => {
    const member = await site.asking();
    const before = await site.company();
    for (const route of [
      'POST renew/picture',
      'POST class/picture',
      'POST renew/send',
      'POST class/send',
      'POST class',
    ])
      expect(await ask(member, route), route).toBe(403);
    expect(await site.company()).toEqual(before);
  });

  it('is not shown to a member who was removed, and asks who is not signed in to do so', async () => {
    const member = await site.asking();
    const { id } = (await site.membershipOf(member))!;
    await site.provider.app.database.stores.memberships.advance(id, 'evidence_pending', 'ended');
    for (const route of routes) expect(await ask(member, route), route).toBe(404);
    const { status, headers } = await fetch(site.at('renew'), {
      redirect: 'manual',
      headers: { accept: 'text/html' },
    });
    expect([status, headers.get('location')]).toEqual([303, expect.stringContaining('/auth')]);
  });

  it.each(hostileUploads.filter(({ ends }) => ends !== 'taken'))('refuses $name', async ({ make, ends }) => {
    const page = await site.upload(site.owner, 'renew', pictureFile(await make()));
    expect(page.status).toBe(ends === 'too_large' ? 413 : 422);
  });
});
