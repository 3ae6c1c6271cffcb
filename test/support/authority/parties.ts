import type { ServerResponse } from 'node:http';
import { ManualClock } from '../../../src/core/clock.ts';
import { systemRandom } from '../../../src/core/random.ts';
import { createAlibabaAuthority } from '../../../src/providers/authority/alibaba.ts';
import { createOperatorAuthority } from '../../../src/providers/authority/operator.ts';
import { createTencentAuthority } from '../../../src/providers/authority/tencent.ts';
import type { Authority, AuthorityQuestion } from '../../../src/verification/authority.ts';
import * as alibaba from './alibaba.ts';
import { operatorKeys, operatorVendor } from './operator.ts';
import type { Answer, Vendor } from './stand-in.ts';
import * as tencent from './tencent.ts';

export const clock = new ManualClock(Date.UTC(2026, 10, 23, 12));
export const face = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');
/** Nobody's: the number belongs to no person. */
export const question: AuthorityQuestion = {
  reference: 'case_0123-1',
  name: '欧阳样本·阿依',
  number: '11010519491231002X',
};

export type Options = {
  endpoint?: string;
  wrongSecret?: boolean;
  faces?: boolean;
  clock?: ManualClock;
  /** Milliseconds. */
  timeout?: number;
};
export type Kind = 'mismatch' | 'no_record' | 'malformed' | 'busy' | 'unknown' | 'unlike';

type Party = {
  readonly vendor: (now: () => number) => Vendor;
  readonly make: (url: string, options: Options) => Authority;
  /** A match that names the look-up `reference`. */
  readonly match: (reference: string) => Answer;
  /** How this vendor says it. */
  readonly replies: Readonly<Record<Kind, Answer>>;
  readonly secrets: Readonly<Record<string, string>>;
};

export const wrong = 'not-the-secret-at-all';
export const parties: Readonly<Record<string, Party>> = {
  tencent_faceid: {
    vendor: tencent.tencentVendor,
    make: (url, { endpoint = url, wrongSecret, faces = true, clock: at = clock, timeout = 5000 }) =>
      createTencentAuthority(
        {
          ...tencent.tencentKeys,
          ...(wrongSecret ? { secretKey: wrong } : {}),
          endpoint,
          faces,
          timeout,
        },
        at,
      ),
    match: (RequestId) => ({ status: 200, body: { Response: { Result: 'Success', Sim: 80, RequestId } } }),
    replies: {
      mismatch: tencent.verified('-1'),
      no_record: tencent.verified('-5'),
      malformed: tencent.verified('-2'),
      busy: tencent.refuse('RequestLimitExceeded'),
      unknown: tencent.verified('-99'),
      unlike: tencent.recognised('FailedOperation.CompareLowSimilarity', 21.5),
    },
    secrets: { secret: tencent.tencentKeys.secretKey },
  },
  alibaba_cloudauth: {
    vendor: alibaba.alibabaVendor,
    make: (url, { endpoint = url, wrongSecret, faces = true, clock: at = clock, timeout = 5000 }) =>
      createAlibabaAuthority(
        {
          ...alibaba.alibabaKeys,
          ...(wrongSecret ? { accessKeySecret: wrong } : {}),
          endpoint,
          faces,
          timeout,
        },
        { clock: at, random: systemRandom },
      ),
    match: (RequestId) => ({
      status: 200,
      body: { Code: '200', RequestId, ResultObject: { BizCode: '1', FaceDetail: '{"verifyScore":80}' } },
    }),
    replies: {
      mismatch: alibaba.verdict('200', { BizCode: '2' }),
      no_record: alibaba.verdict('200', { BizCode: '3' }),
      malformed: alibaba.verdict('401'),
      busy: alibaba.refuse(400, 'Throttling.User'),
      unknown: alibaba.verdict('200', { BizCode: '9' }),
      unlike: alibaba.verdict('200', {
        BizCode: '2',
        SubCode: '204',
        FaceDetail: '{"verifyScore":21.5}',
      }),
    },
    secrets: { secret: alibaba.alibabaKeys.accessKeySecret },
  },
  operator: {
    vendor: operatorVendor,
    make: (url, { endpoint = url, wrongSecret, faces = true, clock: at = clock, timeout = 5000 }) =>
      createOperatorAuthority(
        {
          ...operatorKeys,
          ...(wrongSecret ? { secret: wrong } : {}),
          endpoint: `${endpoint}/authority`,
          faces,
          timeout,
        },
        at,
      ),
    match: (reference) => ({ status: 200, body: { outcome: 'match', similarity: 0.8, reference } }),
    replies: {
      mismatch: { status: 200, body: { outcome: 'mismatch' } },
      no_record: { status: 200, body: { outcome: 'no_record' } },
      malformed: { status: 200, body: { outcome: 'malformed' } },
      busy: { status: 429, body: {} },
      unknown: { status: 200, body: { outcome: 'perhaps' } },
      unlike: { status: 200, body: { outcome: 'mismatch', similarity: 0.215 } },
    },
    secrets: { secret: operatorKeys.secret },
  },
};

const endless = (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'application/json' }).write('{"a":"');
  const more = () => {
    while (!response.destroyed && response.write('a'.repeat(64 * 1024)));
  };
  response.on('drain', more);
  more();
};

const page = '<!doctype html><p>maintenance</p>';

/** What can go wrong on the way, and the codes it may go by; each is tried again. */
export const outages: Readonly<Record<string, [codes: string, behave: (response: ServerResponse) => void]>> =
  {
    'a fault inside': ['http_500', (response) => void response.writeHead(500).end('{}')],
    'an outage': ['http_503', (response) => void response.writeHead(503).end(page)],
    'too many requests': ['http_429', (response) => void response.writeHead(429).end()],
    silence: ['timeout', () => undefined],
    'an answer that stops': ['timeout', (response) => void response.writeHead(200).write('{"Response":')],
    'an answer that never ends': ['answer_too_long', endless],
    'a page instead of JSON': [
      'not_json',
      (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(page),
    ],
    'half an answer': [
      'not_json',
      (response) => void response.writeHead(200).end('{"Response":{"Result":"0"'),
    ],
    'an answer cut off': [
      'UND_ERR_SOCKET|ECONNRESET',
      (response) => {
        response.writeHead(200, { 'content-length': '400' }).write('{"Code":"200"');
        setTimeout(() => response.destroy(), 20);
      },
    ],
    'a broken connection': ['UND_ERR_SOCKET|ECONNRESET', (response) => void response.destroy()],
  };
