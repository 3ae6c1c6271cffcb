import { days, ManualClock, minutes } from '../../src/core/clock.ts';
import type { TestCompany } from '../../src/testkit/identities.ts';
import { startTestProvider, type Person } from '../../src/testkit/index.ts';
import { testPictures, type PictureContent } from '../../src/testkit/test-pictures.ts';
import { signInReviewer } from './recruiting.ts';

export type EvidenceSite = Awaited<ReturnType<typeof openEvidenceSite>>;

/** The whole program, the owner of a verified company, and whoever hands in evidence of it or decides about it. */
export async function openEvidenceSite() {
  // Sessions of the provider follow the real clock: what is to be half a year old begins half a year ago.
  const clock = new ManualClock();
  clock.advance(-days(182));
  const provider = await startTestProvider({ settings: { SHIMING_DEPOSIT_SENDER: 'fake' }, clock });
  const { stores, transact } = provider.app.database;
  const owner = provider.person({ role: 'recruiter', lang: 'en' });
  const outcome = await owner.verify();
  const companyId = (await stores.companies.findByCode(owner.company.code))?.id;
  if (outcome !== 'approved' || !companyId) throw new Error(`the owner is ${outcome}`);

  const accountOf = async ({ phone }: Person) => (await stores.accounts.findByPhone(phone as never))!.id;
  const at = (page: string, id: string = companyId) => `${provider.issuer}/company/${id}/${page}`;
  const statusRow = async (person: Person) => stores.entitlements.status(await accountOf(person));
  return {
    provider,
    owner,
    companyId,
    at,
    company: () => stores.companies.find(companyId),
    membershipOf: async (person: Person) => stores.memberships.findFor(await accountOf(person), companyId),
    statusRow,
    statusOf: async (person: Person) => (await statusRow(person))?.status,
    /** Codes work once: the next sign-in takes a later one. */
    reviewerAnew() {
      provider.clock.advance(minutes(1));
      return signInReviewer(provider.issuer, provider.clock);
    },
    licence: async (saying: Partial<TestCompany> = {}, over: PictureContent = {}) =>
      pictureFile(
        await testPictures(owner.identity, {
          ...owner.company,
          legalRepresentative: owner.identity.name,
          ...saying,
        }).licence(over),
      ),
    /** Somebody verified with a company of their own who asked to act for this one. */
    async asking(): Promise<Person> {
      const person = provider.person({ role: 'recruiter', lang: 'en' });
      await person.verify();
      const accountId = await accountOf(person);
      await transact(async (bound) => {
        const { id } = await bound.memberships.ensure(accountId, companyId);
        await bound.memberships.advance(id, 'requested', 'evidence_pending');
      });
      return person;
    },
    async upload({ browser }: Person, page: string, picture: File) {
      await browser.open(at(page));
      return browser.submit({ picture }, { action: `/${page}/picture` });
    },
  };
}

export const pictureFile = (bytes: Buffer): File =>
  new File([new Uint8Array(bytes)], 'a.jpg', { type: 'image/jpeg' });
