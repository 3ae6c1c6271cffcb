import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { Authority, AuthorityAnswer, AuthorityQuestion } from '../../verification/authority.ts';
import { exchange } from '../exchange.ts';
import { toAnswer, unavailable, type Codes } from './meaning.ts';

export type OperatorOptions = {
  /** Where the questions are posted. */
  readonly endpoint: string;
  readonly secret: string;
  /** Tells which secret signed; for operators that rotate theirs. */
  readonly keyId?: string | undefined;
  readonly faces: boolean;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
};

const outcomes = ['match', 'mismatch', 'no_record', 'malformed'] as const;

/** Docs/authority.md describes this to whoever writes the other end. */
const answerSchema = z.strictObject({
  outcome: z.enum(outcomes),
  reference: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
  similarity: z.number().min(0).max(1).optional(),
});

/** Answers of the operator's own endpoint: what it decides, and the HTTP statuses by which it says that it cannot. */
export const operatorCodes: Codes = {
  match: ['match', 'name and number agree, and the face where one was sent'],
  mismatch: ['mismatch', 'they do not agree'],
  no_record: ['no_record', 'the register holds no such number'],
  malformed: ['malformed', 'the register does not take the name, the number or the picture'],
  http_400: ['operator', 'the endpoint does not understand the question'],
  http_401: ['operator', 'the signature was refused: another secret, or clocks five minutes apart'],
  http_403: ['operator', 'the signature was refused'],
  http_409: ['later', 'the same question is being answered right now'],
};

/** The operator's own service: a signed JSON question over HTTPS. */
export function createOperatorAuthority(options: OperatorOptions, clock: Clock): Authority {
  return {
    name: 'operator',
    comparesFaces: options.faces,
    async look(question) {
      const faceSent = options.faces && question.face !== undefined;
      const reply = await exchange(...request(options, question, clock));
      if (!reply.ok) return toRefusal(reply.code, reply.retryable);
      return reply.status === 200
        ? toOperatorAnswer(reply.body, faceSent)
        : toRefusal(`http_${reply.status}`, false);
    },
  };
}

function request(
  { endpoint, secret, keyId, faces, timeout }: OperatorOptions,
  { reference, name, number, face }: AuthorityQuestion,
  clock: Clock,
): Parameters<typeof exchange> {
  const picture = faces && face ? { face: face.toString('base64') } : {};
  const body = JSON.stringify({ reference, name, number, ...picture });
  const at = Math.floor(clock.now() / 1000);
  const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    'idempotency-key': reference,
    'shiming-signature': `t=${at},v1=${signature}`,
    ...(keyId ? { 'shiming-key-id': keyId } : {}),
  };
  return [endpoint, { headers, body, timeout }];
}

function toRefusal(code: string, retryable: boolean): AuthorityAnswer {
  return Object.hasOwn(operatorCodes, code)
    ? unavailable(code, operatorCodes[code]?.[0] === 'later')
    : unavailable(code, retryable);
}

function toOperatorAnswer(body: unknown, faceSent: boolean): AuthorityAnswer {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) return unavailable('unexpected_answer', false);
  const { outcome, reference, similarity } = parsed.data;
  return toAnswer(operatorCodes, outcome, {
    faceSent,
    vendorReference: reference,
    faceSimilarity: faceSent ? similarity : undefined,
  });
}
