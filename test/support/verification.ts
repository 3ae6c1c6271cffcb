import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createCheckDecisions,
  createCompanies,
  createCompanyChecks,
  defaultCompanyPolicy,
  type CompanyRegistry,
} from '../../src/companies/index.ts';
import type { AccountId, StaffId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { createImageProcessor } from '../../src/providers/images/image-processor.ts';
import { createRecogniser } from '../../src/providers/recognition/index.ts';
import { createLocalObjects } from '../../src/providers/objects/local-objects.ts';
import type { Stores } from '../../src/storage/stores.ts';
import {
  createCompanyPapers,
  createVerification,
  defaultPolicy,
  imageLimits,
  type CaseView,
  type Authority,
  type Editor,
  type HolderRoute,
  type PersonEntry,
  type Recogniser,
  type Verification,
  type VerificationPolicy,
} from '../../src/verification/index.ts';
import type { TestDatabase } from './databases.ts';
import { businessLicence, handHeld, idCardBack, idCardFront, passportPage, selfie } from './specimens.ts';
import { creditCode, specimenCompany, specimenPerson, type SpecimenPerson } from './specimens.ts';

export const staffId = 'stf_1' as StaffId;

/** Verification on a test database, with real pictures, files and companies; recomputations are recorded. */
export function createVerificationRig(
  database: TestDatabase,
  over: Partial<VerificationPolicy> & {
    recogniser?: Recogniser;
    authority?: Authority;
    registry?: CompanyRegistry;
  } = {},
) {
  const { clock, dependencies, stores, transact } = database;
  const folder = mkdtempSync(join(tmpdir(), 'shiming-objects-'));
  const images = createImageProcessor({ limits: imageLimits, log: silentLog });
  const objects = createLocalObjects(folder, dependencies.random);
  const recomputed: AccountId[] = [];
  const recompute = async (bound: Stores, accountId: AccountId) => {
    recomputed.push(accountId);
    await verification.resettle(bound, accountId);
  };
  const { recogniser = createRecogniser('fake', silentLog), authority, registry, ...changed } = over;
  const policy = { ...defaultPolicy, ...changed };
  const companyPolicy = { ...defaultCompanyPolicy, recheckAfter: policy.companyRecheck };
  const companies = createCompanies<Stores>({
    stores,
    transact,
    clock,
    policy: companyPolicy,
    registry,
    recompute,
    remind: async () => {},
  });
  const verification: Verification<Stores> = createVerification<Stores>({
    stores,
    transact,
    clock,
    random: dependencies.random,
    log: silentLog,
    policy,
    images,
    recogniser,
    authority,
    objects,
    companies,
    recompute,
  });
  const companyParts = {
    stores,
    transact,
    clock,
    log: silentLog,
    policy: companyPolicy,
    picturesKept: policy.companyImagesKept,
    objects,
    recompute,
  };
  return {
    verification,
    companies,
    objects,
    companyChecks: createCompanyChecks<Stores>({
      ...companyParts,
      registry,
      papers: createCompanyPapers({ images, recogniser, clock, policy }),
    }),
    checkDecisions: createCheckDecisions<Stores>({ ...companyParts, ids: database.dependencies.ids }),
    folder,
    recomputed,
    recompute,
    database,
    /** The files of all pictures that are kept. */
    files: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    /** Decides a case as a reviewer does who looked at it; approves unless told otherwise. */
    decide: (caseId: string, over: object = {}) =>
      transact((bound) =>
        verification.decideCase(bound, {
          caseId: caseId as never,
          staffId,
          decision: 'approve',
          reasons: [{ reason: 'evidence_consistent' }],
          ...over,
        }),
      ),
    async close() {
      await recogniser.close();
      await images.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type VerificationRig = ReturnType<typeof createVerificationRig>;

let accounts = 0;
export const newAccount = (): AccountId => `acc_test${String((accounts += 1)).padStart(4, '0')}` as AccountId;

/** The answers to "person" for a specimen's resident identity card. */
export const personEntry = (person: SpecimenPerson, over: Partial<PersonEntry> = {}): PersonEntry => ({
  name: person.name,
  documentType: 'resident_id',
  number: person.number,
  birthDate: '',
  expiresOn: '2040-01-01',
  longTerm: false,
  issuingState: '',
  confirmed: false,
  ...over,
});

/** Answers that succeed, as one account; each call uses the newest version. */
export function applicant(verification: Verification<Stores>, accountId: AccountId) {
  const view = async (): Promise<CaseView> => {
    const found = await verification.view(accountId);
    if (!found) throw new Error('no case');
    return found;
  };
  const editor = async (): Promise<Editor> => ({ accountId, version: (await view()).case.version });
  const must = async <T extends { ok: boolean }>(result: Promise<T>): Promise<T & { ok: true }> => {
    const settled = await result;
    if (!settled.ok) throw new Error(`refused: ${JSON.stringify(settled)}`);
    return settled as T & { ok: true };
  };
  const language = 'zh-CN';
  return {
    accountId,
    view,
    editor,
    must,
    /** Fills in everything up to the check. */
    async fill(
      over: {
        person?: SpecimenPerson;
        code?: string;
        route?: HolderRoute;
        entry?: Partial<PersonEntry>;
      } = {},
    ) {
      const person = over.person ?? specimenPerson();
      const company = specimenCompany({ code: over.code ?? creditCode() });
      const route = over.route ?? 'face';
      const entry = personEntry(person, over.entry);
      await must(verification.start(accountId));
      const companyEntry = { name: company.name, creditCode: company.code, confirmed: false };
      await must(verification.add(accountId, 'licence', await businessLicence(company)));
      await must(verification.saveCompany(await editor(), companyEntry));
      await must(verification.consent(await editor(), { purpose: 'id_images', granted: true, language }));
      await must(verification.saveDocumentType(await editor(), entry.documentType));
      if (entry.documentType.startsWith('passport')) {
        await must(verification.add(accountId, 'document_page', await passportPage(person)));
      } else {
        await must(verification.add(accountId, 'document_front', await idCardFront(person)));
        await must(verification.add(accountId, 'document_back', await idCardBack(person)));
      }
      await must(verification.savePerson(await editor(), entry));
      await must(verification.skipSupporting(await editor()));
      await must(verification.chooseRoute(await editor(), route));
      if (route === 'face') {
        await must(verification.consent(await editor(), { purpose: 'face', granted: true, language }));
        await must(verification.add(accountId, 'selfie', await selfie(person)));
      } else {
        await must(verification.add(accountId, 'hand_held', await handHeld(person)));
      }
      return { person, company };
    },
    async submit() {
      const { view: submitted } = await must(verification.submit(await editor()));
      await verification.examine(submitted.case.id);
      return view();
    },
  };
}
