import type { CheckView, PicturedKey, PicturedKind } from '../../src/companies/index.ts';
import type { AccountId, CompanyId, StaffId } from '../../src/core/ids.ts';
import { testPictures, type PictureContent } from '../../src/testkit/test-pictures.ts';
import { testIdentity, type TestCompany } from '../../src/testkit/identities.ts';
import type { OpenTestDatabase } from './databases.ts';
import { createReviewRig, enrol, type ReviewRig } from './review.ts';
import { creditCode } from './specimens.ts';
import { newAccount, type VerificationRig } from './verification.ts';
import { verifiedPerson } from './verified-person.ts';

/** Company checks on a new database, and the two reviewers who decide them. */
export async function openCheckDesk(
  open: OpenTestDatabase,
): Promise<{ review: ReviewRig; rig: VerificationRig; ann: StaffId; bob: StaffId }> {
  const review = createReviewRig(await open());
  const ann = (await enrol(review.review, 'ann')).staff.id;
  const bob = (await enrol(review.review, 'bob')).staff.id;
  return { review, rig: review.verification, ann, bob };
}

/** A verified company with somebody verified who acts for it, and whoever asks to. */
export async function verifiedCompany(rig: VerificationRig, over: Partial<TestCompany> = {}) {
  const { transact } = rig.database;
  const company: TestCompany = {
    name: '样本科技有限公司',
    code: creditCode(),
    type: '有限责任公司',
    legalRepresentative: '样本甲',
    ...over,
  };
  const owner = newAccount();
  const companyId = await transact(async (bound) => {
    const application = { accountId: owner, caseId: `cas_${owner}` as never, name: company.name };
    const id = await rig.companies.apply(bound, { ...application, creditCode: company.code });
    await rig.companies.approve(bound, {
      ...application,
      companyId: id,
      evidence: 'review',
      details: { legal_representative: company.legalRepresentative, type: company.type },
    });
    await bound.persons.verify(verifiedPerson(owner, rig.database.clock.now()));
    return id;
  });
  return {
    company,
    companyId,
    owner,
    key: <K extends PicturedKind>(kind: K, accountId: AccountId = owner) =>
      ({ companyId, accountId, kind }) as const,
    /** Somebody verified whose membership still needs evidence. */
    async asking(): Promise<AccountId> {
      const accountId = newAccount();
      await transact(async (bound) => {
        await bound.persons.verify(verifiedPerson(accountId, rig.database.clock.now()));
        const { id } = await bound.memberships.ensure(accountId, companyId);
        await bound.memberships.advance(id, 'requested', 'evidence_pending');
      });
      return accountId;
    },
    licence: (saying: Partial<TestCompany> = {}, over: PictureContent = {}) =>
      testPictures(testIdentity(1), { ...company, ...saying }).licence(over),
  };
}

export const stateOf = async (rig: VerificationRig, id: CompanyId) =>
  (await rig.database.stores.companies.find(id))?.state;

/** Hands a picture in and the check with it; throws where either is refused. */
export async function handIn(
  { companyChecks }: VerificationRig,
  key: PicturedKey,
  picture: Buffer,
  entry: Parameters<VerificationRig['companyChecks']['submit']>[1] = {},
): Promise<NonNullable<CheckView['check']>> {
  const added = await companyChecks.addPicture(key, picture);
  if (!added.ok) throw new Error(`the picture was refused: ${added.reason}`);
  const submitted = await companyChecks.submit(key, entry);
  if (!submitted.ok) throw new Error(`the check was refused: ${submitted.reason}`);
  return submitted.check;
}
