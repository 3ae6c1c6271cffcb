import type { RegistryAnswer } from '../../verification/index.ts';

/** An answer without an entry, of a source that has no codes of its own. */
export function without(outcome: 'no_record' | 'malformed'): RegistryAnswer {
  return { outcome, code: outcome, registered: {}, differing: [] };
}

export function unavailable(code: string, retryable: boolean): RegistryAnswer {
  return { outcome: 'unavailable', code, retryable };
}
