import type { Analyses } from './analysis.ts';
import { askSource } from './ask-source.ts';
import type { VerificationCase } from './case.ts';
import type { VerificationDeps } from './dependencies.ts';
import { nameKey } from './documents/names.ts';
import type { RegistryAnswer, RegistrySaid } from './registry-answer.ts';
import { nameOf } from './scope.ts';
import type { SourceCheck, SourceCheckStore } from './source-check.ts';
import type { VerificationStores } from './stores.ts';

/** What was asked of the registry of companies about a case, and what it said. */
export type RegistryCheck = SourceCheck & {
  readonly outcome: RegistryAnswer['outcome'] | undefined;
  readonly code: string | undefined;
  readonly vendorReference: string | undefined;
} & Pick<RegistrySaid, 'differing' | 'registered'>;

export type RegistryCheckStore = SourceCheckStore<RegistryCheck, RegistryAnswer>;

/**
 * Asks the registry about the company of a case, once a round. It is asked what stands on a licence that anybody may
 * look up, and not who applies, so that no consent of the person is needed.
 */
export async function askRegistry<S extends VerificationStores>(
  deps: VerificationDeps<S>,
  current: VerificationCase,
): Promise<RegistryCheck | 'none' | 'pending'> {
  const { registry } = deps.companies;
  const { company } = current.answers;
  if (!registry || !company) return 'none';
  return askSource(deps, deps.stores.registryChecks, current, registry.name, async (reference) => {
    const { name, creditCode } = company;
    const representative = representativeOnLicence(
      await deps.stores.analyses.ofCase(current.id),
      await nameOf(deps, deps.stores, current),
    );
    const question = { reference, name, creditCode };
    return registry.look(
      representative === undefined ? question : { ...question, legalRepresentative: representative },
    );
  });
}

/** The name on the licence where it was read for certain: a doubtful one would speak against the company. */
export function representativeOnLicence(analyses: Analyses, actor: string | undefined): string | undefined {
  const read = analyses.licence?.reading?.fields.legalRepresentative;
  if (!read || read.doubt === 'sources_differ') return undefined;
  // What was read faintly and is the very name of the document was read right.
  const isPerson = actor !== undefined && nameKey(read.value) === nameKey(actor);
  return read.doubt === undefined || isPerson ? read.value : undefined;
}
