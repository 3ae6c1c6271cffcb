import Router from '@koa/router';
import { z } from 'zod';
import { signalPolicy, streamStates, type Signals, type Stream } from '../../../signals/index.ts';
import { parseBody } from '../../body.ts';
import type { Context, Middleware, State } from '../../context.ts';
import { answerProblem, authenticate, notFound, readBody, SsfProblem, toProblem } from './access.ts';
import type { ReadToken, SsfScope } from './access.ts';
import {
  checkSupplied,
  createBody,
  paths,
  replaceBody,
  represent,
  toWish,
  transmitterMetadata,
  updateBody,
} from './configuration.ts';

export type SsfDependencies = {
  readonly signals: Pick<Signals, 'receivers' | 'poll'>;
  readonly readToken: ReadToken;
  readonly issuer: string;
  readonly production: boolean;
};

const streamId = z.string('must name the stream');
const statusBody = z.object({
  stream_id: streamId,
  status: z.enum(streamStates, 'must be enabled, paused or disabled'),
  reason: z.string().max(500).optional(),
});
const verificationBody = z.object({ stream_id: streamId, state: z.string().max(1000).optional() });
const pollBody = z.object({
  maxEvents: z.int().min(0).optional(),
  returnImmediately: z.boolean().optional(),
  ack: z.array(z.string().max(100)).max(1000).optional(),
  setErrs: z
    .record(z.string().max(100), z.object({ err: z.string(), description: z.string().optional() }))
    .optional(),
});

/**
 * The transmitter's side of SSF 1.0 and of polling (RFC 8936), for apps with an access token of their own. It stands
 * before the pages: no cookie means anything here, so nothing here needs protection from forged forms.
 */
export function ssfApi({ signals, readToken, issuer, production }: SsfDependencies): Middleware {
  const { receivers } = signals;
  const router = new Router<State>();
  const resource = `${issuer}/ssf`;

  type Handler = (ctx: Context & { params: Record<string, string> }, clientId: string) => Promise<void>;
  const as =
    (scope: SsfScope, handler: Handler) =>
    async (ctx: Context & { params: Record<string, string> }): Promise<void> => {
      ctx.set('cache-control', 'no-store');
      try {
        const clientId = await authenticate(ctx, readToken, scope, resource);
        await parseBody(ctx, () => handler(ctx, clientId));
      } catch (error) {
        answerProblem(ctx, toProblem(error));
      }
    };
  const answer = (ctx: Context, body: unknown, status = 200): void => {
    ctx.status = status;
    ctx.type = 'application/json';
    ctx.body = JSON.stringify(body);
  };
  const required = async (clientId: string, id: string): Promise<Stream> => {
    const stream = await receivers.find(clientId, id);
    if (!stream) throw notFound();
    return stream;
  };

  router.get('/.well-known/ssf-configuration', (ctx) => {
    ctx.set({ 'cache-control': 'public, max-age=3600', 'access-control-allow-origin': '*' });
    answer(ctx, transmitterMetadata(issuer));
  });

  router.post(
    paths.configuration,
    as('ssf.manage', async (ctx, clientId) => {
      const result = await receivers.create(
        clientId,
        toWish(readBody(ctx, createBody), undefined, production),
      );
      if (!result.ok) {
        throw new SsfProblem(
          409,
          `An app has at most ${signalPolicy.streamsPerClient} streams; delete or change one.`,
        );
      }
      answer(ctx, represent(result.stream, issuer), 201);
    }),
  );

  router.get(
    paths.configuration,
    as('ssf.read', async (ctx, clientId) => {
      const id = ctx.query['stream_id'];
      const found = typeof id === 'string' ? await required(clientId, id) : await receivers.list(clientId);
      answer(
        ctx,
        'id' in found ? represent(found, issuer) : found.map((stream) => represent(stream, issuer)),
      );
    }),
  );

  for (const method of ['patch', 'put'] as const) {
    router[method](
      paths.configuration,
      as('ssf.manage', async (ctx, clientId) => {
        const body = readBody(ctx, method === 'put' ? replaceBody : updateBody);
        const stream = await required(clientId, body.stream_id);
        checkSupplied(body, stream, issuer);
        const wish = toWish(body, method === 'put' ? undefined : stream, production);
        const changed = await receivers.change(clientId, stream.id, wish);
        if (!changed) throw notFound();
        answer(ctx, represent(changed, issuer));
      }),
    );
  }

  router.delete(
    paths.configuration,
    as('ssf.manage', async (ctx, clientId) => {
      const id = ctx.query['stream_id'];
      if (typeof id !== 'string') throw new SsfProblem(400, 'Name the stream in the query: ?stream_id=…');
      if (!(await receivers.remove(clientId, id))) throw notFound();
      ctx.status = 204;
    }),
  );

  router.get(
    paths.status,
    as('ssf.read', async (ctx, clientId) => {
      const id = ctx.query['stream_id'];
      if (typeof id !== 'string') throw new SsfProblem(400, 'Name the stream in the query: ?stream_id=…');
      answer(ctx, statusOf(await required(clientId, id)));
    }),
  );

  router.post(
    paths.status,
    as('ssf.manage', async (ctx, clientId) => {
      const { stream_id: id, status, reason } = readBody(ctx, statusBody);
      const result = await receivers.setState(clientId, id, status, reason);
      if (result.ok) return answer(ctx, statusOf(result.stream));
      throw result.reason === 'unknown'
        ? notFound()
        : new SsfProblem(403, 'The operator has disabled this stream; ask them to enable it.');
    }),
  );

  const subjectBody = z.object({
    stream_id: streamId,
    subject: z.discriminatedUnion(
      'format',
      [
        z.object({
          format: z.literal('iss_sub'),
          iss: z.literal(issuer, `must be ${issuer}`),
          sub: z.string().min(1).max(255),
        }),
        z.object({ format: z.literal('opaque'), id: z.string().min(1).max(255) }),
      ],
      'format must be iss_sub for people or opaque for companies',
    ),
  });

  router.post(
    paths.addSubject,
    as('ssf.manage', async (ctx, clientId) => {
      const { stream_id: id, subject } = readBody(ctx, subjectBody);
      if (!(await receivers.addSubject(clientId, id, subject))) throw notFound();
      ctx.status = 200;
      ctx.body = '';
    }),
  );

  router.post(
    paths.removeSubject,
    as('ssf.manage', async (ctx, clientId) => {
      const { stream_id: id, subject } = readBody(ctx, subjectBody);
      const result = await receivers.removeSubject(clientId, id, subject);
      if (!result.ok && result.reason === 'unknown') throw notFound();
      if (!result.ok) throw new SsfProblem(403, 'The stream has removed as many subjects as it can.');
      ctx.status = 204;
    }),
  );

  router.post(
    paths.verification,
    as('ssf.manage', async (ctx, clientId) => {
      const { stream_id: id, state } = readBody(ctx, verificationBody);
      const result = await receivers.verify(clientId, id, state);
      if (!result.ok && result.reason === 'unknown') throw notFound();
      if (!result.ok) {
        const retryAfter = signalPolicy.verificationInterval / 1000;
        throw new SsfProblem(429, `Ask for a verification every ${retryAfter} seconds at most.`, {
          retryAfter,
        });
      }
      ctx.status = 204;
    }),
  );

  router.post(
    paths.poll,
    as('ssf.read', async (ctx, clientId) => {
      const body = readBody(ctx, pollBody);
      const gone = new AbortController();
      ctx.res.once('close', () => gone.abort());
      const polled = await signals.poll(clientId, ctx.params['id'] ?? '', body, gone.signal);
      if (!polled) throw notFound();
      answer(ctx, polled);
    }),
  );

  return router.routes() as Middleware;
}

function statusOf({ id, state, reason }: Stream): Record<string, string> {
  return { stream_id: id, status: state, ...(reason === undefined ? {} : { reason }) };
}
