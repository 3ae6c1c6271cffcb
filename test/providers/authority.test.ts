import { describe, expect, it } from 'vitest';
import { systemRandom } from '../../src/core/random.ts';
import { createAuthority } from '../../src/providers/authority/index.ts';
import { readConfig } from '../../src/read-config.ts';
import { alibabaKeys, alibabaVendor } from '../support/authority/alibaba.ts';
import { operatorKeys, operatorVendor } from '../support/authority/operator.ts';
import { clock, face, question } from '../support/authority/parties.ts';
import { startStandIn } from '../support/authority/stand-in.ts';
import { tencentKeys, tencentVendor } from '../support/authority/tencent.ts';

describe('the official source of the configuration', () => {
  const key = (fill: number) => `k:${Buffer.alloc(32, fill).toString('base64')}`;
  const configure = (settings: Record<string, string>) => {
    const result = readConfig({
      SHIMING_KEY_ENCRYPTION_KEYS: key(1),
      SHIMING_INDEX_KEYS: key(2),
      SHIMING_COOKIE_KEYS: key(3),
      ...settings,
    });
    if (!result.ok) throw new Error(result.problems.join());
    return createAuthority(result.config, { clock, random: systemRandom });
  };

  it('asks nobody where nothing is set', () => {
    expect(configure({})).toBeUndefined();
  });

  it.each([
    ['tencent', 'tencent_faceid', tencentVendor, tencentKeys.secretId, tencentKeys.secretKey],
    ['alibaba', 'alibaba_cloudauth', alibabaVendor, alibabaKeys.accessKeyId, alibabaKeys.accessKeySecret],
    ['operator', 'operator', operatorVendor, operatorKeys.keyId, operatorKeys.secret],
  ] as const)('makes %s of its settings', async (setting, name, vendor, keyId, secret) => {
    const standIn = await startStandIn(vendor(() => clock.now()));
    const settings = {
      SHIMING_AUTHORITY: setting,
      SHIMING_AUTHORITY_KEY_ID: keyId,
      SHIMING_AUTHORITY_SECRET: secret,
      SHIMING_AUTHORITY_ENDPOINT: standIn.url,
      SHIMING_AUTHORITY_REGION: 'cn-shanghai',
    };
    expect(configure(settings)).toMatchObject({ name, comparesFaces: false });
    const authority = configure({ ...settings, SHIMING_AUTHORITY_FACES: 'true' });
    expect(await authority?.look({ ...question, face })).toMatchObject({ outcome: 'match' });
    expect(standIn.asked[0]?.face).toEqual(face);
    standIn.close();
  });

  it('has a fake for development', () => {
    expect(configure({ SHIMING_AUTHORITY: 'fake' })).toMatchObject({ name: 'fake' });
  });
});
