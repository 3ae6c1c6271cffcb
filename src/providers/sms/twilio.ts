import { createRequire } from 'node:module';
import type TwilioSdk from 'twilio';
import type { Twilio } from 'twilio';
import type { SmsOutcome, SmsSender } from '../../accounts/index.ts';
import { seconds } from '../../core/clock.ts';

export type TwilioOptions = {
  readonly accountSid: string;
  readonly authToken: string;
  /** A messaging service (`MG…`) or a number in E.164. */
  readonly sender: string;
  /** Another address instead of `https://api.twilio.com`, for a local stand-in. */
  readonly baseUrl?: string;
  /** Milliseconds; shorter than the lease of a message. */
  readonly timeout?: number;
};

/** Error codes that say the number cannot be reached, https://www.twilio.com/docs/api/errors. */
const recipientCodes = new Set([
  21211, // invalid "To" number
  21214, // "To" number cannot be reached
  21217, // not a valid phone number
  21265, // "To" number cannot be a short code
  21610, // the recipient has unsubscribed
  21612, // not reachable from this sender
  21614, // not a mobile number
  21635, // a landline
  30003, // unreachable handset
  30005, // unknown handset
  30006, // landline or unreachable carrier
]);

/** Refusals for lack of capacity, whatever their HTTP status: the message was not taken. */
const capacityCodes = new Set([14107, 20429, 21611, 30001, 30022]);

/** Errors of the connection itself: no request reached the vendor. */
const unreachable = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Twilio's Programmable Messaging, https://www.twilio.com/docs/messaging/api/message-resource. */
export function createTwilioSender(options: TwilioOptions): SmsSender {
  let made: Twilio | undefined;
  const client = () => (made ??= createClient(options));
  const from = options.sender.startsWith('MG')
    ? { messagingServiceSid: options.sender }
    : { from: options.sender };
  return {
    vendor: 'twilio',
    async send({ to, text }) {
      try {
        const { sid, errorCode } = await client().messages.create({ to, body: text, ...from });
        return errorCode ? judge(400, errorCode) : { result: 'accepted', vendorId: sid };
      } catch (error) {
        return toOutcome(error);
      }
    },
    async find({ to, text }, since) {
      try {
        // The vendor's clock and ours may differ, and `DateSent` is compared by the second.
        const dateSentAfter = new Date(since - seconds(60));
        const found = await client().messages.list({ to, dateSentAfter, limit: 50 });
        // A messaging service may put a prefix or suffix around the text.
        const ours = found.find(({ body }) => body.includes(text));
        if (!ours) return 'absent';
        return ours.status === 'failed' || ours.status === 'canceled' ? 'absent' : 'accepted';
      } catch {
        return 'unknown';
      }
    },
  };
}

/** The package takes a third of a second to load, so it waits for the first message. */
function createClient({ accountSid, authToken, baseUrl, timeout = seconds(10) }: TwilioOptions): Twilio {
  const twilio = createRequire(import.meta.url)('twilio') as typeof TwilioSdk;
  class Redirected extends twilio.RequestClient {
    override request<T>(request: Parameters<typeof twilio.RequestClient.prototype.request<T>>[0]) {
      const uri = baseUrl ? request.uri.replace('https://api.twilio.com', baseUrl) : request.uri;
      return super.request<T>({ ...request, uri });
    }
  }
  return twilio(accountSid, authToken, { httpClient: new Redirected({ timeout }) });
}

function toOutcome(error: unknown): SmsOutcome {
  const { status, code } = (typeof error === 'object' && error !== null ? error : {}) as {
    status?: unknown;
    code?: unknown;
  };
  if (typeof status === 'number') return judge(status, typeof code === 'number' ? code : undefined);
  const vendorCode = typeof code === 'string' ? { vendorCode: code } : {};
  return typeof code === 'string' && unreachable.has(code)
    ? { result: 'transient', ...vendorCode }
    : { result: 'unknown', ...vendorCode };
}

/**
 * 4xx is final, except for lack of capacity. 503 was not taken; any other 5xx may have been taken before it broke.
 */
function judge(status: number, code: number | undefined): SmsOutcome {
  const vendorCode = String(code ?? status);
  if (status === 429 || status === 503 || (code !== undefined && capacityCodes.has(code))) {
    return { result: 'transient', vendorCode };
  }
  if (status >= 500) return { result: 'unknown', vendorCode };
  const reason = code !== undefined && recipientCodes.has(code) ? 'recipient' : 'vendor';
  return { result: 'permanent', reason, vendorCode };
}
