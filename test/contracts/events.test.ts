import { expect, it } from 'vitest';
import { eventRetention } from '../../src/events/index.ts';
import { describeDatabases } from '../support/databases.ts';

describeDatabases('the event store', (open) => {
  it('keeps the events of a subject in the order in which they happened', async () => {
    const { stores, clock } = await open();
    await stores.events.append({ type: 'account.registered', subject: 'acc_1', payload: {} });
    clock.advance(1);
    await stores.events.append({ type: 'account.signed_in', subject: 'acc_1', payload: { amr: ['sms'] } });
    await stores.events.append({ type: 'account.registered', subject: 'acc_2', payload: {} });
    const events = await stores.events.listBySubject('acc_1', 10);
    expect(events.map(({ type }) => type)).toEqual(['account.registered', 'account.signed_in']);
    expect(events[1]).toMatchObject({ payload: { amr: ['sms'] }, occurredAt: clock.now() });
  });

  it('refuses a payload that the catalogue does not know', async () => {
    const { stores } = await open();
    const payload = { phone: '+8613800000000' } as never;
    await expect(
      stores.events.append({ type: 'account.registered', subject: 'acc_1', payload }),
    ).rejects.toThrow();
    expect(await stores.events.listBySubject('acc_1', 10)).toEqual([]);
  });

  it('purges an event after its retention and not before', async () => {
    const { stores, clock } = await open();
    await stores.events.append({ type: 'account.registered', subject: 'acc_1', payload: {} });
    expect(await stores.events.purge(clock.now() + eventRetention - 1, 100)).toBe(0);
    expect(await stores.events.purge(clock.now() + eventRetention, 100)).toBe(1);
  });
});
