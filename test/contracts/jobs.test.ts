import { expect, it } from 'vitest';
import { minutes, seconds } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { createJobRunner, createPurger, type JobHandlers } from '../../src/jobs/index.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';

const job = (messageId: string) => ({ kind: 'sms.send', payload: { messageId } }) as const;

function runner({ stores, clock }: TestDatabase, send: JobHandlers['sms.send']) {
  return createJobRunner({
    jobs: stores.jobs,
    handlers: {
      'sms.send': send,
      'mail.send': async () => undefined,
      'images.destroy': async () => {},
      'case.examine': async () => {},
      'deposit.send': async () => {},
      'company.notice': async () => {},
    },
    clock,
    log: silentLog,
  });
}

describeDatabases('the job queue', (open) => {
  it('keeps a job with the change that caused it, or neither', async () => {
    const { transact, stores, clock } = await open();
    await expect(
      transact(async ({ jobs }) => {
        await jobs.enqueue(job('m1'));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await stores.jobs.claim(clock.now(), clock.now() + 1000, 10)).toEqual([]);
  });

  it('wakes the workers after the commit, not before', async () => {
    const database = await open();
    const woken: string[] = [];
    database.onEnqueued(() => woken.push('woken'));
    await database.transact(async ({ jobs }) => {
      await jobs.enqueue(job('m1'));
      expect(woken).toEqual([]);
    });
    expect(woken).toEqual(['woken']);
  });

  it('hands each job to one claimant, across processes', async () => {
    const one = await open();
    const two = await open({ same: one });
    for (let i = 0; i < 40; i++) await one.stores.jobs.enqueue(job(`m${i}`));
    const now = one.clock.now();
    const claims = await Promise.all(
      Array.from({ length: 16 }, (_, i) => (i % 2 ? one : two).stores.jobs.claim(now, now + minutes(1), 5)),
    );
    const ids = claims.flat().map(({ id }) => id);
    expect(ids).toHaveLength(40);
    expect(new Set(ids).size).toBe(40);
  });

  it('hands a job out again when its lease ran out, and counts the attempts', async () => {
    const { stores, clock } = await open();
    await stores.jobs.enqueue(job('m1'));
    const claim = () => stores.jobs.claim(clock.now(), clock.now() + minutes(1), 10);
    expect(await claim()).toMatchObject([{ attempt: 1, payload: { messageId: 'm1' } }]);
    expect(await claim()).toEqual([]);
    clock.advance(minutes(1));
    expect(await claim()).toMatchObject([{ attempt: 2 }]);
  });

  it('runs due jobs, retries the ones that throw with growing pauses, and gives up in the end', async () => {
    const database = await open();
    let calls = 0;
    const { drain } = runner(database, async ({ messageId }) => {
      calls++;
      if (messageId === 'bad') throw new Error('vendor down');
    });
    await database.stores.jobs.enqueue(job('good'));
    await database.stores.jobs.enqueue(job('bad'));
    await drain();
    expect(calls).toBe(2);
    for (let i = 0; i < 20; i++) {
      database.clock.advance(minutes(11));
      await drain();
    }
    expect(calls).toBe(9);
    const rows = await database.handle
      .knex<{ state: string; last_error: string }>('jobs')
      .select('state', 'last_error');
    expect(rows).toEqual([{ state: 'failed', last_error: 'Error' }]);
  });

  it('runs a job that waits for something as often as it says so, and still retries it when it throws', async () => {
    const database = await open();
    let calls = 0;
    const { drain } = runner(database, async () => {
      calls++;
      if (calls === 41) throw new Error('down');
      return calls > 40 ? { outcome: 'done' } : { outcome: 'wait', delay: seconds(30) };
    });
    await database.stores.jobs.enqueue(job('waiting'));
    await drain();
    await drain();
    expect(calls, 'before its time').toBe(1);
    for (let i = 0; i < 42; i++) {
      database.clock.advance(seconds(30));
      await drain();
    }
    expect(calls).toBe(42);
    expect(await database.handle.knex('jobs')).toEqual([]);
  });

  it('does not run a job before its time', async () => {
    const database = await open();
    let calls = 0;
    const { drain } = runner(database, async () => void calls++);
    await database.stores.jobs.enqueue({ ...job('later'), runAt: database.clock.now() + seconds(30) });
    await drain();
    expect(calls).toBe(0);
    database.clock.advance(seconds(30));
    await drain();
    expect(calls).toBe(1);
  });

  it('lets no job wait for one of another kind, nor for more than its own kind has room for', async () => {
    const { transact, stores, clock } = await open();
    const examined: string[] = [];
    const sent: string[] = [];
    let finish = () => {};
    const held = new Promise<void>((resolve) => (finish = resolve));
    let most = 0;
    let running = 0;
    const jobs = createJobRunner({
      jobs: stores.jobs,
      handlers: {
        'sms.send': async ({ messageId }) => void sent.push(messageId),
        'mail.send': async () => undefined,
        'images.destroy': async () => {},
        'deposit.send': async () => {},
        'company.notice': async () => {},
        'case.examine': async ({ caseId }) => {
          most = Math.max(most, (running += 1));
          await held;
          running -= 1;
          examined.push(caseId);
        },
      },
      clock,
      log: silentLog,
      pollMs: 20,
    });
    await transact(async (bound) => {
      for (let at = 0; at < 12; at++) {
        await bound.jobs.enqueue({ kind: 'case.examine', payload: { caseId: `c${at}` } });
      }
    });
    jobs.start();
    await expect.poll(() => running).toBe(4);
    await transact((bound) => bound.jobs.enqueue(job('m1')).then(() => undefined));
    await expect.poll(() => sent).toEqual(['m1']);
    expect(examined).toEqual([]);
    finish();
    await expect.poll(() => examined.length).toBe(12);
    expect(most).toBe(4);
    await jobs.stop();
  });

  it('stops only when the running job has ended', async () => {
    const database = await open();
    const order: string[] = [];
    let started = () => {};
    const hasStarted = new Promise<void>((resolve) => (started = resolve));
    const jobs = runner(database, async () => {
      started();
      await new Promise((resolve) => setTimeout(resolve, 50));
      order.push('done');
    });
    await database.stores.jobs.enqueue(job('slow'));
    jobs.start();
    await hasStarted;
    await jobs.stop();
    order.push('stopped');
    expect(order).toEqual(['done', 'stopped']);
  });

  it('purges what has expired, in batches, and nothing else', async () => {
    const { stores, clock, handle } = await open();
    for (let i = 0; i < 250; i++) await stores.jobs.enqueue(job(`old${i}`));
    clock.advance(minutes(60 * 24 * 31));
    await stores.jobs.enqueue(job('new'));
    const purger = createPurger({ jobs: stores.jobs, events: stores.events }, { clock, log: silentLog });
    expect(await purger.run()).toBe(250);
    expect(await handle.knex('jobs').select('payload')).toEqual([{ payload: '{"messageId":"new"}' }]);
  });

  it('purges the other tables when one cannot be purged', async () => {
    const { stores, clock } = await open();
    await stores.jobs.enqueue(job('old'));
    clock.advance(minutes(60 * 24 * 31));
    const broken = { purge: () => Promise.reject(new Error('no disk')) };
    const purger = createPurger({ broken, jobs: stores.jobs }, { clock, log: silentLog });
    expect(await purger.run()).toBe(1);
  });
});
