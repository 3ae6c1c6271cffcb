import type Router from '@koa/router';
import { z } from 'zod';
import {
  documentTypeNames,
  type CaseView,
  type DocumentType,
  type StepName,
} from '../../../verification/index.ts';
import type { Context, State } from '../../context.ts';
import { readForm } from '../../guard.ts';
import { again, editor, flag, settle, version } from './forms.ts';
import { enter, redirect, renderStep, stepPaths, type VerifyDependencies } from './journey.ts';

const documentForm = z.object({
  document_type: z.enum(
    documentTypeNames as [DocumentType, ...DocumentType[]],
    'verify.error.document_type.empty',
  ),
  version,
});
const routeForm = z.object({ route: z.enum(['face', 'hand_held'], 'verify.error.route.empty'), version });
const consentForm = z.object({
  answer: z.enum(['agree', 'decline'], 'verify.error.answer.empty'),
  /** Sent from the page of the photo with the document in hand, where this consent may be given and is not needed. */
  optional: flag,
  version,
});

/** Pages that ask for a choice: document, route and the two separate consents. */
export function answerPages(router: Router<State>, dependencies: VerifyDependencies): void {
  const { verification } = dependencies;
  const show = (ctx: Context, step: StepName, page: string, data: (view: CaseView) => object) =>
    enter(ctx, dependencies, step).then(
      (view) => view && renderStep(ctx, page, view, step, { ...data(view) }),
    );

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
      if (result.ok && form.data.optional) return redirect(ctx, `${stepPaths.hand_held}#compare`);
      await settle(ctx, dependencies, step, page, result, form.values);
    });
  }
  router.get('/verify/declined', async (ctx) => {
    const view = await enter(ctx, dependencies, 'image_consent');
    if (view) ctx.state.render('verify-declined', {});
  });
}
