import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PhoneNumber, SmsSender } from '../../src/accounts/index.ts';
import type { MessageId } from '../../src/core/ids.ts';
import { createInboxSender } from '../../src/providers/inbox.ts';
import { createTwilioSender, type TwilioOptions } from '../../src/providers/sms/twilio.ts';
import { describeDatabases } from '../support/databases.ts';

const accountSid = `AC${'0123456789abcdef'.repeat(2)}`;
const service = `MG${'f'.repeat(32)}`;
let count = 0;
const sms = () => ({
  id: `msg_${++count}` as MessageId,
  to: '+8613812345678' as PhoneNumber,
  text: `【实名】验证码 ${100000 + count}，10 分钟内有效`,
});

/** What every sender does, whoever the vendor is. */
function contract(make: () => SmsSender): void {
  it('takes a message and knows afterwards that it has it', async () => {
    const [sent, unsent] = [sms(), sms()];
    const sender = make();
    expect(await sender.send(sent)).toMatchObject({ result: 'accepted' });
    expect(await sender.find(sent, Date.now() - 60_000)).toBe('accepted');
    expect(await sender.find(unsent, Date.now() - 60_000)).toBe('absent');
  });
}

describeDatabases('the development inbox', (open) => {
  let inbox: Awaited<ReturnType<typeof open>>['stores']['inbox'];
  beforeAll(async () => (inbox = (await open()).stores.inbox));
  contract(() => createInboxSender(inbox, 'development'));

  it('keeps a repeated message once, newest first', async () => {
    const sender = createInboxSender(inbox, 'development');
    const message = { ...sms(), to: '+8613900000000' as PhoneNumber };
    await sender.send(message);
    await sender.send(message);
    expect(await inbox.list(10, message.to)).toMatchObject([{ id: message.id, text: message.text }]);
  });

  it('does not load in production', () => {
    expect(() => createInboxSender(inbox, 'production')).toThrow(/production/);
  });
});

describe('Twilio', () => {
  let server: Server;
  let baseUrl: string;
  let taken: URLSearchParams[] = [];
  /** Overrides the answer to the next request. */
  let next: ((response: ServerResponse) => void) | undefined;

  beforeAll(async () => {
    server = createServer((request, response) => void answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    next = undefined;
    taken = [];
  });

  /** Checks what Twilio checks: credentials, path, encoding, and exactly one kind of sender. */
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://x');
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const credentials = `Basic ${Buffer.from(`${accountSid}:right-token`).toString('base64')}`;
    if (request.headers.authorization !== credentials)
      return json(response, 401, { code: 20003, message: 'Authenticate' });
    if (url.pathname !== `/2010-04-01/Accounts/${accountSid}/Messages.json`) {
      return json(response, 404, { code: 20404, message: 'not found' });
    }
    if (next) return next(response);
    if (request.method === 'GET') {
      const messages = taken
        .filter((form) => form.get('To') === url.searchParams.get('To') && url.searchParams.has('DateSent>'))
        .map((form) => ({
          sid: 'SM1',
          body: `${form.get('Body')} `,
          status: form.get('Status') ?? 'delivered',
        }));
      return json(response, 200, { messages, page_size: 50, page: 0 });
    }
    const form = new URLSearchParams(body);
    const typed = request.headers['content-type'] === 'application/x-www-form-urlencoded';
    if (!typed || form.has('From') === form.has('MessagingServiceSid') || !form.get('Body')) {
      return json(response, 400, { code: 21603, message: 'a sender is required' });
    }
    if (!/^\+[1-9]\d{5,14}$/.test(form.get('To') ?? ''))
      return json(response, 400, { code: 21211, message: 'To' });
    taken.push(form);
    return json(response, 201, { sid: 'SM0123456789abcdef', status: 'queued', error_code: null });
  }

  function json(response: ServerResponse, status: number, value: object): void {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  }

  const sender = (over: Partial<TwilioOptions> = {}) =>
    createTwilioSender({
      accountSid,
      authToken: 'right-token',
      sender: service,
      baseUrl,
      timeout: 500,
      ...over,
    });

  contract(() => sender());

  it('names a messaging service or a number as the sender', async () => {
    const message = sms();
    expect(await sender().send(message)).toEqual({ result: 'accepted', vendorId: 'SM0123456789abcdef' });
    expect(Object.fromEntries(taken[0] ?? [])).toEqual({
      To: message.to,
      Body: message.text,
      MessagingServiceSid: service,
    });
    await sender({ sender: '+12025550123' }).send(message);
    expect(taken[1]?.get('From')).toBe('+12025550123');
  });

  it('reports wrong credentials as final and as ours', async () => {
    expect(await sender({ authToken: 'wrong' }).send(sms())).toEqual({
      result: 'permanent',
      reason: 'vendor',
      vendorCode: '20003',
    });
  });

  it.each([
    [400, 21211, { result: 'permanent', reason: 'recipient' }],
    [400, 21610, { result: 'permanent', reason: 'recipient' }],
    [400, 21614, { result: 'permanent', reason: 'recipient' }],
    [400, 21408, { result: 'permanent', reason: 'vendor' }],
    [403, 20008, { result: 'permanent', reason: 'vendor' }],
    [400, 21611, { result: 'transient' }],
    [429, 20429, { result: 'transient' }],
    [503, 20503, { result: 'transient' }],
    [500, 20500, { result: 'unknown' }],
    [502, undefined, { result: 'unknown' }],
  ])('understands status %i with code %s', async (status, code, outcome) => {
    next = (response) => json(response, status, { code, message: 'no', status });
    expect(await sender().send(sms())).toEqual({ ...outcome, vendorCode: String(code ?? status) });
  });

  it('understands an answer that is no JSON', async () => {
    next = (response) => void response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>oops</h1>');
    expect(await sender().send(sms())).toMatchObject({ result: 'unknown' });
  });

  it('does not know after a time-out or a broken connection', async () => {
    next = () => undefined;
    expect(await sender().send(sms())).toMatchObject({ result: 'unknown', vendorCode: 'ECONNABORTED' });
    next = (response) => response.destroy();
    expect(await sender().send(sms())).toMatchObject({ result: 'unknown', vendorCode: 'ECONNRESET' });
  });

  it('knows that nothing was taken where nobody listens', async () => {
    expect(await sender({ baseUrl: 'http://127.0.0.1:1' }).send(sms())).toEqual({
      result: 'transient',
      vendorCode: 'ECONNREFUSED',
    });
  });

  it('cannot tell what became of a message when the vendor does not answer', async () => {
    next = (response) => json(response, 500, {});
    expect(await sender().find(sms(), 0)).toBe('unknown');
  });

  it('takes a message that failed at the vendor for one it does not have', async () => {
    const message = sms();
    taken = [new URLSearchParams({ To: message.to, Body: message.text, Status: 'failed' })];
    expect(await sender().find(message, 0)).toBe('absent');
  });
});
