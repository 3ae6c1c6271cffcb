import type { CompanyRegistry, CompareEntry } from '../../companies/index.ts';
import type { Config } from '../../config.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { createCsvRegistry } from './csv.ts';
import { createFakeRegistry } from './fake.ts';
import { createTencentRegistry } from './tencent.ts';

type RegistryConfig = Pick<
  Config,
  | 'mode'
  | 'registry'
  | 'registryKeyId'
  | 'registrySecret'
  | 'registryRegion'
  | 'registryEndpoint'
  | 'registryFile'
>;

/** The registry of companies that the configuration names; undefined where reviewers do without one. */
export function createRegistry(
  config: RegistryConfig,
  surroundings: { readonly clock: Clock; readonly log: Log; readonly compare: CompareEntry },
): CompanyRegistry | undefined {
  switch (config.registry) {
    case 'none':
      return undefined;
    case 'tencent':
      return createTencentRegistry(
        {
          secretId: config.registryKeyId,
          secretKey: config.registrySecret,
          region: config.registryRegion,
          endpoint: config.registryEndpoint,
        },
        surroundings.clock,
      );
    case 'csv':
      return createCsvRegistry(config.registryFile, surroundings);
    case 'fake':
      return createFakeRegistry(config.mode, surroundings);
  }
}
