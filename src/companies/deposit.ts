import { timingSafeEqual } from 'node:crypto';
import { days, minutes, type Clock, type Instant } from '../core/clock.ts';
import type { AccountId, CompanyCheckId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import type { JobStore } from '../events/index.ts';
import { admit, isOver, type CheckRefusal } from './check-access.ts';
import type { CheckEnd, CompanyCheck } from './company-check.ts';
import { checkKept, type CheckStores } from './company-checks.ts';
import type { CheckKey } from './company-check-store.ts';
import { moveMembership } from './transitions.ts';

/** What is sent to a company's account. */
export type Deposit = {
  /** Idempotency key: the same deposit is never paid twice. */
  readonly reference: string;
  /** The company's name, which the bank compares with the account's. */
  readonly accountName: string;
  readonly accountNumber: string;
  /** Hundredths of a yuan, 1–99. */
  readonly amount: number;
};

/**
 * Port: pays a small amount. Answers with the amount that was sent, which a bank that takes deposits for verification
 * may choose itself. `refused`: there is no such account of this company. `unavailable`: try again later. Never throws.
 */
export type DepositSender = {
  send(deposit: Deposit): Promise<Result<{ readonly amount: number }, 'refused' | 'unavailable'>>;
};

export type DepositKey = Omit<CheckKey, 'kind'>;

export type DepositFailure =
  | 'not_found'
  | CheckRefusal
  /** This installation sends none. */
  | 'none'
  | 'closed'
  | 'account_form'
  /** As many as a company may have in a month. */
  | 'too_many_deposits';

export type ConfirmFailure =
  'not_found' | 'closed' | 'not_sent' | 'amount_form' | 'amount_wrong' | 'attempts_used';

export type Deposits = {
  readonly available: boolean;
  /** Begins a deposit to an account of the company; it is sent by a job. */
  begin(key: DepositKey, accountNumber: string): Promise<Result<{ check: CompanyCheck }, DepositFailure>>;
  /** Job `deposit.send`; `retry` where the bank cannot be reached now. */
  send(checkId: CompanyCheckId): Promise<'done' | 'retry'>;
  /** Compares what the member says has arrived; the membership is active when it is right. */
  confirm(key: DepositKey, amount: string): Promise<Result<object, ConfirmFailure>>;
  /** Ends deposits that nobody confirmed in time. */
  sweep(now: Instant, limit: number): Promise<number>;
};

export type DepositDeps<S extends DepositStores> = {
  readonly stores: S;
  readonly transact: Transact<S>;
  readonly clock: Clock;
  readonly random: Random;
  readonly sender: DepositSender | undefined;
  readonly recompute: (stores: S, accountId: AccountId) => Promise<void>;
};

type DepositStores = CheckStores & { readonly jobs: JobStore };

/** Wrong amounts after which a deposit is over. */
export const DEPOSIT_ATTEMPTS = 3;
/** A bank transfer takes up to two working days, and somebody has to ask the accounts department. */
const CONFIRM_WITHIN = days(10);
/** Deposits to one company, whoever asks for them, in {@link DEPOSIT_PERIOD}: each guess costs one of them. */
const DEPOSITS = 3;
const DEPOSIT_PERIOD = days(30);

export function createDeposits<S extends DepositStores>(deps: DepositDeps<S>): Deposits {
  const { stores, transact, clock, random, sender, recompute } = deps;
  const keyed = (key: DepositKey): CheckKey => ({ ...key, kind: 'micro_deposit' });

  const close = (
    bound: S,
    check: CompanyCheck,
    to: 'approved' | 'rejected',
    reason?: CheckEnd,
    attempts: number = check.attempts,
  ) =>
    bound.companyChecks.update(
      check,
      {
        attempts,
        decidedBy: 'machine',
        decidedAt: clock.now(),
        expiresAt: clock.now() + checkKept,
        ...(reason ? { reason } : {}),
      },
      to,
    );

  return {
    available: sender !== undefined,
    begin: (key, text) =>
      transact(async (bound) => {
        if (!sender) return failed('none');
        const accountNumber = text.normalize('NFKC').replaceAll(/[\s-]/gu, '');
        // One at a time for a company, so that what is counted stays true.
        await bound.companies.lock(key.companyId);
        const admitted = await admit(bound, keyed(key));
        if (!admitted.ok) return admitted;
        if (!/^\d{8,30}$/.test(accountNumber)) return failed('account_form');
        const now = clock.now();
        const known = await bound.companyChecks.newest(keyed(key));
        if (known?.state === 'submitted') return failed('closed');
        const begun = await bound.companyChecks.countSince(
          key.companyId,
          'micro_deposit',
          now - DEPOSIT_PERIOD,
        );
        if (begun >= DEPOSITS) return failed('too_many_deposits');
        const open = await bound.companyChecks.ensure(keyed(key), now + minutes(10));
        const change = { details: { accountNumber }, submittedAt: now, expiresAt: null };
        if (!(await bound.companyChecks.update(open, change, 'submitted'))) return failed('closed');
        await bound.jobs.enqueue({ kind: 'deposit.send', payload: { checkId: open.id } });
        return ok({ check: (await bound.companyChecks.find(open.id)) as CompanyCheck });
      }),
    async send(checkId) {
      const check = await stores.companyChecks.find(checkId);
      const accountNumber = check?.details?.accountNumber;
      const waits = check?.state === 'submitted' && check.details?.amount === undefined;
      if (!sender || !waits || accountNumber === undefined) return 'done';
      const company = await stores.companies.find(check.companyId);
      if (!company) return 'done';
      const amount = await drawn(check);
      if (amount === undefined) return 'retry';
      const sent = await sender.send({
        reference: check.id,
        accountName: company.name,
        accountNumber,
        amount,
      });
      if (!sent.ok && sent.reason === 'unavailable') return 'retry';
      const stored = await transact(async (bound) => {
        const now = await bound.companyChecks.find(checkId);
        if (now?.state !== 'submitted') return true;
        if (!sent.ok) return close(bound, now, 'rejected', 'deposit_refused');
        return bound.companyChecks.update(now, { details: { ...now.details, amount: sent.amount } });
      });
      // It changed meanwhile: asked again by the same reference, the bank answers and pays nothing more.
      return stored ? 'done' : 'retry';
    },
    confirm: (key, text) =>
      transact(async (bound) => {
        await bound.companies.lock(key.companyId);
        const check = await bound.companyChecks.newest(keyed(key));
        const membership = await bound.memberships.findFor(key.accountId, key.companyId);
        if (!check || !membership) return failed('not_found');
        if (check.state !== 'submitted' || expiryOf(check) <= clock.now()) return failed('closed');
        const amount = check.details?.amount;
        if (amount === undefined) return failed('not_sent');
        const entered = /^(?:0?[.．。](\d{1,2})|0?(\d{2}))$/u.exec(text.trim());
        const fen = entered?.[1]?.padEnd(2, '0') ?? entered?.[2];
        if (fen === undefined) return failed('amount_form');
        if (!same(Number(fen), amount)) {
          const attempts = check.attempts + 1;
          const last = attempts >= DEPOSIT_ATTEMPTS;
          const counted = last
            ? await close(bound, check, 'rejected', 'attempts_used', attempts)
            : await bound.companyChecks.update(check, { attempts });
          // Ended by its time between reading and writing.
          if (!counted) return failed('closed');
          return failed(last ? 'attempts_used' : 'amount_wrong');
        }
        const company = await bound.companies.find(key.companyId);
        if (!company || isOver(company)) {
          await close(bound, check, 'rejected', 'company_over');
          return failed('closed');
        }
        const moved = await moveMembership(bound, membership, 'activate', key.accountId, {
          evidence: 'micro_deposit',
          activatedAt: clock.now(),
          validUntil: null,
          nextChangeAt: null,
        });
        if (!moved) {
          await close(bound, check, 'rejected', 'membership_over');
          return failed('closed');
        }
        if (!(await close(bound, check, 'approved'))) throw new Error('a deposit was decided twice');
        await recompute(bound, key.accountId);
        return ok();
      }),
    async sweep(now, limit) {
      const old = await stores.companyChecks.listOldDeposits(now - CONFIRM_WITHIN, limit);
      for (const check of old) await transact((bound) => close(bound, check, 'rejected', 'deposit_expired'));
      return old.length;
    },
  };

  /**
   * Drawn once a deposit and kept before it is sent, so that asking again after a crash pays the same amount. Undefined
   * where the check moved on meanwhile: nothing is sent that is not on record.
   */
  async function drawn(check: CompanyCheck): Promise<number | undefined> {
    return (
      check.details?.drawn ??
      transact(async (bound) => {
        const amount = 1 + random.int(99);
        const isKept = await bound.companyChecks.update(check, {
          details: { ...check.details, drawn: amount },
        });
        return isKept ? amount : undefined;
      })
    );
  }
}

/** Until when the amount of a deposit can be entered. */
export function expiryOf({ submittedAt = 0 }: CompanyCheck): Instant {
  return submittedAt + CONFIRM_WITHIN;
}

/** In constant time, as for any secret. */
function same(a: number, b: number): boolean {
  const [left, right] = [a, b].map((fen) => Buffer.from(String(fen).padStart(4, '0')));
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}
