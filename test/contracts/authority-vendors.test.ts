import fc from 'fast-check';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { CommonClient } from 'tencentcloud-sdk-nodejs-common/tencentcloud/common/common_client.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemRandom } from '../../src/core/random.ts';
import { alibabaCodes } from '../../src/providers/authority/alibaba-codes.ts';
import { createAlibabaAuthority, signV3 } from '../../src/providers/authority/alibaba.ts';
import { toAnswer, type Codes } from '../../src/providers/authority/meaning.ts';
import { createOperatorAuthority, operatorCodes } from '../../src/providers/authority/operator.ts';
import { tencentCodes } from '../../src/providers/authority/tencent-codes.ts';
import { createTencentAuthority } from '../../src/providers/authority/tencent.ts';
import * as alibaba from '../support/authority/alibaba.ts';
import { operatorKeys, operatorVendor } from '../support/authority/operator.ts';
import { clock, face, question, wrong } from '../support/authority/parties.ts';
import { startStandIn, type Answer, type StandIn } from '../support/authority/stand-in.ts';
import * as tencent from '../support/authority/tencent.ts';

/** Each documented code, said in the way the vendor says it. */
function everyCode(codes: Codes, wrap: (code: string) => Answer): [string, string, Answer][] {
  return Object.entries(codes).map(([code, [meaning]]) => [code, meaning, wrap(code)]);
}

const answerOf = { later: { outcome: 'unavailable', retryable: true } } as Record<string, object>;
answerOf['operator'] = { outcome: 'unavailable', retryable: false };
const expected = (meaning: string) => answerOf[meaning] ?? { outcome: meaning };

it('takes no code for an answer about the person that is not in the table', () => {
  const details = { faceSent: false, vendorReference: undefined, faceSimilarity: undefined };
  const codes = [tencentCodes, alibabaCodes, operatorCodes];
  const listed = codes.flatMap((table) => Object.keys(table));
  const near = fc.tuple(fc.constantFrom(...listed), fc.string()).map((parts) => parts.join('.'));
  fc.assert(
    fc.property(fc.constantFrom(...codes), fc.oneof(fc.string(), near), (table, code) => {
      const { outcome } = toAnswer(table, code, details);
      expect(outcome === 'unavailable' || (Object.hasOwn(table, code) && table[code]?.[0] === outcome)).toBe(
        true,
      );
    }),
  );
});

describe('Tencent Cloud FaceID', () => {
  let standIn: StandIn;
  beforeAll(async () => (standIn = await startStandIn(tencent.tencentVendor(() => clock.now()))));
  afterAll(() => standIn.close());
  const authority = () =>
    createTencentAuthority({ ...tencent.tencentKeys, endpoint: standIn.url, faces: true }, clock);

  const says = (code: string) => {
    if (code.startsWith('Result.')) return tencent.recognised(code.slice('Result.'.length), 80);
    return code.startsWith('FailedOperation.') ? tencent.recognised(code) : tencent.refuse(code);
  };
  it.each(everyCode(tencentCodes, says))('understands %s as %s', async (code, meaning, answer) => {
    standIn.says(answer);
    expect(await authority().look({ ...question, face })).toMatchObject({ ...expected(meaning), code });
  });

  it.each([
    ['AuthFailure.SomethingNew', { retryable: false }],
    ['RequestLimitExceeded.SomethingNew', { retryable: true }],
    ['FailedOperation.SomethingNew', { retryable: false }],
    ['Result.0', { retryable: false, code: 'unexpected_answer' }],
  ])('takes the error %s for one of its family at most, and never for a result', async (code, answer) => {
    standIn.says(tencent.refuse(code));
    expect(await authority().look(question)).toMatchObject({ outcome: 'unavailable', ...answer });
  });

  it('does not send a picture that the vendor would not take', async () => {
    standIn.says(undefined);
    standIn.paths.length = 0;
    const picture = Buffer.alloc(2_400_000);
    expect(await authority().look({ ...question, face: picture })).toEqual({
      outcome: 'malformed',
      code: 'picture_too_large',
    });
    expect(standIn.paths).toEqual([]);
  });

  it('is checked by a stand-in that takes what the vendor’s own client sends', async () => {
    standIn.says(undefined);
    clock.set(Date.now());
    const agent = new Agent();
    agent.createConnection = () => connect(Number(new URL(standIn.url).port), '127.0.0.1');
    const client = (secretKey: string) =>
      new CommonClient('faceid.tencentcloudapi.com', '2018-03-01', {
        credential: { ...tencent.tencentKeys, secretKey },
        profile: { httpProfile: { protocol: 'http://', agent } },
      });
    const sent = { Name: question.name, IdCard: question.number };
    const { secretKey } = tencent.tencentKeys;
    await expect(client(secretKey).request('IdCardVerification', sent)).resolves.toMatchObject({
      Result: '0',
    });
    await expect(client(wrong).request('IdCardVerification', sent)).rejects.toMatchObject({
      code: 'AuthFailure.SignatureFailure',
    });
  });
});

describe('Alibaba Cloud identity verification', () => {
  let standIn: StandIn;
  beforeAll(async () => (standIn = await startStandIn(alibaba.alibabaVendor(() => clock.now()))));
  afterAll(() => standIn.close());
  const authority = () =>
    createAlibabaAuthority(
      { ...alibaba.alibabaKeys, endpoint: standIn.url, faces: true },
      { clock, random: systemRandom },
    );

  it('signs the documented example to the documented signature', () => {
    const headers = signV3({
      host: 'ecs.cn-shanghai.aliyuncs.com',
      action: 'RunInstances',
      version: '2014-05-26',
      query: 'ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai',
      body: '',
      at: Date.UTC(2023, 9, 26, 10, 22, 32),
      nonce: '3156853299f313e23d1673dc12e1703d',
      accessKeyId: 'YourAccessKeyId',
      accessKeySecret: 'YourAccessKeySecret',
    });
    expect(headers['authorization']).toContain(
      'Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    );
  });

  const says = (code: string): Answer => {
    const [kind, value = ''] = code.split('.');
    const passed = value === '1' || value === '101';
    if (kind === 'BizCode')
      return alibaba.verdict('200', { BizCode: value, FaceDetail: '{"verifyScore":80}' });
    if (kind === 'SubCode')
      return alibaba.verdict('200', {
        BizCode: passed ? '1' : value.startsWith('3') ? '3' : '2',
        SubCode: value,
        FaceDetail: '{"verifyScore":80}',
      });
    return kind === 'Code' ? alibaba.verdict(value) : alibaba.refuse(400, code);
  };
  it.each(everyCode(alibabaCodes, says))('understands %s as %s', async (code, meaning, answer) => {
    standIn.says(answer);
    expect(await authority().look({ ...question, face })).toMatchObject({ ...expected(meaning), code });
  });

  it.each([
    ['1', '204'],
    ['2', '101'],
    ['3', '101'],
  ])('believes neither of two codes that disagree: %s and %s', async (BizCode, SubCode) => {
    standIn.says(alibaba.verdict('200', { BizCode, SubCode, FaceDetail: '{"verifyScore":80}' }));
    expect(await authority().look({ ...question, face })).toMatchObject({
      outcome: 'unavailable',
      retryable: false,
    });
  });

  it('signs no two questions alike', async () => {
    standIn.says(undefined);
    expect(await authority().look(question)).toMatchObject({ outcome: 'match' });
    expect(await authority().look(question)).toMatchObject({ outcome: 'match' });
  });

  it('does not send a picture that the vendor would not take', async () => {
    const picture = Buffer.alloc(1_000_000);
    expect(await authority().look({ ...question, face: picture })).toMatchObject({ outcome: 'malformed' });
  });
});

describe('the operator’s own endpoint', () => {
  it.each([
    [400, false],
    [401, false],
    [403, false],
    [404, false],
    [409, true],
    [429, true],
    [500, true],
    [503, true],
  ])('is tried again after %i: %s', async (status, retryable) => {
    const standIn = await startStandIn(operatorVendor(() => clock.now()));
    standIn.says({ status, body: { error: 'no' } });
    const authority = createOperatorAuthority(
      { ...operatorKeys, endpoint: standIn.url, faces: false },
      clock,
    );
    expect(await authority.look(question)).toEqual({
      outcome: 'unavailable',
      code: `http_${status}`,
      retryable,
    });
    standIn.close();
  });

  it('is given the reference as the key of repetition', async () => {
    const standIn = await startStandIn(operatorVendor(() => clock.now()));
    const authority = createOperatorAuthority(
      { ...operatorKeys, endpoint: standIn.url, faces: false },
      clock,
    );
    await authority.look(question);
    expect(standIn.asked[0]).toMatchObject({ reference: question.reference });
    standIn.close();
  });
});
