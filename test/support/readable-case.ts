import type { AccountId } from '../../src/core/ids.ts';
import { nextStep, type ImageKind, type Prompt, type StepName } from '../../src/verification/index.ts';
import { readablePictures, type ReadablePictures } from './readable.ts';
import { applicant, newAccount, personEntry, type VerificationRig } from './verification.ts';

/** A new account that fills a case in with these pictures, up to the check; by the face unless there is a photo holding the ID. */
export async function fillReadable(
  { verification }: Pick<VerificationRig, 'verification'>,
  pictures: ReadablePictures = readablePictures(),
  over: {
    selfie?: Buffer;
    frames?: (prompts: readonly Prompt[]) => Promise<Buffer[]>;
    front?: Buffer;
    /** Uses the front in spite of the complaint about it. */
    insist?: boolean;
    handHeld?: Buffer;
    compare?: boolean;
  } = {},
) {
  const who = applicant(verification, newAccount());
  const { accountId, editor, must } = who;
  const { person, company } = pictures;
  const agree = async (purpose: 'id_images' | 'face') =>
    must(verification.consent(await editor(), { purpose, granted: true, language: 'zh-CN' }));
  await must(verification.start(accountId));
  await must(verification.add(accountId, 'licence', await pictures.licence()));
  const named = { name: company.name, creditCode: company.code, confirmed: true };
  await must(verification.saveCompany(await editor(), named));
  await agree('id_images');
  await must(verification.saveDocumentType(await editor(), 'resident_id'));
  await must(verification.add(accountId, 'document_front', over.front ?? (await pictures.front())));
  if (over.insist) await must(verification.insist(accountId, 'document_front'));
  await must(verification.add(accountId, 'document_back', await pictures.back()));
  await must(verification.savePerson(await editor(), personEntry(person, { confirmed: true })));
  await must(verification.skipSupporting(await editor()));
  if (over.handHeld) {
    await must(verification.chooseRoute(await editor(), 'hand_held'));
    if (over.compare) await agree('face');
    await must(verification.add(accountId, 'hand_held', over.handHeld));
    return who;
  }
  await must(verification.chooseRoute(await editor(), 'face'));
  await agree('face');
  const prompts = (await verification.prompts(accountId)) ?? [];
  const frames = await (over.frames?.(prompts) ?? Promise.all(prompts.map((one) => pictures.following(one))));
  await must(verification.add(accountId, 'selfie', over.selfie ?? (await pictures.selfie()), frames));
  return who;
}

/** What the checks of the newest case of an account found: the outcome and its detail by the name of the check. */
export async function findingsOf({ verification }: VerificationRig, accountId: AccountId) {
  const findings = (await verification.view(accountId))?.case.findings ?? [];
  return Object.fromEntries(
    findings.map(({ code, outcome, detail }) => [code, detail ? `${outcome} ${detail}` : outcome]),
  );
}

type Applicant = ReturnType<typeof applicant>;

/** Answers whatever the case asks for, up to the check. */
export async function answerSteps(
  { verification }: Pick<VerificationRig, 'verification'>,
  { accountId, view, editor, must }: Applicant,
  pictures: ReadablePictures,
): Promise<void> {
  const { person, company } = pictures;
  const agree = async (purpose: 'id_images' | 'face') =>
    must(verification.consent(await editor(), { purpose, granted: true, language: 'zh-CN' }));
  const add = async (kind: ImageKind, picture: Promise<Buffer>, frames: readonly Buffer[] = []) =>
    must(verification.add(accountId, kind, await picture, frames));
  const named = { name: company.name, creditCode: company.code, confirmed: true };
  const answers: { readonly [step in StepName]?: () => Promise<unknown> } = {
    licence: () => add('licence', pictures.licence()),
    company: async () => must(verification.saveCompany(await editor(), named)),
    image_consent: () => agree('id_images'),
    document_type: async () => must(verification.saveDocumentType(await editor(), 'resident_id')),
    document_front: () => add('document_front', pictures.front()),
    document_back: () => add('document_back', pictures.back()),
    person: async () =>
      must(verification.savePerson(await editor(), personEntry(person, { confirmed: true }))),
    supporting: async () => must(verification.skipSupporting(await editor())),
    route: async () => must(verification.chooseRoute(await editor(), 'face')),
    face_consent: () => agree('face'),
    selfie: async () => {
      const prompts = (await verification.prompts(accountId)) ?? [];
      await add(
        'selfie',
        pictures.selfie(),
        await Promise.all(prompts.map((one) => pictures.following(one))),
      );
    },
  };
  for (let step = nextStep(await view()); step && step !== 'check'; step = nextStep(await view()))
    await answers[step]?.();
}
