import { type Clock, type Instant } from '../core/clock.ts';
import type { AccountId, Ids } from '../core/ids.ts';
import { randomDigits, type Random } from '../core/random.ts';
import { failed, ok, type Failed, type Ok } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import {
  CODE_LENGTH,
  CODE_LIFETIME,
  isCode,
  judgeCode,
  normaliseCode,
  type ChallengePurpose,
  type CodeProblem,
} from './challenge.ts';
import type { Limits, LimitScope } from './limits.ts';
import { parsePhone, type PhoneNumber, type PhoneProblem } from './phone.ts';
import { nextStep, SIGN_IN_LIFETIME, type SignInState } from './sign-in-state.ts';
import { codeText, type SmsLanguage } from './sms.ts';
import type { AccountStores } from './store.ts';
import type { TestNumbers } from './test-numbers.ts';

export type CodeRequest = {
  readonly typed: string;
  readonly country?: string;
  readonly ip: string;
  readonly language: SmsLanguage;
};

export type Limited = Failed<'limited', { retryAfter: number; scope: LimitScope }>;

export type RequestProblem = Failed<PhoneProblem> | Limited;

export type CodeEntryProblem =
  CodeProblem | Failed<'empty'> | Failed<'malformed'> | Failed<'none'> | Failed<'disabled'>;

/** Proving a number by a code. `uid` is what the number is proven for; `P` is why a number may be refused. */
export type NumberCodes<P = never> = {
  /**
   * Notes the number and sends it a code. Nobody looks whether the number has an account, so there is nothing to
   * learn from the answer. Asking again for the same number within the minute keeps the code that is under way.
   */
  request(uid: string, request: CodeRequest): Promise<Ok<object> | RequestProblem | P>;
  /** Sends another code to the noted number; the earlier one stops working. */
  resend(
    uid: string,
    request: Pick<CodeRequest, 'ip' | 'language'>,
  ): Promise<Ok<object> | Failed<'none'> | Limited>;
  /**
   * Tries a code. `repeated` when the number was proven before, as after a double click: the answer is the same and
   * the code is not used twice.
   */
  enter(uid: string, typed: string, ip: string): Promise<Ok<{ repeated: boolean }> | CodeEntryProblem>;
};

export type SignInCodes = NumberCodes;

/** What numbers are proven for, and what follows. */
export type NumberUse<S extends AccountStores, P> = {
  readonly purpose: Extract<ChallengePurpose, 'sign_in' | 'change_number'>;
  /** Why a number is not worth proving, if it is not; asked before anything is sent. */
  readonly refuse?: (stores: S, uid: string, phone: PhoneNumber) => Promise<P | undefined>;
  /**
   * Runs in the transaction that uses the code up, which commits whatever the answer is. Returns the account the number
   * belongs to now, undefined when it has none.
   */
  readonly settle: (
    stores: S,
    uid: string,
    phone: PhoneNumber,
    now: Instant,
  ) => Promise<Ok<{ accountId: AccountId | undefined }> | Failed<'disabled'>>;
};

export type NumberCodeDependencies<S extends AccountStores = AccountStores> = {
  readonly transact: Transact<S>;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly testNumbers: TestNumbers;
  /** ISO 3166 codes, the first one the default. */
  readonly countries: readonly string[];
  /** The host that phones may fill the code in on. */
  readonly host: string;
};

/** The first half of a sign-in: from a number to the proof that the person holds it. */
export function createSignInCodes(dependencies: NumberCodeDependencies): SignInCodes {
  return createNumberCodes(dependencies, {
    purpose: 'sign_in',
    async settle({ accounts }, _uid, phone, now) {
      const account = await accounts.findByPhone(phone);
      if (account && account.state !== 'active') return failed('disabled');
      if (account) await accounts.confirmPhone(account.id, now);
      return ok({ accountId: account?.id });
    },
  });
}

/** From a number to the proof that the person holds it, whatever it is for. */
export function createNumberCodes<S extends AccountStores, P = never>(
  dependencies: NumberCodeDependencies<S>,
  { purpose, refuse, settle }: NumberUse<S, P>,
): NumberCodes<P> {
  const { transact, limits, clock, ids, random, testNumbers, countries, host } = dependencies;

  /** Challenge, message, job and counters in the caller's transaction: all of it, or nothing is sent. */
  const issue = async (
    stores: AccountStores,
    uid: string,
    phone: PhoneNumber,
    { ip, language }: Pick<CodeRequest, 'ip' | 'language'>,
    now: Instant,
  ): Promise<Ok<{ challenge: NonNullable<SignInState['challenge']> }> | Limited> => {
    const fixed = testNumbers.codeOf(phone);
    if (fixed === undefined) {
      const allowance = await limits.take(stores.limits, 'send', { phone, ip }, now);
      if (!allowance.ok) {
        return failed('limited', { retryAfter: allowance.retryAfter, scope: allowance.rule.scope });
      }
    }
    const code = fixed ?? randomDigits(random, CODE_LENGTH);
    const id = ids.next('chl');
    const expiresAt = now + CODE_LIFETIME;
    await stores.challenges.create({ id, purpose, context: uid, code, expiresAt });
    if (fixed !== undefined) return ok({ challenge: { id, sentAt: now, expiresAt } });
    const messageId = ids.next('msg');
    const text = codeText(purpose, code, CODE_LIFETIME / 60_000, language, host);
    await stores.messages.create({ id: messageId, to: phone, text, validUntil: expiresAt }, now);
    await stores.jobs.enqueue({ kind: 'sms.send', payload: { messageId } });
    return ok({ challenge: { id, messageId, sentAt: now, expiresAt } });
  };

  const lock = (stores: AccountStores, uid: string, now: Instant) =>
    stores.signIns.lock(uid, now, now + SIGN_IN_LIFETIME);

  return {
    request: (uid, request) =>
      transact(async (stores) => {
        const now = clock.now();
        const state = await lock(stores, uid, now);
        const parsed = parsePhone(request.typed, countries, request.country);
        if (!parsed.ok) {
          await stores.signIns.write(uid, { ...state, typed: request.typed.slice(0, 40) });
          return parsed;
        }
        const { phone } = parsed;
        const refused = await refuse?.(stores, uid, phone);
        if (refused) {
          await stores.signIns.write(uid, { ...state, typed: request.typed });
          return refused;
        }
        const issued = await issue(stores, uid, phone, request, now);
        const underWay = state.phone === phone && (state.challenge?.expiresAt ?? 0) > now;
        if (!issued.ok && !(underWay && issued.scope === 'number')) return issued;
        const challenge = issued.ok ? issued.challenge : state.challenge;
        const next = {
          typed: request.typed,
          phone,
          ...(challenge ? { challenge } : {}),
          ...(state.passwordFailures ? { passwordFailures: state.passwordFailures } : {}),
        };
        await stores.signIns.write(uid, next, now + SIGN_IN_LIFETIME);
        return ok();
      }),

    resend: (uid, request) =>
      transact(async (stores) => {
        const now = clock.now();
        const state = await lock(stores, uid, now);
        if (!state.phone) return failed('none');
        const issued = await issue(stores, uid, state.phone, request, now);
        if (!issued.ok) return issued;
        await stores.signIns.write(uid, { ...state, challenge: issued.challenge });
        return ok();
      }),

    async enter(uid, typed, ip) {
      const code = normaliseCode(typed);
      if (code === '') return failed('empty');
      if (!isCode(code)) return failed('malformed');
      return transact(async (stores) => {
        const now = clock.now();
        const state = await lock(stores, uid, now);
        const step = nextStep(state, { mustAccept: false }, now);
        if (step === 'role' || step === 'done') return ok({ repeated: true });
        const { phone, challenge, ...rest } = state;
        if (!phone || !challenge) return failed('none');
        const attempt = { id: challenge.id, purpose, context: uid, phone, ip, code } as const;
        const verdict = await judgeCode(stores, limits, attempt, now);
        if (!verdict.ok) return verdict;
        const settled = await settle(stores, uid, phone, now);
        if (!settled.ok) {
          await stores.signIns.write(uid, { ...rest, phone });
          return settled;
        }
        const proof = { phone, method: 'sms', at: now, ...known(settled.accountId) } as const;
        await stores.signIns.write(uid, { ...rest, phone, proof });
        return ok({ repeated: false });
      });
    },
  };
}

function known(accountId: AccountId | undefined): { accountId?: AccountId } {
  return accountId === undefined ? {} : { accountId };
}
