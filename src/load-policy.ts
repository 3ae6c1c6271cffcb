import { readFileSync } from 'node:fs';
import type { Config } from './config.ts';
import { defaultPolicy, policyFromFile, type VerificationPolicy } from './verification/index.ts';

/** The policy that the settings name. Throws an error that says what is wrong with its file. */
export function loadPolicy({ policyFile }: Pick<Config, 'policyFile'>): VerificationPolicy {
  if (policyFile === '') return defaultPolicy;
  const result = policyFromFile(readFileSync(policyFile, 'utf8'));
  if (!result.ok) throw new Error(`SHIMING_POLICY_FILE is no policy:\n${result.problems.join('\n')}`);
  return result.policy;
}
