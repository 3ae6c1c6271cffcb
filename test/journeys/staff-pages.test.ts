import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyExport } from '../../src/audit/index.ts';
import { openSqlite } from '../support/databases.ts';
import {
  codeFor,
  createReviewRig,
  enrol,
  startConsole,
  type Browser,
  type ReviewRig,
} from '../support/review.ts';

const cleanups: (() => Promise<void> | void)[] = [];
let rig: ReviewRig;
let console: Awaited<ReturnType<typeof startConsole>>;
let boss: Browser;
let watcher: Browser;

beforeAll(async () => {
  rig = createReviewRig(await openSqlite(cleanups));
  console = await startConsole(rig);
  boss = console.browse('203.0.113.1');
  await boss.enter(await enrol(rig.review, 'boss', 'administrator'), rig.clock);
  watcher = console.browse('203.0.113.2');
  await watcher.enter(await enrol(rig.review, 'watcher', 'auditor'), rig.clock);
});
afterAll(async () => {
  await console.close();
  await rig.close();
  for (const cleanup of cleanups.reverse()) await cleanup();
});

const idOf = async (login: string) => (await rig.database.stores.staff.byLogin(login))?.id ?? '';

describe('the pages of administrators', () => {
  it('add somebody, whose credentials are shown once and let them in', async () => {
    const form = { login: 'ann', name: '安', role: 'reviewer' };
    const made = await boss.post('/staff/people?lang=en', form);
    expect(made.status).toBe(200);
    expect(made.headers.get('cache-control')).toBe('no-store');
    expect(made.html).toContain('<svg');
    const [, password = ''] = /One-time password<\/dt><dd>([^<]+)/.exec(made.html) ?? [];
    const [, secret = ''] = /Authenticator key<\/dt><dd>([^<]+)/.exec(made.html) ?? [];
    expect((await boss.get('/staff/people?lang=en')).html).not.toContain(password);
    const staff = await rig.database.stores.staff.byLogin('ann');
    if (!staff) throw new Error('nobody was added');
    const otpauthUri = `otpauth://totp/x?secret=${secret.replaceAll(' ', '')}`;
    const enrolment = { staff, password, expiresAt: 0, otpauthUri };
    expect(codeFor(enrolment, rig.clock)).toMatch(/^\d{6}$/);
    const ann = console.browse('203.0.113.3');
    expect(await ann.signIn(enrolment, rig.clock)).toMatchObject({
      status: 303,
      location: '/staff/password',
    });

    const again = await boss.post('/staff/people', form);
    expect(again.status).toBe(422);
    expect(again.html).toContain('This login is taken');
    expect((await boss.post('/staff/people', { login: 'wu', name: '吴' })).status).toBe(422);
  });

  it('change a role, disable and enable; not one’s own', async () => {
    const ann = `/staff/people/${await idOf('ann')}`;
    expect(await boss.post(ann, { change: 'role', role: 'senior' })).toMatchObject({ status: 303 });
    expect(await rig.database.stores.staff.byLogin('ann')).toMatchObject({ role: 'senior' });
    await boss.post(ann, { change: 'disable' });
    expect(await rig.database.stores.staff.byLogin('ann')).toMatchObject({ state: 'disabled' });
    await boss.post(ann, { change: 'enable' });
    expect((await boss.post(ann, { change: 'end_sessions' })).status).toBe(303);
    expect((await boss.post(ann, { change: 'reset' })).html).toContain('One-time password');
    expect((await boss.post(ann, { change: 'promote' })).status).toBe(422);

    const own = await boss.post(`/staff/people/${await idOf('boss')}`, { change: 'role', role: 'senior' });
    expect(own.status).toBe(409);
    expect(own.html).toContain('Nobody changes their own account');
  });
});

describe('the pages of auditors', () => {
  it('show who did what, in words, and nothing of what was typed', async () => {
    const page = await watcher.get('/staff/audit?lang=en');
    expect(page.status).toBe(200);
    for (const text of ['Changed a role', 'Disabled an account', '审核员 boss', 'System']) {
      expect(page.html, text).toContain(text);
    }
  });

  it('download a period that can be verified, and record that they did', async () => {
    const today = new Date(rig.clock.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const file = await watcher.post('/staff/audit/export', { from: today, to: today });
    expect(file.headers.get('content-disposition')).toContain(`audit-${today}-${today}.jsonl`);
    expect(await verifyExport(file.html.split('\n'), rig.database.stores.audit)).toMatchObject({ ok: true });
    expect(file.html).toContain('"action":"audit.exported"');
    expect((await watcher.post('/staff/audit/export', { from: 'x', to: today })).status).toBe(422);
  });

  it.each(['7', '30', '90', 'x'])('show a dashboard of %s days, also with nothing in it', async (count) => {
    const page = await watcher.get(`/staff/dashboard?days=${count}&lang=en`);
    expect(page.status).toBe(200);
    expect(page.html).toContain('Nothing to show yet');
  });

  it('show figures once there are some', async () => {
    await rig.submitted();
    const page = await watcher.get('/staff/dashboard?lang=zh-CN');
    expect(page.html).toContain('积压与等待时间');
    expect(page.html).not.toMatch(/style=/);
  });
});
