import type { CodeEntryProblem, PasswordEntryProblem, RequestProblem } from '../../accounts/index.ts';
import type { FieldError } from '../partials.ts';

/** What went wrong with an answer: where to say it, in which words, and when to come back. */
export type Problem = {
  readonly status: 422 | 429 | 403 | 503;
  readonly errors: readonly FieldError[];
  readonly retryAfter?: number;
};

function problem(field: string, message: string, params?: FieldError['params']): Problem {
  return { status: 422, errors: [{ field, message, ...(params ? { params } : {}) }] };
}

export function limitedProblem(
  { retryAfter, scope }: Extract<RequestProblem, { reason: 'limited' }>,
  field: string,
): Problem {
  const kind = scope === 'number' ? (retryAfter <= 60 ? 'soon' : 'number') : 'others';
  const message = `signin.limited.${kind}`;
  return {
    status: 429,
    errors: [{ field, message, params: { seconds: retryAfter, minutes: Math.ceil(retryAfter / 60) } }],
    retryAfter,
  };
}

export function phoneProblem(answer: RequestProblem): Problem {
  if (answer.reason === 'limited') return limitedProblem(answer, 'phone');
  return problem('phone', `signin.phone.error.${answer.reason}`);
}

export function codeProblem(answer: CodeEntryProblem): Problem {
  const key = `signin.code.error.${answer.reason}`;
  switch (answer.reason) {
    case 'wrong':
      return problem('code', key, { count: answer.attemptsLeft });
    case 'locked':
      return {
        ...problem('code', key, waiting(answer.retryAfter)),
        status: 429,
        retryAfter: answer.retryAfter,
      };
    case 'disabled':
      return { ...problem('', key), status: 403 };
    default:
      return problem('code', key);
  }
}

export function passwordProblem(answer: PasswordEntryProblem): Problem {
  const key = `signin.password.error.${answer.reason}`;
  switch (answer.reason) {
    case 'wrong':
      return problem('password', key, { count: answer.attemptsLeft });
    case 'no_password':
      return problem('password', key);
    case 'locked':
      return { ...problem('', key, waiting(answer.retryAfter)), status: 429, retryAfter: answer.retryAfter };
    case 'exhausted':
      return { ...problem('', key), status: 429 };
    case 'busy':
      return { ...problem('', key), status: 503, retryAfter: 5 };
    case 'disabled':
      return { ...problem('', 'signin.code.error.disabled'), status: 403 };
    default:
      return problem('phone', `signin.phone.error.${answer.reason}`);
  }
}

function waiting(retryAfter: number): { minutes: number } {
  return { minutes: Math.ceil(retryAfter / 60) };
}
