import type { Clock } from '../core/clock.ts';
import type { AccountId } from '../core/ids.ts';
import { licenceRecord, type RegistryAnswer } from '../verification/index.ts';
import { admit } from './check-access.ts';
import type { CheckPicture, CompanyCheck } from './company-check.ts';
import { checkKept, type CheckStores, type PicturedKey } from './company-checks.ts';
import type { Company } from './company.ts';
import { inForce } from './details.ts';
import { isSettled, licenceFindings } from './licence-findings.ts';
import type { CompanyPolicy } from './policy.ts';
import type { CompanyRegistry } from './registry.ts';
import { createRenewal } from './renewal.ts';

type LicenceDeps<S> = {
  readonly stores: S;
  readonly clock: Clock;
  readonly policy: CompanyPolicy;
  readonly registry?: CompanyRegistry | undefined;
  readonly picturesKept: number;
  readonly recompute: (stores: S, accountId: AccountId) => Promise<void>;
};

/** What the machine does with a licence that is handed in again. */
export function createLicenceRenewal<S extends CheckStores>(deps: LicenceDeps<S>) {
  const { stores, clock, registry, picturesKept } = deps;
  const renew = createRenewal<S>(deps);

  /** Asks the registry about a licence that is about to be handed in, before the transaction. */
  async function askRegistry(key: PicturedKey): Promise<RegistryAnswer['outcome'] | undefined> {
    if (!registry || key.kind !== 'licence_renewal' || !(await admit(stores, key)).ok) return undefined;
    const company = await stores.companies.find(key.companyId);
    const check = await stores.companyChecks.newest(key);
    if (!company || check?.state !== 'open') return undefined;
    const legalRepresentative = check.details?.read?.fields.legalRepresentative?.value;
    const question = { reference: check.id, name: company.name, creditCode: company.creditCode };
    const answer = await registry.look(
      legalRepresentative === undefined ? question : { ...question, legalRepresentative },
    );
    return answer.outcome;
  }

  /** Renews by what was read, where nothing is in doubt. */
  async function examine(
    bound: S,
    check: CompanyCheck,
    {
      company,
      picture,
      said,
    }: { company: Company; picture: CheckPicture; said: RegistryAnswer['outcome'] | undefined },
  ): Promise<void> {
    const { read } = check.details ?? {};
    const details = await bound.companies.listDetails(company.id);
    const now = clock.now();
    const onRecord = inForce(details, 'legal_representative', now);
    const findings = licenceFindings({
      company,
      legalRepresentative: onRecord?.value,
      read,
      complaint: picture.complaint,
      // Begun by another request after the question: nobody answered for it.
      registry: registry && (said ?? 'unavailable'),
      now,
    });
    const record = licenceRecord(read?.fields ?? {});
    const renewed =
      isSettled(findings) &&
      (await renew(bound, { company, ...record, source: 'licence', by: check.accountId }));
    if (!renewed) return void (await bound.companyChecks.update(check, { findings }));
    const settled = { findings, decidedBy: 'machine', decidedAt: now, expiresAt: now + checkKept } as const;
    await bound.companyChecks.update(check, settled, 'approved');
    await bound.checkPictures.scheduleDestruction(check.id, now + picturesKept, now);
  }

  return { askRegistry, examine };
}
