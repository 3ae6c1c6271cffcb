import type { Clock } from '../core/clock.ts';
import {
  subjectKey,
  subjectOf,
  tokenClaims,
  webhookBody,
  webhookHeaders,
  type SignalIdentities,
} from './messages.ts';
import { signalPolicy } from './policy.ts';
import type { SignalAnswer, SignalSender } from './sender.ts';
import type { StreamStore } from './stores.ts';
import type { Delivery, Stream } from './stream.ts';

/** Signs the claims of a security event token with the provider's current key. */
export type SignToken = (claims: object) => Promise<string>;

export type DeliveringDependencies = {
  readonly issuer: string;
  readonly streams: Pick<StreamStore, 'secret' | 'isRemoved'>;
  readonly identities: SignalIdentities;
  readonly signToken: SignToken;
  readonly sender: SignalSender;
  readonly clock: Clock;
};

/**
 * What became of an attempt. `refused`: the receiver does not want this one, the next may go. `failed`: it could not be
 * told; this one is tried again before any later one about its subject. `gone`: it wants no more at all.
 */
export type Attempt = {
  readonly outcome: 'delivered' | 'refused' | 'failed' | 'gone';
  readonly code: string;
};

const delivered: Attempt = { outcome: 'delivered', code: '' };

/** Errors of RFC 8935 section 2.4 that say something about the stream, not about the one token. */
const streamErrors = [
  'invalid_key',
  'invalid_issuer',
  'invalid_audience',
  'authentication_failed',
  'access_denied',
];

export type Delivering = {
  /** The token of a delivery; undefined where the receiver does not want to hear of the subject, or it is gone. */
  tokenOf(delivery: Delivery, stream: Stream): Promise<string | undefined>;
  send(delivery: Delivery, stream: Stream): Promise<Attempt>;
};

export function createDelivering(dependencies: DeliveringDependencies): Delivering {
  const { issuer, streams, identities, signToken, sender, clock } = dependencies;

  const wantedSubject = async (delivery: Delivery, stream: Stream) => {
    const subject = await subjectOf(delivery, stream, identities, issuer);
    return subject && !(await streams.isRemoved(stream.id, subjectKey(subject))) ? subject : undefined;
  };

  const tokenOf: Delivering['tokenOf'] = async (delivery, stream) => {
    const subject = await wantedSubject(delivery, stream);
    return subject && signToken(tokenClaims(delivery, stream.clientId, subject, issuer));
  };

  async function push(delivery: Delivery, stream: Stream): Promise<Attempt> {
    const body = await tokenOf(delivery, stream);
    if (body === undefined) return { outcome: 'refused', code: 'subject_removed' };
    const authorization = stream.hasSecret ? await streams.secret(stream.id) : undefined;
    const headers = {
      'content-type': 'application/secevent+jwt',
      accept: 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
    };
    return judgePush(await post(stream, headers, body));
  }

  async function callWebhook(delivery: Delivery, stream: Stream): Promise<Attempt> {
    const subject = await wantedSubject(delivery, stream);
    if (!subject) return { outcome: 'refused', code: 'subject_removed' };
    const secret = await streams.secret(stream.id);
    if (secret === undefined) return { outcome: 'failed', code: 'no_secret' };
    const body = webhookBody(delivery, subject);
    const answer = await post(stream, webhookHeaders(delivery.id, clock.now(), body, secret), body);
    if (!answer.answered) return { outcome: 'failed', code: answer.code };
    // Standard Webhooks: 410 is how a receiver says that it is not there any more.
    if (answer.status === 410) return { outcome: 'gone', code: 'http_410' };
    return isSuccess(answer) ? delivered : { outcome: 'failed', code: `http_${answer.status}` };
  }

  const post = ({ endpointUrl = '' }: Stream, headers: Readonly<Record<string, string>>, body: string) =>
    sender.post({
      url: endpointUrl,
      headers: { ...headers, 'user-agent': 'Shiming' },
      body,
      timeout: signalPolicy.sendTimeout,
    });

  return {
    tokenOf,
    send: (delivery, stream) =>
      stream.method === 'webhook' ? callWebhook(delivery, stream) : push(delivery, stream),
  };
}

function judgePush(answer: SignalAnswer): Attempt {
  if (!answer.answered) return { outcome: 'failed', code: answer.code };
  if (isSuccess(answer)) return delivered;
  const code = `http_${answer.status}`;
  if (answer.status !== 400) return { outcome: 'failed', code };
  const err = readError(answer.body);
  if (err === undefined) return { outcome: 'failed', code };
  return { outcome: streamErrors.includes(err) ? 'failed' : 'refused', code: err };
}

function isSuccess({ status }: { readonly status: number }): boolean {
  return status >= 200 && status < 300;
}

/** The `err` of an answer in the form of RFC 8935 section 2.3. */
function readError(body: string): string | undefined {
  try {
    const { err } = JSON.parse(body) as { err?: unknown };
    return typeof err === 'string' && /^[\w.-]{1,64}$/.test(err) ? err : undefined;
  } catch {
    return undefined;
  }
}
