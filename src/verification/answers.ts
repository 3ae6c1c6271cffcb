import type { AccountId, CaseId } from '../core/ids.ts';
import { failed, ok, type Failed, type Result } from '../core/result.ts';
import { editableStates, liveStates } from './case-machine.ts';
import type { CaseEntry, CaseOrigin, CaseScope, HolderRoute, ImageKind, StepName } from './case.ts';
import type { VerificationDeps } from './dependencies.ts';
import { recordConsent } from './consents.ts';
import { contradictions } from './contradictions.ts';
import type { DocumentType } from './documents/document-types.ts';
import { readCompany, readPerson, type AnswerError, type CompanyEntry, type PersonEntry } from './entries.ts';
import { faceImages, identityImages } from './image-categories.ts';
import { settleScope, standingOf, type Standing } from './scope.ts';
import { isOpen, withoutRedo, type CaseView } from './steps.ts';
import type { CaseChange, VerificationStores } from './stores.ts';

/** `stale`: changed in another tab or device since the form was shown. `closed`: nothing can be changed any more. */
export type SaveFailure = 'stale' | 'closed';

export type Saved = { readonly view: CaseView };
export type SaveResult = Result<Saved, SaveFailure>;
export type AnswerResult = SaveResult | Failed<'invalid', { readonly errors: readonly AnswerError[] }>;

/** Who saves, and which version of the case their form showed. */
export type Editor = { readonly accountId: AccountId; readonly version: number };

export type Answers = {
  /** The case of the account with its pictures: the one under way, else the newest. */
  view(accountId: AccountId): Promise<CaseView | undefined>;
  /** The same case, settled anew by what time and others changed meanwhile. */
  resume(accountId: AccountId): Promise<CaseView | undefined>;
  /**
   * The case under way; opens one when there is none, within the limits of the policy. It is about what is missing, or
   * about what is `wanted`, which also changes what a case is about that was not handed in yet.
   */
  start(accountId: AccountId, wanted?: CaseScope): Promise<Result<Saved, 'too_many_cases'>>;
  /** What happened to a case so far, oldest first. */
  history(caseId: CaseId): Promise<CaseEntry[]>;
  rememberOrigin(accountId: AccountId, origin: CaseOrigin): Promise<void>;
  saveCompany(editor: Editor, entry: CompanyEntry): Promise<AnswerResult>;
  /** Another kind of document puts aside what was handed in of the one before. */
  saveDocumentType(editor: Editor, type: DocumentType): Promise<SaveResult>;
  savePerson(editor: Editor, entry: PersonEntry): Promise<AnswerResult>;
  /** Goes on without a business card or badge. */
  skipSupporting(editor: Editor): Promise<SaveResult>;
  chooseRoute(editor: Editor, route: HolderRoute): Promise<SaveResult>;
  /**
   * Records a separate consent or its refusal; refusing the face leads to the other route. On that route the consent may
   * be given too: then the program compares the faces of the photo, and a person decides all the same.
   */
  consent(
    editor: Editor,
    answer: { purpose: 'id_images' | 'face'; granted: boolean; language: string },
  ): Promise<SaveResult>;
};

/** Why an answer is not taken. */
type Refusal = { readonly errors: readonly AnswerError[] };

const documentImages = ['document_front', 'document_back', 'document_page'] as const;

const stepOfConsent =
  (purpose: 'id_images' | 'face') =>
  (view: CaseView): StepName => {
    if (purpose === 'id_images') return 'image_consent';
    return view.case.route === 'hand_held' ? 'route' : 'face_consent';
  };

/** The result of a change that cannot be invalid. */
function edited(result: AnswerResult): SaveResult {
  if (!result.ok && result.reason === 'invalid') throw new Error('a choice cannot be invalid');
  return result;
}

/** Filling in a case: every answer is one conditional update, so that two tabs or devices never overwrite each other. */
export function createAnswers<S extends VerificationStores>(deps: VerificationDeps<S>): Answers {
  const { stores, transact, clock, policy, recompute } = deps;

  const edit = (
    { accountId, version }: Editor,
    step: StepName | ((view: CaseView) => StepName),
    work: (bound: S, view: CaseView) => Promise<CaseChange | Refusal>,
  ): Promise<AnswerResult> =>
    transact(async (bound) => {
      const view = await loadView(bound, accountId);
      if (!view || !editableStates.includes(view.case.state)) return failed('closed');
      if (view.case.version !== version) return failed('stale');
      const name = typeof step === 'string' ? step : step(view);
      if (!isOpen(view, name)) return failed('closed');
      const change = await work(bound, view);
      if ('errors' in change) return failed('invalid', { errors: change.errors });
      const expiresAt = clock.now() + policy.openCaseKept;
      const redo = withoutRedo(view.case, name);
      if (!(await bound.cases.update(view.case, { redo, expiresAt, ...change }))) return failed('stale');
      return ok({ view: (await loadView(bound, accountId)) as CaseView });
    });

  return {
    view: (accountId) => loadView(stores, accountId),
    resume: (accountId) =>
      transact(async (bound) => {
        await recompute(bound, accountId);
        return loadView(bound, accountId);
      }),
    history: (caseId) => stores.cases.history(caseId),
    async start(accountId, wanted) {
      const since = clock.now() - policy.casePeriod;
      return transact(async (bound) => {
        const current = await loadView(bound, accountId);
        const standing = await standingOf(deps, bound, accountId, current?.case.id);
        const choice = wanted === settleScope(standing) ? undefined : wanted;
        if (current && liveStates.includes(current.case.state)) {
          if (wanted && current.case.state === 'open') await choose(bound, current, standing, choice);
          return ok({ view: (await loadView(bound, accountId)) as CaseView });
        }
        if ((await bound.cases.countSince(accountId, since)) >= policy.casesPerPeriod) {
          return failed('too_many_cases');
        }
        const scope = settleScope(standing, choice);
        const opened = await bound.cases.open(accountId, clock.now() + policy.openCaseKept, scope);
        if (opened) {
          if (choice) await bound.cases.update(opened, { answers: { wanted: choice } });
          await bound.cases.record(opened.id, { event: 'open', state: 'open', by: 'person' });
          await recompute(bound, accountId);
        }
        return ok({ view: (await loadView(bound, accountId)) as CaseView });
      });
    },
    async rememberOrigin(accountId, origin) {
      const view = await loadView(stores, accountId);
      if (view) await stores.cases.setOrigin(view.case.id, origin);
    },
    async saveCompany(editor, entry) {
      const read = readCompany(entry, deps.companies);
      if (!read.ok) return failed('invalid', { errors: read.errors });
      return edit(editor, 'company', async (bound, { case: { id, answers } }) => {
        const typed = { ...answers, company: read.company };
        const errors = entry.confirmed
          ? []
          : contradictions(typed, await bound.analyses.ofCase(id), 'company');
        return errors.length > 0 ? { errors } : { answers: typed };
      });
    },
    async saveDocumentType(editor, type) {
      return edited(
        await edit(editor, 'document_type', async (bound, { case: { id, answers } }) => {
          if (answers.documentType === type) return {};
          await retire(bound, id, documentImages);
          const { person: _, ...others } = answers;
          return { answers: { ...others, documentType: type } };
        }),
      );
    },
    async savePerson(editor, entry) {
      const read = readPerson(entry, clock.now(), policy);
      if (!read.ok) return failed('invalid', { errors: read.errors });
      return edit(editor, 'person', async (bound, { case: { id, answers } }) => {
        const typed = { ...answers, person: read.person };
        const errors = entry.confirmed
          ? []
          : contradictions(typed, await bound.analyses.ofCase(id), 'person');
        return errors.length > 0 ? { errors } : { answers: typed };
      });
    },
    async skipSupporting(editor) {
      return edited(
        await edit(editor, 'supporting', async (bound, { case: { id, answers } }) => {
          await retire(bound, id, ['supporting']);
          return { answers: { ...answers, withoutSupporting: true } };
        }),
      );
    },
    async chooseRoute(editor, route) {
      return edited(
        await edit(editor, 'route', async (bound, { case: current }) => {
          await retire(bound, current.id, [route === 'face' ? 'hand_held' : 'selfie']);
          return { route };
        }),
      );
    },
    async consent(editor, { purpose, granted, language }) {
      const saved = await edit(editor, stepOfConsent(purpose), async (bound, { case: current }) => {
        const receipt = await recordConsent(bound, editor.accountId, { purpose, granted, language });
        if (granted) return { consents: { ...current.consents, [purpose]: receipt.id } };
        const { [purpose]: _, ...consents } = current.consents;
        if (purpose === 'face') {
          await retire(bound, current.id, faceImages);
          return { consents, route: 'hand_held' };
        }
        await retire(bound, current.id, identityImages);
        return { consents };
      });
      return edited(saved);
    },
  };

  /** What was handed in stays: a case that is about it again goes on with it. */
  async function choose(
    bound: S,
    { case: current }: CaseView,
    standing: Standing,
    choice: CaseScope | undefined,
  ): Promise<void> {
    const { wanted: _, ...others } = current.answers;
    const answers = { ...others, ...(choice ? { wanted: choice } : {}) };
    await bound.cases.update(current, { answers, scope: settleScope(standing, choice) });
    await recompute(bound, current.accountId);
  }
}

export async function loadView(
  stores: VerificationStores,
  accountId: AccountId,
): Promise<CaseView | undefined> {
  const found = await stores.cases.newest(accountId);
  return found && { case: found, images: await stores.images.listStored(found.id) };
}

/** Pictures that are not needed any more go at once; a job deletes their bytes. */
export async function retire(
  stores: VerificationStores,
  caseId: CaseView['case']['id'],
  kinds: readonly ImageKind[],
): Promise<void> {
  if (kinds.length === 0 || (await stores.images.retire(caseId, kinds)) === 0) return;
  await stores.jobs.enqueue({ kind: 'images.destroy', payload: { caseId } });
}
