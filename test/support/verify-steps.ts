import { expect } from 'vitest';
import {
  businessLicence,
  creditCode,
  idCardBack,
  idCardFront,
  selfie,
  specimenCompany,
  specimenPerson,
} from './specimens.ts';
import type { Page, VerifyBrowser } from './verify-site.ts';

/** The answers of the tests to the pages of verification, step by step; every one starts at the beginning. */

export const person = specimenPerson();
export const company = specimenCompany();
export const personFields = { name: person.name, number: person.number, expires_on: '2040-01-01' };

/** Starts and hands the licence in; ends at the company. */
export async function toCompany(browser: VerifyBrowser): Promise<Page> {
  const started = await browser.submit(await browser.visit('/verify'), {}, '/verify/start');
  expect(started.location).toBe('/verify/photo/licence');
  const uploaded = await browser.upload(
    await browser.get('/verify/photo/licence'),
    await businessLicence(company),
  );
  expect(uploaded).toMatchObject({ status: 303, location: '/verify/company' });
  return browser.get('/verify/company');
}

/** Answers the company steps; ends at the consent for ID images. */
export async function toConsent(browser: VerifyBrowser, code = creditCode()): Promise<Page> {
  const page = await toCompany(browser);
  const saved = await browser.submit(page, { company_name: company.name, credit_code: code });
  expect(saved.location).toBe('/verify/consent/images');
  return browser.get('/verify/consent/images');
}

/** Ends at the pictures of the document. */
export async function toDocument(browser: VerifyBrowser, type = 'resident_id'): Promise<Page> {
  const agreed = await browser.submit(await toConsent(browser), { answer: 'agree' });
  expect(agreed.location).toBe('/verify/document');
  const chosen = await browser.submit(await browser.get('/verify/document'), { document_type: type });
  expect(chosen.location).toMatch(/^\/verify\/photo\/document-/);
  return browser.get(chosen.location as string);
}

export async function toPerson(browser: VerifyBrowser, who = person): Promise<Page> {
  const front = await browser.upload(await toDocument(browser), await idCardFront(who));
  expect(front.location).toBe('/verify/photo/document-back');
  const back = await browser.upload(await browser.get('/verify/photo/document-back'), await idCardBack(who));
  expect(back.location).toBe('/verify/person');
  return browser.get('/verify/person');
}

export async function toRoute(browser: VerifyBrowser, who = person): Promise<Page> {
  const page = await toPerson(browser, who);
  const saved = await browser.submit(page, { ...personFields, name: who.name, number: who.number });
  expect(saved.location).toBe('/verify/photo/supporting');
  const supporting = await browser.get('/verify/photo/supporting');
  const skipped = await browser.submit(supporting, {}, '/verify/skip/supporting');
  expect(skipped.location).toBe('/verify/route');
  return browser.get('/verify/route');
}

export async function toCheck(browser: VerifyBrowser, who = person): Promise<Page> {
  const chosen = await browser.submit(await toRoute(browser, who), { route: 'face' });
  expect(chosen.location).toBe('/verify/consent/face');
  const agreed = await browser.submit(await browser.get('/verify/consent/face'), { answer: 'agree' });
  expect(agreed.location).toBe('/verify/photo/selfie');
  const taken = await browser.upload(await browser.get('/verify/photo/selfie'), await selfie(who));
  expect(taken.location).toBe('/verify/check');
  return browser.get('/verify/check');
}
