import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createDeposits,
  DEPOSIT_ATTEMPTS,
  type Deposit,
  type DepositSender,
} from '../../src/companies/index.ts';
import { days } from '../../src/core/clock.ts';
import { failed, ok } from '../../src/core/result.ts';
import type { Stores } from '../../src/storage/stores.ts';
import { verifiedCompany } from '../support/company-checks.ts';
import { describeDatabases } from '../support/databases.ts';
import { createVerificationRig, type VerificationRig } from '../support/verification.ts';

const account = '6222000011112237';

describeDatabases('deposits', (open) => {
  let rig: VerificationRig;
  beforeAll(async () => {
    rig = createVerificationRig(await open());
  });
  afterAll(() => rig.close());

  /** A bank that pays once for a reference, and answers what it is told before. */
  function bank(before: () => ReturnType<DepositSender['send']> | undefined = () => undefined) {
    const asked: Deposit[] = [];
    const paid = new Map<string, number>();
    const sender: DepositSender = {
      async send(deposit) {
        asked.push(deposit);
        const otherwise = before();
        if (otherwise) return otherwise;
        const amount = paid.get(deposit.reference) ?? deposit.amount;
        paid.set(deposit.reference, amount);
        return ok({ amount });
      },
    };
    return { asked, paid, sender };
  }

  async function begun(sender: DepositSender) {
    const { transact, clock, stores, dependencies } = rig.database;
    const { companyId, asking, owner } = await verifiedCompany(rig);
    const accountId = await asking();
    const key = { companyId, accountId };
    const { random } = dependencies;
    const deps = { stores, transact, clock, random, sender, recompute: rig.recompute };
    const deposits = createDeposits<Stores>(deps);
    const begin = await deposits.begin(key, account);
    if (!begin.ok) throw new Error(begin.reason);
    const { id } = begin.check;
    const check = async () => (await stores.companyChecks.find(id))!;
    const state = async () => (await stores.memberships.findFor(accountId, companyId))?.state;
    /** A yuan amount that was not sent, unlike any other of these. */
    const wrong = async (nth: number) => yuan((((await check()).details!.amount! + nth) % 99) + 1);
    return { deposits, key, id, owner, check, state, wrong };
  }

  const yuan = (fen: number) => `0.${String(fen).padStart(2, '0')}`;

  it('are confirmed once by parallel requests', async () => {
    const { deposits, key, id, check, state } = await begun(bank().sender);
    await deposits.send(id);
    const right = yuan((await check()).details!.amount!);
    rig.recomputed.length = 0;
    const answers = await Promise.all(Array.from({ length: 5 }, () => deposits.confirm(key, right)));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.reason === 'closed')).toHaveLength(4);
    expect(rig.recomputed).toEqual([key.accountId]);
    expect(await state()).toBe('active');
    expect(await check()).toMatchObject({ state: 'approved', decidedBy: 'machine', attempts: 0 });
  });

  it('take three guesses and no more, however many race', async () => {
    const { deposits, key, id, check, state, wrong } = await begun(bank().sender);
    await deposits.send(id);
    const guesses = await Promise.all(Array.from({ length: 8 }, (_, nth) => wrong(nth)));
    const answers = await Promise.all(guesses.map((guess) => deposits.confirm(key, guess)));
    const reasons = answers.map((answer) => (answer.ok ? 'ok' : answer.reason)).sort();
    expect(reasons).toEqual(
      ['amount_wrong', 'amount_wrong', 'attempts_used', ...Array<string>(5).fill('closed')].sort(),
    );
    expect(await check()).toMatchObject({
      state: 'rejected',
      reason: 'attempts_used',
      attempts: DEPOSIT_ATTEMPTS,
    });
    const right = yuan((await check()).details!.amount!);
    expect(await deposits.confirm(key, right)).toMatchObject({ reason: 'closed' });
    expect(await state()).toBe('evidence_pending');
  });

  it('count what is no amount as no guess', async () => {
    const { deposits, key, id, check } = await begun(bank().sender);
    expect(await deposits.confirm(key, '0.10')).toMatchObject({ reason: 'not_sent' });
    await deposits.send(id);
    for (const text of ['', '1.00', '0.100', '-0.10', 'much'])
      expect(await deposits.confirm(key, text), text).toMatchObject({ reason: 'amount_form' });
    expect((await check()).attempts).toBe(0);
  });

  it('are over after ten days, also before anything has swept them', async () => {
    const { deposits, key, id, check, state } = await begun(bank().sender);
    await deposits.send(id);
    const { clock } = rig.database;
    const right = yuan((await check()).details!.amount!);
    clock.advance(days(10) - 1);
    await deposits.sweep(clock.now(), 100);
    expect((await check()).state).toBe('submitted');
    clock.advance(1);
    expect(await deposits.confirm(key, right)).toMatchObject({ reason: 'closed' });
    expect(await deposits.sweep(clock.now(), 100)).toBeGreaterThan(0);
    expect(await check()).toMatchObject({ state: 'rejected', reason: 'deposit_expired' });
    expect(await state()).toBe('evidence_pending');
  });

  it('are sent again when the bank is unavailable, by the same reference and amount', async () => {
    let down = true;
    const { asked, paid, sender } = bank(() => (down ? Promise.resolve(failed('unavailable')) : undefined));
    const { deposits, id, check } = await begun(sender);
    expect(await deposits.send(id)).toBe('retry');
    expect(await deposits.send(id)).toBe('retry');
    down = false;
    expect(await deposits.send(id)).toBe('done');
    expect(await deposits.send(id)).toBe('done');
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map(({ reference, amount }) => `${reference} ${amount}`))).toHaveLength(1);
    expect([...paid]).toEqual([[id, (await check()).details!.amount]]);
  });

  it('are paid once when the program dies between paying and storing', async () => {
    const { asked, paid, sender } = bank();
    let dies = true;
    const dying: DepositSender = {
      async send(deposit) {
        const answer = await sender.send(deposit);
        if (dies) throw new Error('killed');
        return answer;
      },
    };
    const { deposits, id, key, check, state } = await begun(dying);
    await expect(deposits.send(id)).rejects.toThrow('killed');
    expect((await check()).details).not.toHaveProperty('amount');
    dies = false;
    expect(await deposits.send(id)).toBe('done');
    expect(asked.map(({ amount }) => amount)).toEqual(Array(2).fill(paid.get(id)));
    expect(await deposits.confirm(key, yuan(paid.get(id)!))).toMatchObject({ ok: true });
    expect(await state()).toBe('active');
  });

  it('ask for one amount when two workers send one', async () => {
    const { asked, paid, sender } = bank();
    const { deposits, id, check } = await begun(sender);
    await Promise.all(Array.from({ length: 4 }, () => deposits.send(id)));
    await deposits.send(id);
    expect(new Set(asked.map(({ amount }) => amount))).toHaveLength(1);
    expect((await check()).details?.amount).toBe(paid.get(id));
  });

  it('make nobody a member of a company that was struck off meanwhile', async () => {
    const { deposits, id, key, check, state } = await begun(bank().sender);
    await deposits.send(id);
    await rig.database.stores.companies.advance(key.companyId, 'verified', 'revoked');
    const right = yuan((await check()).details!.amount!);
    expect(await deposits.confirm(key, right)).toMatchObject({ reason: 'closed' });
    expect(await check()).toMatchObject({ state: 'rejected', reason: 'company_over' });
    expect(await state()).toBe('evidence_pending');
  });
});
