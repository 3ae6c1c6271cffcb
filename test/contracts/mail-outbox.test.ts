import { afterEach, beforeAll, expect, it } from 'vitest';
import { createMessages, MAIL_PAUSES, MESSAGE_LEASE } from '../../src/accounts/index.ts';
import { days, minutes, seconds } from '../../src/core/clock.ts';
import type { MessageId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { mail, senderTo } from '../support/mail/mails.ts';
import { startSmtpServer, type TestSmtpServer } from '../support/mail/smtp-server.ts';

describeDatabases('the outbox of mail', (open) => {
  let database: TestDatabase;
  let server: TestSmtpServer;
  beforeAll(async () => {
    database = await open();
    server = await startSmtpServer();
    return () => server.close();
  });
  afterEach(() => {
    server.trouble = {};
    server.taken.length = 0;
  });

  const outbox = () =>
    createMessages({
      messages: database.stores.mails,
      sender: senderTo(server),
      pauses: MAIL_PAUSES,
      clock: database.clock,
      log: silentLog,
    });
  const queue = async () => {
    const sent = mail({ id: database.dependencies.ids.next('msg') });
    const now = database.clock.now();
    await database.stores.mails.create({ ...sent, validUntil: now + minutes(30) }, now);
    return sent;
  };
  const state = async (id: MessageId) => {
    const message = await database.stores.mails.status(id);
    return [message?.state, message?.reason].filter(Boolean).join(' ');
  };

  it('sends once when many workers have it, keeps nothing readable and destroys what it sent', async () => {
    const { id } = await queue();
    expect(JSON.stringify(await database.connection.knex('mails'))).not.toMatch(/mingxin|123456/);
    await Promise.all(Array.from({ length: 10 }, () => outbox().deliver(id)));
    expect([await state(id), server.taken.length]).toEqual(['sent', 1]);
    expect((await database.stores.mails.find(id))?.content).toBeUndefined();
    expect(await database.connection.knex('subject_keys').where({ subject: id })).toEqual([]);
  });

  it('does not repeat what is refused for good', async () => {
    const { id } = await queue();
    server.trouble = { to: { code: 550, text: '5.1.1 nobody' } };
    expect(await outbox().deliver(id)).toEqual({ outcome: 'done' });
    expect(await state(id)).toBe('failed recipient');
    server.trouble = {};
    await outbox().deliver(id);
    expect(server.taken).toEqual([]);
  });

  it('outlasts a server that puts strangers off for five minutes', async () => {
    const { id } = await queue();
    const begun = database.clock.now();
    for (let tries = 0; (await state(id)) === 'queued'; tries++) {
      expect(tries).toBeLessThan(8);
      const early = database.clock.now() < begun + minutes(5);
      server.trouble = early ? { to: { code: 450, text: '4.2.0 greylisted' } } : {};
      const next = await outbox().deliver(id);
      if (next.outcome === 'retry') database.clock.advance(next.delay);
    }
    expect([await state(id), server.taken.length]).toEqual(['sent', 1]);
  });

  it('repeats what may be out under the same Message-ID', async () => {
    const { id } = await queue();
    server.trouble = { data: 'takes-and-drops' };
    expect(await outbox().deliver(id)).toMatchObject({ outcome: 'retry', delay: MESSAGE_LEASE });
    database.clock.advance(MESSAGE_LEASE);
    server.trouble = {};
    await outbox().deliver(id);
    expect(await state(id)).toBe('sent');
    const ids = server.taken.map(({ headers }) => headers.get('message-id'));
    expect(ids).toEqual([`<${id}@shiming.example>`, `<${id}@shiming.example>`]);
  });

  it(
    'ends uncertain, with its content destroyed, when no answer ever comes',
    { timeout: 60_000 },
    async () => {
      const { id } = await queue();
      server.trouble = { data: 'drop' };
      for (let tries = 0; tries < 9; tries++) {
        const next = await outbox().deliver(id);
        if (next.outcome === 'done') break;
        database.clock.advance(next.delay);
      }
      expect(await state(id)).toBe('uncertain');
      expect((await database.stores.mails.find(id))?.content).toBeUndefined();
    },
  );

  it('is not sent any more when its code is worthless, and is purged', async () => {
    const { id } = await queue();
    database.clock.advance(minutes(30) + seconds(1));
    await outbox().deliver(id);
    expect([await state(id), server.taken]).toEqual(['failed expired', []]);
    await database.stores.mails.purge(database.clock.now() + days(8), 100);
    expect(await database.stores.mails.find(id)).toBeUndefined();
  });
});
