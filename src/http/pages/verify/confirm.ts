import type Router from '@koa/router';
import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import {
  documentRule,
  type CaseView,
  type DocumentType,
  type ImageKind,
  type ReadField,
} from '../../../verification/index.ts';
import type { Context, State } from '../../context.ts';
import { readForm } from '../../guard.ts';
import { visitorOf } from '../../sign-in.ts';
import { again, editor, flag, settle, text, version } from './forms.ts';
import { enter, kindOf, redirect, renderStep, type VerifyDependencies } from './journey.ts';
import { asRead, valuesOf, type Asked } from './read-fields.ts';
import { fieldErrors } from './wording.ts';

const companyForm = z.object({ company_name: text, credit_code: text, confirmed: flag, version });
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

/** Control on the page → what it is called where it was read. */
const companyFields: Asked = { company_name: 'companyName', credit_code: 'creditCode' };
const personFields: Asked = {
  name: 'name',
  number: 'number',
  birth_date: 'birthDate',
  expires_on: 'expiresOn',
  issuing_state: 'issuingState',
};
const companyPictures: readonly ImageKind[] = ['licence'];
const personPictures: readonly ImageKind[] = ['document_page', 'document_front', 'document_back'];

/** Pages on which a person confirms what was read from their pictures, or types it where nothing was. */
export function confirmPages(router: Router<State>, dependencies: VerifyDependencies): void {
  const { verification } = dependencies;

  const companyPage = async (ctx: Context) => {
    const readings = (await verification.readings(visitorOf(ctx).accountId)) ?? {};
    return { read: asRead(ctx, readings, companyPictures, companyFields) };
  };
  const personPage = async (ctx: Context, type: DocumentType | undefined) => {
    const readings = (await verification.readings(visitorOf(ctx).accountId)) ?? {};
    const rule = type && documentRule(type);
    return {
      read: asRead(ctx, readings, personPictures, personFields),
      type,
      grouped: rule !== undefined && rule.birthDate !== 'typed',
      typedBirthDate: rule?.birthDate === 'typed',
      mayBeLongTerm: rule?.mayBeLongTerm ?? false,
      needsState: type === 'passport_other',
    };
  };

  router.get('/verify/company', async (ctx) => {
    const view = await enter(ctx, dependencies, 'company');
    if (!view) return;
    const page = await companyPage(ctx);
    const { company } = view.case.answers;
    const saved = company && { company_name: company.name, credit_code: company.creditCode };
    renderStep(ctx, 'verify-company', view, 'company', { ...page, values: saved ?? valuesOf(page.read) });
  });
  router.post('/verify/company', async (ctx) => {
    const form = readForm(ctx, companyForm);
    if (!form.ok) return again(ctx, dependencies, 'company', 'verify-company', form, await companyPage(ctx));
    const { company_name, credit_code, confirmed } = form.data;
    const entry = { name: company_name, creditCode: credit_code, confirmed };
    const result = await verification.saveCompany(editor(ctx, form.data.version), entry);
    const doubtful = !result.ok && result.reason === 'invalid' && result.errors.some(isDoubtful);
    const page = { ...(await companyPage(ctx)), doubtful };
    await settle(ctx, dependencies, 'company', 'verify-company', result, form.values, page);
  });

  router.get('/verify/person', async (ctx) => {
    const view = await enter(ctx, dependencies, 'person');
    if (!view) return;
    const page = await personPage(ctx, view.case.answers.documentType);
    const values = savedPerson(view) ?? personValues(page.read);
    const readings = (await verification.readings(view.case.accountId)) ?? {};
    const errors = fieldErrors(ctx, verification.concerns(view, readings), values);
    renderStep(ctx, 'verify-person', view, 'person', { ...page, values, errors });
  });
  router.post('/verify/person', async (ctx) => {
    const { accountId } = visitorOf(ctx);
    const documentType = (await verification.view(accountId))?.case.answers.documentType;
    if (!documentType) return redirect(ctx, '/verify');
    const form = readForm(ctx, personForm);
    const page = await personPage(ctx, documentType);
    if (!form.ok) return again(ctx, dependencies, 'person', 'verify-person', form, page);
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
    await settle(ctx, dependencies, 'person', 'verify-person', result, form.values, { ...page, doubtful });
  });

  router.get('/verify/read/:kind/:field', async (ctx) => {
    const { field } = ctx.params as { field: string };
    const control = ({ ...companyFields, ...personFields } as Record<string, ReadField>)[field];
    const { accountId } = visitorOf(ctx);
    const crop = control && (await verification.crop(accountId, kindOf(ctx), control));
    if (!crop) throw new AppError('not_found');
    ctx.set('cache-control', 'no-store');
    ctx.set('content-disposition', 'inline');
    ctx.type = 'image/jpeg';
    ctx.body = crop;
  });
}

/** What may be as the person says although something speaks against it. */
const isDoubtful = ({ field, reason }: { field: string; reason: string }): boolean =>
  (field === 'creditCode' && reason === 'check_digit') || reason.startsWith('differs_');

function savedPerson({ case: { answers } }: CaseView) {
  const { person } = answers;
  if (!person) return undefined;
  return {
    name: person.name,
    number: person.document.number,
    birth_date: person.document.birthDate,
    expires_on: person.document.expiresOn,
    long_term: person.document.expiresOn ? undefined : '1',
    issuing_state: person.issuingState,
  };
}

/** A document without end is a box to tick, not a date. */
function personValues(read: ReturnType<typeof asRead>) {
  const values = valuesOf(read);
  return values['expires_on'] === 'long_term' ? { ...values, expires_on: undefined, long_term: '1' } : values;
}
