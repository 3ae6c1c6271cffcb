import type { Config } from '../../config.ts';
import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { Authority } from '../../verification/authority.ts';
import { createAlibabaAuthority } from './alibaba.ts';
import { createFakeAuthority } from './fake.ts';
import { createOperatorAuthority } from './operator.ts';
import { createTencentAuthority } from './tencent.ts';

type AuthorityConfig = Pick<
  Config,
  | 'mode'
  | 'authority'
  | 'authorityKeyId'
  | 'authoritySecret'
  | 'authorityRegion'
  | 'authorityEndpoint'
  | 'authorityFaces'
>;

/** The official source that the configuration names; undefined where reviewers do without one. */
export function createAuthority(
  config: AuthorityConfig,
  surroundings: { readonly clock: Clock; readonly random: Random },
): Authority | undefined {
  const { authorityKeyId: keyId, authoritySecret: secret, authorityFaces: faces } = config;
  const place = { region: config.authorityRegion, endpoint: config.authorityEndpoint, faces };
  switch (config.authority) {
    case 'none':
      return undefined;
    case 'tencent':
      return createTencentAuthority({ secretId: keyId, secretKey: secret, ...place }, surroundings.clock);
    case 'alibaba':
      return createAlibabaAuthority({ accessKeyId: keyId, accessKeySecret: secret, ...place }, surroundings);
    case 'operator':
      return createOperatorAuthority({ secret, keyId, endpoint: place.endpoint, faces }, surroundings.clock);
    case 'fake':
      return createFakeAuthority({ faces, mode: config.mode });
  }
}
