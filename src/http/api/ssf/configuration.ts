import { z } from 'zod';
import {
  endpointProblem,
  eventUris,
  signalPolicy,
  type Stream,
  type StreamWish,
} from '../../../signals/index.ts';
import { SsfProblem } from './access.ts';

export const pushMethod = 'urn:ietf:rfc:8935';
export const pollMethod = 'urn:ietf:rfc:8936';

export const paths = {
  configuration: '/ssf/streams',
  status: '/ssf/status',
  addSubject: '/ssf/subjects/add',
  removeSubject: '/ssf/subjects/remove',
  verification: '/ssf/verification',
  poll: '/ssf/poll/:id',
} as const;

/** SSF 1.0 section 7.1: what a receiver needs to begin. */
export function transmitterMetadata(issuer: string): Record<string, unknown> {
  return {
    spec_version: '1_0',
    issuer,
    jwks_uri: `${issuer}/oauth/jwks`,
    delivery_methods_supported: [pushMethod, pollMethod],
    configuration_endpoint: `${issuer}${paths.configuration}`,
    status_endpoint: `${issuer}${paths.status}`,
    add_subject_endpoint: `${issuer}${paths.addSubject}`,
    remove_subject_endpoint: `${issuer}${paths.removeSubject}`,
    verification_endpoint: `${issuer}${paths.verification}`,
    authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
    default_subjects: 'ALL',
  };
}

const header = z
  .string()
  .max(4000, 'must not be longer than 4000 characters')
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII');

const delivery = z.discriminatedUnion(
  'method',
  [
    z.object({
      method: z.literal(pushMethod),
      endpoint_url: z.string('must be the address to push to'),
      authorization_header: header.nullish(),
    }),
    z.object({ method: z.literal(pollMethod), endpoint_url: z.string().optional() }),
  ],
  `method must be ${pushMethod} or ${pollMethod}`,
);

const receiverSupplied = {
  delivery: delivery.optional(),
  events_requested: z.array(z.string().max(500)).min(1, 'must not be empty').max(100).optional(),
  description: z.string().max(500, 'must not be longer than 500 characters').optional(),
};

const streamId = z.string('must name the stream').min(1, 'must name the stream').max(200);

export const createBody = z.object(receiverSupplied);
/** Members that we supply come through, to be compared with what they are. */
export const updateBody = z.looseObject({ stream_id: streamId, ...receiverSupplied });
export const replaceBody = z.looseObject({ stream_id: streamId, ...receiverSupplied, delivery });

type Given = Partial<z.output<typeof createBody>>;

/** A stream as its receiver sees it (SSF 1.0 section 8.1.1). Its authorization header is never shown again. */
export function represent(stream: Stream, issuer: string): Record<string, unknown> {
  const supported = eventUris(issuer);
  const requested = stream.eventsRequested;
  return {
    stream_id: stream.id,
    iss: issuer,
    aud: stream.clientId,
    delivery:
      stream.method === 'poll'
        ? { method: pollMethod, endpoint_url: `${issuer}${paths.poll.replace(':id', stream.id)}` }
        : { method: pushMethod, endpoint_url: stream.endpointUrl },
    events_supported: supported,
    ...(requested ? { events_requested: requested } : {}),
    events_delivered: requested ? supported.filter((uri) => requested.includes(uri)) : supported,
    min_verification_interval: signalPolicy.verificationInterval / 1000,
    ...(stream.description === undefined ? {} : { description: stream.description }),
  };
}

const ours = ['iss', 'aud', 'events_supported', 'events_delivered', 'min_verification_interval'] as const;

/** SSF 1.0 section 8.1.1.3: what the transmitter supplies may be repeated, not changed. */
export function checkSupplied(body: Readonly<Record<string, unknown>>, stream: Stream, issuer: string): void {
  const current = represent(stream, issuer);
  const changed = ours.find(
    (name) => body[name] !== undefined && JSON.stringify(body[name]) !== JSON.stringify(current[name]),
  );
  if (changed !== undefined)
    throw new SsfProblem(400, `${changed}: only the transmitter sets it; leave it as it is.`);
  const { delivery: given } = body as Given;
  const address = (current['delivery'] as { method: string; endpoint_url?: string }).endpoint_url;
  if (
    given?.method === pollMethod &&
    stream.method === 'poll' &&
    given.endpoint_url !== undefined &&
    given.endpoint_url !== address
  )
    throw new SsfProblem(400, 'delivery.endpoint_url: the transmitter sets it for polling; leave it out.');
}

/** What the receiver wants, over what it wanted before. Without a method it polls. */
export function toWish(given: Given, before: Stream | undefined, production: boolean): StreamWish {
  const asked = given.delivery;
  const isPush = asked ? asked.method === pushMethod : before?.method === 'push';
  const url = asked?.method === pushMethod ? asked.endpoint_url : asked ? undefined : before?.endpointUrl;
  const problem = isPush ? endpointProblem(url ?? '', { production }) : undefined;
  if (problem !== undefined) throw new SsfProblem(400, `delivery.endpoint_url ${problem}`);
  return {
    method: isPush ? 'push' : 'poll',
    endpointUrl: isPush ? url : undefined,
    authorization: asked?.method === pushMethod ? asked.authorization_header : undefined,
    eventsRequested: given.events_requested ?? before?.eventsRequested,
    description: given.description ?? before?.description,
  };
}
