import { days } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { AccountId } from '../core/ids.ts';
import { failed, ok, type Failed, type Ok } from '../core/result.ts';
import { viewCode, type CodeView, type CodeViewDependencies } from './code-view.ts';
import { maskPhone, type PhoneNumber } from './phone.ts';
import { nextStep } from './sign-in-state.ts';
import {
  createNumberCodes,
  type CodeEntryProblem,
  type CodeRequest,
  type Limited,
  type NumberCodeDependencies,
  type NumberCodes,
  type RequestProblem,
} from './sign-ins.ts';
import { numberChangedText } from './sms.ts';
import type { AccountStores } from './store.ts';

/** The notice to the old number is worth sending for a day. */
const WORTH_SENDING = days(1);

/** Where a change of number stands: `taken` when the new number is proven and signs in to another account. */
export type NumberChangeStep = 'number' | 'code' | 'taken' | 'changed';

export type NumberChangeView = {
  readonly step: NumberChangeStep;
  /** The number now, masked. */
  readonly current: string;
  readonly typed?: string;
  readonly phone?: PhoneNumber;
  readonly code?: CodeView;
};

/**
 * An account moves to another number. The holder of the account has signed in just now, which proves the old number or
 * the password, and proves the new one by a code. Everything else stays with the account: its id, what was verified of
 * the person, companies, consents. Whose number the new one is shows only once it is proven.
 */
export type NumberChange = {
  view(id: AccountId): Promise<NumberChangeView>;
  request(id: AccountId, request: CodeRequest): Promise<Ok<object> | RequestProblem | Failed<'same'>>;
  resend(
    id: AccountId,
    request: Pick<CodeRequest, 'ip' | 'language'>,
  ): Promise<Ok<object> | Failed<'none'> | Limited>;
  /**
   * Tries a code; the right one changes the number unless another account has it, which {@link NumberChange.view} says.
   * `session` goes on, every other session of the account ends.
   */
  enter(
    id: AccountId,
    entry: { readonly typed: string; readonly ip: string; readonly session: string },
  ): Promise<Ok<object> | CodeEntryProblem>;
};

export type NumberChangeDependencies<S extends AccountStores = AccountStores> = NumberCodeDependencies<S> &
  CodeViewDependencies & {
    readonly stores: AccountStores;
    /** Ends every session of the account but one, with what it gave to apps; how many things ended. */
    readonly endOtherSessions: (stores: S, id: AccountId, session: string) => Promise<number>;
  };

export function createNumberChange<S extends AccountStores>(
  dependencies: NumberChangeDependencies<S>,
): NumberChange {
  const { stores: outer, clock, ids, host, testNumbers, endOtherSessions } = dependencies;

  const requireAccount = async (stores: AccountStores, id: AccountId) => {
    const account = await stores.accounts.find(id);
    if (account?.state !== 'active') throw new AppError('unauthenticated');
    return account;
  };

  const tellOldNumber = async (stores: AccountStores, phone: PhoneNumber, locale: string): Promise<void> => {
    const now = clock.now();
    if (testNumbers.codeOf(phone) !== undefined) return;
    const messageId = ids.next('msg');
    const text = numberChangedText(locale === 'en' ? 'en' : 'zh-CN', host);
    await stores.messages.create({ id: messageId, to: phone, text, validUntil: now + WORTH_SENDING }, now);
    await stores.jobs.enqueue({ kind: 'sms.send', payload: { messageId } });
  };

  /** The change with all its consequences; false when another account has the number. */
  const change = async (stores: S, id: AccountId, phone: PhoneNumber, session: string): Promise<boolean> => {
    const { phone: old, locale } = await requireAccount(stores, id);
    if (!(await stores.accounts.changePhone(id, phone, clock.now()))) return false;
    await stores.events.append({
      type: 'account.identifier_changed',
      subject: id,
      payload: { identifier: 'phone' },
    });
    if ((await endOtherSessions(stores, id, session)) > 0) {
      await stores.events.append({ type: 'account.sessions_revoked', subject: id, payload: { by: 'user' } });
    }
    await tellOldNumber(stores, old, locale);
    return true;
  };

  /** `session` is known only where a code is entered. */
  const codesFor = (id: AccountId, session = ''): NumberCodes<Failed<'same'>> =>
    createNumberCodes<S, Failed<'same'>>(dependencies, {
      purpose: 'change_number',
      async refuse(stores, _uid, phone) {
        const account = await requireAccount(stores, id);
        return account.phone === phone ? failed('same') : undefined;
      },
      async settle(stores, _uid, phone) {
        if (await change(stores, id, phone, session)) return ok({ accountId: id });
        return ok({ accountId: (await stores.accounts.findByPhone(phone))?.id });
      },
    });

  return {
    async view(id) {
      const now = clock.now();
      const { phone: own } = await requireAccount(outer, id);
      const state = (await outer.signIns.find(placeOf(id), now)) ?? {};
      const { typed, phone, proof } = state;
      const proven = nextStep(state, { mustAccept: false }, now) === 'done';
      const step = proven
        ? proof?.accountId === id
          ? 'changed'
          : 'taken'
        : state.challenge
          ? 'code'
          : 'number';
      return {
        step,
        current: maskPhone(own),
        ...(typed === undefined ? {} : { typed }),
        ...(phone === undefined ? {} : { phone }),
        ...(await viewCode(dependencies, state)),
      };
    },
    request: (id, request) => codesFor(id).request(placeOf(id), request),
    resend: (id, request) => codesFor(id).resend(placeOf(id), request),
    enter: (id, { typed, ip, session }) => codesFor(id, session).enter(placeOf(id), typed, ip),
  };
}

/** A change is kept where sign-ins are; no interaction has such a uid. */
function placeOf(id: AccountId): string {
  return `number:${id}`;
}
