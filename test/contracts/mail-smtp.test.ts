import { afterEach, describe, expect, it } from 'vitest';
import { composeMail, parseEmail, type Mail } from '../../src/accounts/index.ts';
import { makeCertificate } from '../support/mail/certificate.ts';
import { mail, senderTo } from '../support/mail/mails.ts';
import { startSmtpServer, type SmtpTrouble, type TestSmtpServer } from '../support/mail/smtp-server.ts';

const createdAt = Date.UTC(2026, 10, 23, 8, 30);

/** For servers that fall silent: long enough for everything before that on a busy machine. */
const impatient = { timeout: 4000 };

describe('mail by SMTP', () => {
  const servers: TestSmtpServer[] = [];
  const start = async (options: Parameters<typeof startSmtpServer>[0] = {}) => {
    const server = await startSmtpServer(options);
    servers.push(server);
    return server;
  };
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  it('goes to one recipient over TLS, signed in, as text and HTML in UTF-8', async () => {
    const server = await start();
    const sent = mail();
    expect(await senderTo(server).send(sent, createdAt)).toEqual({ result: 'accepted', vendorId: 'TEST1' });
    const [taken] = server.taken;
    expect(taken).toMatchObject({
      from: 'no-reply@shiming.example',
      to: ['li.na@mingxin.example'],
      secure: true,
      user: 'shiming',
      html: expect.stringContaining('123456') as string,
    });
    expect(taken?.text.trim().replaceAll('\r\n', '\n')).toBe(sent.text.trim());
    expect(Object.fromEntries(taken?.headers ?? [])).toMatchObject({
      from: '实名 <no-reply@shiming.example>',
      to: 'li.na@mingxin.example',
      subject: '【实名】公司邮箱验证码',
      'message-id': `<${sent.id}@shiming.example>`,
      date: 'Mon, 23 Nov 2026 08:30:00 +0000',
      'auto-submitted': 'auto-generated',
    });
  });

  it('is the same mail, with the same Message-ID and date, when it is repeated', async () => {
    const server = await start();
    const sent = mail();
    await senderTo(server).send(sent, createdAt);
    await senderTo(server).send(sent, createdAt);
    const [first, second] = server.taken.map(({ headers }) => [
      headers.get('message-id'),
      headers.get('date'),
    ]);
    expect(first).toEqual(second);
    expect(await senderTo(server).find(sent, createdAt)).toBe('repeatable');
  });

  it('speaks TLS from the first byte where the address says so', async () => {
    const server = await start({ secure: true });
    const { port, certificate } = server;
    const secured = { host: 'localhost', port, secure: true, user: 'shiming', password: 'p@ss/wörd' };
    const sender = senderTo(server, { server: secured, ca: certificate.cert });
    expect(await sender.send(mail(), createdAt)).toMatchObject({ result: 'accepted' });
    expect(server.taken[0]?.secure).toBe(true);
  });

  it.each([
    ['a certificate nobody vouches for', { ca: makeCertificate('localhost').cert }, undefined],
    ['a certificate of another host', {}, makeCertificate('mail.example')],
    [
      'a certificate that ran out',
      {},
      makeCertificate('localhost', { from: '20200101000000Z', until: '20210101000000Z' }),
    ],
  ])('hands nothing to a server with %s', async (_what, over, certificate) => {
    const server = await start(certificate ? { certificate } : {});
    expect(await senderTo(server, over).send(mail(), createdAt)).toMatchObject({ result: 'transient' });
    expect(server.taken).toEqual([]);
  });

  it('hands nothing, and no password, to a server without TLS where TLS is required', async () => {
    const server = await start({ tls: false });
    const outcome = await senderTo(server).send(mail(), createdAt);
    expect(outcome.result).not.toBe('accepted');
    expect(server.taken).toEqual([]);
    expect(await senderTo(server, { requireTls: false }).send(mail(), createdAt)).toMatchObject({
      result: 'accepted',
    });
    expect(server.taken[0]?.secure).toBe(false);
  });

  it('reports a wrong password as final and as ours', async () => {
    const server = await start();
    const wrong = { host: 'localhost', port: server.port, secure: false, user: 'shiming', password: 'no' };
    expect(await senderTo(server, { server: wrong }).send(mail(), createdAt)).toEqual({
      result: 'permanent',
      reason: 'vendor',
      vendorCode: '535 5.7.8',
    });
  });

  it('does not send unsigned what was to be signed in', async () => {
    const server = await start({ auth: false });
    expect((await senderTo(server).send(mail(), createdAt)).result).not.toBe('accepted');
    expect(server.taken).toEqual([]);
  });

  it('reports a sender the server does not accept as ours', async () => {
    const server = await start();
    const from = { name: '', address: 'no-reply@elsewhere.example' };
    expect(await senderTo(server, { from }).send(mail(), createdAt)).toEqual({
      result: 'permanent',
      reason: 'vendor',
      vendorCode: '553 5.7.1',
    });
  });

  it.each<['connect' | 'from' | 'to' | 'data', number, string, object]>([
    ['connect', 421, 'busy', { result: 'transient', vendorCode: '421' }],
    ['connect', 554, 'go away', { result: 'permanent', reason: 'vendor', vendorCode: '554' }],
    ['from', 451, '4.3.0 later', { result: 'transient', vendorCode: '451 4.3.0' }],
    ['to', 450, '4.2.0 greylisted', { result: 'transient', vendorCode: '450 4.2.0' }],
    ['to', 550, '5.1.1 no such user', { result: 'permanent', reason: 'recipient', vendorCode: '550 5.1.1' }],
    ['to', 553, 'mailbox name not allowed', { result: 'permanent', reason: 'recipient', vendorCode: '553' }],
    ['to', 554, '5.7.1 relaying denied', { result: 'permanent', reason: 'vendor', vendorCode: '554 5.7.1' }],
    ['data', 452, '4.3.1 no space', { result: 'transient', vendorCode: '452 4.3.1' }],
    [
      'data',
      552,
      '5.2.2 mailbox full',
      { result: 'permanent', reason: 'recipient', vendorCode: '552 5.2.2' },
    ],
    ['data', 554, '5.6.0 refused', { result: 'permanent', reason: 'vendor', vendorCode: '554 5.6.0' }],
  ])('understands at %s the answer %i %s', async (phase, code, text, outcome) => {
    const server = await start();
    server.trouble = { [phase]: { code, text } };
    expect(await senderTo(server).send(mail(), createdAt)).toEqual(outcome);
    expect(server.taken).toEqual([]);
  });

  it.each<['to' | 'data', SmtpTrouble]>([
    ['to', 'drop'],
    ['data', 'drop'],
    ['data', 'takes-and-drops'],
    ['data', 'hang'],
  ])('does not know after the server falls silent at %s (%s)', async (phase, trouble) => {
    const server = await start();
    server.trouble = { [phase]: trouble };
    expect(await senderTo(server, impatient).send(mail(), createdAt)).toMatchObject({ result: 'unknown' });
  });

  it('knows that nothing was taken where nobody listens, or nobody greets', async () => {
    const server = await start();
    server.trouble = { connect: 'hang' };
    expect(await senderTo(server, impatient).send(mail(), createdAt)).toMatchObject({ result: 'transient' });
    const nobody = senderTo(server, { server: { host: '127.0.0.1', port: 1, secure: false } });
    expect(await nobody.send(mail(), createdAt)).toEqual({ result: 'transient', vendorCode: 'ECONNREFUSED' });
  });

  it('lets nothing that was written into it become a header, a recipient or markup', async () => {
    const server = await start();
    const evil = '明信\r\nBcc: thief@evil.example\r\n\r\n<img src=https://evil.example/x>';
    const composed = composeMail('en', { subject: evil, parts: [evil, { code: '<b>' }] });
    await senderTo(server).send(mail({ ...composed, subject: evil }), createdAt);
    await senderTo(server, { from: { name: evil, address: 'no-reply@shiming.example' } }).send(
      mail(composed),
      0,
    );
    expect(server.taken).toHaveLength(2);
    for (const taken of server.taken) {
      expect([taken.to, taken.headers.has('bcc')]).toEqual([['li.na@mingxin.example'], false]);
      expect(taken.html).not.toMatch(/<img|<b>|src=https:[^&]*>/);
      expect(taken.html).toContain('&lt;img');
      expect(taken.text).not.toMatch(/^Bcc:/m);
    }
  });

  it('cannot be given an address that is more than one address', async () => {
    for (const typed of [
      'a@b.example\r\nRCPT TO:<c@d.example>',
      'a@b.example,c@d.example',
      '<a@b.example>',
    ]) {
      expect(parseEmail(typed)).toEqual({ ok: false, reason: 'malformed' });
    }
    const server = await start();
    const forged = mail({ to: 'a@b.example>\r\nRCPT TO:<c@d.example' as Mail['to'] });
    expect(await senderTo(server).send(forged, createdAt)).toMatchObject({ result: 'permanent' });
    expect(server.taken).toEqual([]);
  });
});
