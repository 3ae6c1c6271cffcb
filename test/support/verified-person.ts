import type { Instant } from '../../src/core/clock.ts';
import type { AccountId } from '../../src/core/ids.ts';
import type { PersonClaims, PersonStore } from '../../src/verification/index.ts';

type Verified = Parameters<PersonStore['verify']>[0];

/** What an approval writes about a person, for good unless said otherwise. The number is nobody else's. */
export function verifiedPerson(
  accountId: AccountId,
  verifiedAt: Instant,
  { claims = {}, ...over }: Partial<Omit<Verified, 'claims'>> & { claims?: Partial<PersonClaims> } = {},
): Verified {
  return {
    accountId,
    level: 'rn2',
    method: 'face',
    claims: {
      name: '样本',
      birthDate: '1990-01-01',
      documentType: 'resident_id',
      documentNumber: accountId,
      ...claims,
    },
    verifiedAt,
    validUntil: undefined,
    caseId: `cas_${accountId.slice('acc_'.length)}` as Verified['caseId'],
    ...over,
  };
}
