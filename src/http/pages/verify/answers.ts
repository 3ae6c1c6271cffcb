import type Router from '@koa/router';
import { z } from 'zod';
import type { Failed } from '../../../core/result.ts';
import {
  documentRule,
  documentTypeNames,
  type AnswerResult,
  type CaseView,
  type DocumentType,
  type StepName,
} from '../../../verification/index.ts';
import type { Context, State } from '../../context.ts';
import { readForm } from '../../guard.ts';
import type { FieldError } from '../../partials.ts';
import { visitorOf } from '../../sign-in.ts';
import {
  enter,
  goOn,
  redirect,
  renderStep,
  staleError,
  versionOf,
  type VerifyDependencies,
} from './journey.ts';
import { fieldErrors } from './wording.ts';

const text = z.string().default('');
const flag = z
  .string()
  .optional()
  .transform((value) => value === '1');
const version = z.string().optional().transform(versionOf);

const companyForm = z.object({ company_name: text, credit_code: text, confirmed: flag, version });
const documentForm = z.object({
  document_type: z.enum(
    documentTypeNames as [DocumentType, ...DocumentType[]],
    'verify.error.document_type.empty',
  ),
  version,
});
const personForm = z.object({
  name: text,
  number: text,
  birth_date: text,
  expires_on: text,
  long_term: flag,
  issuing_state: text,
  confirmed: flag,
  version,
});
const routeForm = z.object({ route: z.enum(['face', 'hand_held'], 'verify.error.route.empty'), version });
const consentForm = z.object({ answer: z.enum(['agree', 'decline'], 'verify.error.answer.empty'), version });

/** Pages that ask in words: company, person, route and the two separate consents. */
export function answerPages(router: Router<State>, dependencies: VerifyDependencies): void {
  const { verification } = dependencies;
  const show = (ctx: Context, step: StepName, page: string, data: (view: CaseView) => object) =>
    enter(ctx, dependencies, step).then(
      (view) => view && renderStep(ctx, page, view, step, { ...data(view) }),
    );

  router.get('/verify/company', (ctx) =>
    show(ctx, 'company', 'verify-company', ({ case: { answers } }) => ({
      values: {
        company_name: answers.company?.name,
        credit_code: answers.company?.creditCode,
      },
    })),
  );
  router.post('/verify/company', async (ctx) => {
    const form = readForm(ctx, companyForm);
    if (!form.ok) return again(ctx, dependencies, 'company', 'verify-company', form);
    const { company_name, credit_code, confirmed } = form.data;
    const entry = { name: company_name, creditCode: credit_code, confirmed };
    const result = await verification.saveCompany(editor(ctx, form.data.version), entry);
    const doubtful = !result.ok && result.reason === 'invalid' && result.errors.some(isDoubtful);
    await settle(ctx, dependencies, 'company', 'verify-company', result, form.values, { doubtful });
  });

  router.get('/verify/document', (ctx) =>
    show(ctx, 'document_type', 'verify-document', ({ case: { answers } }) => ({
      types: documentTypeNames,
      values: { document_type: answers.documentType },
    })),
  );
  router.post('/verify/document', async (ctx) => {
    const form = readForm(ctx, documentForm);
    const types = { types: documentTypeNames };
    if (!form.ok) return again(ctx, dependencies, 'document_type', 'verify-document', form, types);
    const result = await verification.saveDocumentType(
      editor(ctx, form.data.version),
      form.data.document_type,
    );
    await settle(ctx, dependencies, 'document_type', 'verify-document', result, form.values, types);
  });

  router.get('/verify/person', (ctx) =>
    show(ctx, 'person', 'verify-person', ({ case: { answers } }) => {
      const { person, documentType } = answers;
      return {
        ...personPage(documentType),
        values: {
          name: person?.name,
          number: person?.document.number,
          birth_date: person?.document.birthDate,
          expires_on: person?.document.expiresOn,
          long_term: person && !person.document.expiresOn ? '1' : undefined,
          issuing_state: person?.issuingState,
        },
      };
    }),
  );
  router.post('/verify/person', async (ctx) => {
    const { accountId } = visitorOf(ctx);
    const documentType = (await verification.view(accountId))?.case.answers.documentType;
    if (!documentType) return redirect(ctx, '/verify');
    const form = readForm(ctx, personForm);
    if (!form.ok) return again(ctx, dependencies, 'person', 'verify-person', form, personPage(documentType));
    const { data } = form;
    const result = await verification.savePerson(editor(ctx, data.version), {
      name: data.name,
      documentType,
      number: data.number,
      birthDate: data.birth_date,
      expiresOn: data.expires_on,
      longTerm: data.long_term,
      issuingState: data.issuing_state,
      confirmed: data.confirmed,
    });
    const doubtful = !result.ok && result.reason === 'invalid' && result.errors.some(isDoubtful);
    await settle(ctx, dependencies, 'person', 'verify-person', result, form.values, {
      ...personPage(documentType),
      doubtful,
    });
  });

  router.get('/verify/route', (ctx) =>
    show(ctx, 'route', 'verify-route', (view) => ({ values: { route: view.case.route } })),
  );
  router.post('/verify/route', async (ctx) => {
    const form = readForm(ctx, routeForm);
    if (!form.ok) return again(ctx, dependencies, 'route', 'verify-route', form);
    const result = await verification.chooseRoute(editor(ctx, form.data.version), form.data.route);
    await settle(ctx, dependencies, 'route', 'verify-route', result, form.values);
  });

  for (const purpose of ['id_images', 'face'] as const) {
    const step = purpose === 'face' ? 'face_consent' : 'image_consent';
    const page = purpose === 'face' ? 'verify-consent-face' : 'verify-consent-images';
    const path = purpose === 'face' ? '/verify/consent/face' : '/verify/consent/images';
    router.get(path, (ctx) =>
      show(ctx, step, page, ({ case: { consents } }) => ({ given: consents[purpose] !== undefined })),
    );
    router.post(path, async (ctx) => {
      const form = readForm(ctx, consentForm);
      if (!form.ok) return again(ctx, dependencies, step, page, form);
      const granted = form.data.answer === 'agree';
      const answer = { purpose, granted, language: ctx.state.lang };
      const result = await verification.consent(editor(ctx, form.data.version), answer);
      if (result.ok && !granted && purpose === 'id_images') return redirect(ctx, '/verify/declined');
      await settle(ctx, dependencies, step, page, result, form.values);
    });
  }
  router.get('/verify/declined', async (ctx) => {
    const view = await enter(ctx, dependencies, 'image_consent');
    if (view) ctx.state.render('verify-declined', {});
  });
}

const isDoubtful = ({ field, reason }: { field: string; reason: string }): boolean =>
  (field === 'creditCode' && reason === 'check_digit') || reason.startsWith('differs_');

function personPage(type: DocumentType | undefined) {
  const rule = type && documentRule(type);
  return {
    type,
    typedBirthDate: rule?.birthDate === 'typed',
    mayBeLongTerm: rule?.mayBeLongTerm ?? false,
    needsState: type === 'passport_other',
  };
}

function editor(ctx: Context, shown: number) {
  return { accountId: visitorOf(ctx).accountId, version: shown };
}

type Refused = { readonly errors: readonly FieldError[]; readonly values: Readonly<Record<string, unknown>> };

/** The page again, with what was entered. */
async function again(
  ctx: Context,
  dependencies: VerifyDependencies,
  step: StepName,
  page: string,
  { errors, values }: Refused,
  data: object = {},
  status = 422,
): Promise<void> {
  const view = await enter(ctx, dependencies, step);
  if (view) renderStep(ctx, page, view, step, { ...data, errors, values }, status);
}

/** On to the next step, or the page again with what stands in the way. */
async function settle(
  ctx: Context,
  dependencies: VerifyDependencies,
  step: StepName,
  page: string,
  result: AnswerResult | Failed<'stale' | 'closed'>,
  values: Readonly<Record<string, unknown>>,
  data: object = {},
): Promise<void> {
  if (result.ok) return goOn(ctx, result.view);
  if (result.reason === 'closed') return redirect(ctx, '/verify');
  const stale = result.reason !== 'invalid';
  const errors = result.reason === 'invalid' ? fieldErrors(result.errors) : [staleError];
  return again(ctx, dependencies, step, page, { errors, values }, data, stale ? 409 : 422);
}
