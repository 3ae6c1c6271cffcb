import { beforeEach, expect, it } from 'vitest';
import {
  createMessages,
  MESSAGE_LEASE,
  type PhoneNumber,
  type SmsOutcome,
} from '../../src/accounts/index.ts';
import { days, minutes, seconds } from '../../src/core/clock.ts';
import type { MessageId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';

const to = '+8613812345678' as PhoneNumber;

describeDatabases('the outbox of text messages', (open) => {
  let database: TestDatabase;
  let id: MessageId;
  /** A vendor that answers as the test says and remembers what it took. */
  let answers: (SmsOutcome | 'lost after taking' | Error)[];
  let taken: string[];

  const outbox = () =>
    createMessages({
      messages: database.stores.messages,
      clock: database.clock,
      log: silentLog,
      sender: {
        vendor: 'scripted',
        async send(sms) {
          const answer = answers.shift() ?? { result: 'accepted' as const };
          if (answer instanceof Error) throw answer;
          if (answer === 'lost after taking') {
            taken.push(sms.id);
            return { result: 'unknown' };
          }
          if (answer.result === 'accepted') taken.push(sms.id);
          return answer;
        },
        find: async (sms) => (taken.includes(sms.id) ? 'accepted' : 'absent'),
      },
    });

  beforeEach(async () => {
    database ??= await open();
    answers = [];
    taken = [];
    id = database.dependencies.ids.next('msg');
    const now = database.clock.now();
    await database.stores.messages.create(
      { id, to, text: 'code 123456', validUntil: now + minutes(10) },
      now,
    );
  });
  const state = async () => {
    const message = await database.stores.messages.status(id);
    return [message?.state, message?.reason].filter(Boolean).join(' ');
  };

  it('sends once, and destroys number and text', async () => {
    expect(await outbox().deliver(id)).toEqual({ outcome: 'done' });
    expect([await state(), taken]).toEqual(['sent', [id]]);
    expect((await database.stores.messages.find(id))?.content).toBeUndefined();
    await outbox().deliver(id);
    expect(taken).toEqual([id]);
  });

  it('sends once when many workers have it', async () => {
    await Promise.all(Array.from({ length: 20 }, () => outbox().deliver(id)));
    expect([await state(), taken]).toEqual(['sent', [id]]);
  });

  it.each([
    ['recipient', 'failed recipient'],
    ['vendor', 'failed vendor'],
  ] as const)('does not repeat what is refused for good: %s', async (reason, expected) => {
    answers = [{ result: 'permanent', reason, vendorCode: '1' }];
    expect(await outbox().deliver(id)).toEqual({ outcome: 'done' });
    expect([await state(), taken]).toEqual([expected, []]);
    await outbox().deliver(id);
    expect(taken).toEqual([]);
  });

  it('tries again, with growing pauses, what was not taken', async () => {
    answers = [{ result: 'transient' }, { result: 'transient' }];
    const first = await outbox().deliver(id);
    const second = await outbox().deliver(id);
    expect([first, second]).toMatchObject([
      { outcome: 'retry', delay: seconds(2) },
      { outcome: 'retry', delay: seconds(5) },
    ]);
    expect(await state()).toBe('queued');
    await outbox().deliver(id);
    expect([await state(), taken]).toEqual(['sent', [id]]);
  });

  it('gives up when the code would be worthless', async () => {
    answers = Array.from({ length: 10 }, () => ({ result: 'transient' as const }));
    for (let round = 0; round < 10; round++) {
      const next = await outbox().deliver(id);
      if (next.outcome === 'done') break;
      database.clock.advance(next.delay);
    }
    expect([await state(), taken]).toEqual(['failed expired', []]);
    expect((await database.stores.messages.find(id))?.content).toBeUndefined();
  });

  it('does not send a message that waited past its code', async () => {
    database.clock.advance(minutes(10));
    await outbox().deliver(id);
    expect([await state(), taken]).toEqual(['failed expired', []]);
  });

  it('does not double a message that was taken before the answer was lost', async () => {
    answers = ['lost after taking'];
    const first = await outbox().deliver(id);
    expect(first).toMatchObject({ outcome: 'retry', delay: MESSAGE_LEASE });
    expect(await outbox().deliver(id)).toMatchObject({ outcome: 'retry' });
    database.clock.advance(MESSAGE_LEASE);
    await outbox().deliver(id);
    expect([await state(), taken]).toEqual(['sent', [id]]);
  });

  it('does not lose a message whose worker died before the vendor had it', async () => {
    await database.stores.messages.claim(id, database.clock.now() + MESSAGE_LEASE);
    expect(await outbox().deliver(id)).toMatchObject({ outcome: 'retry', error: 'leased' });
    database.clock.advance(MESSAGE_LEASE);
    await Promise.all(Array.from({ length: 5 }, () => outbox().deliver(id)));
    expect([await state(), taken]).toEqual(['sent', [id]]);
  });

  it('leaves a message uncertain, and unrepeated, when the vendor cannot tell', async () => {
    answers = [new Error('socket hang up')];
    await outbox().deliver(id);
    database.clock.advance(MESSAGE_LEASE);
    const mute = createMessages({
      messages: database.stores.messages,
      clock: database.clock,
      log: silentLog,
      sender: {
        vendor: 'mute',
        send: async () => expect.unreachable('a message that may be out was sent again'),
        find: async () => Promise.reject(new Error('unreachable')),
      },
    });
    expect(await mute.deliver(id)).toEqual({ outcome: 'done' });
    expect(await state()).toBe('uncertain');
  });

  it('keeps nothing readable and purges what is old', async () => {
    const rows = JSON.stringify(await database.connection.knex('messages'));
    expect(rows).not.toMatch(/13812345678|123456/);
    await database.stores.messages.purge(database.clock.now() + days(8), 1000);
    expect(await database.stores.messages.find(id)).toBeUndefined();
    expect(await database.connection.knex('subject_keys').where({ subject: id })).toEqual([]);
  });
});
