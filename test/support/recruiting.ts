import { createVisitor, type PageAnswer, type VisitedPage, type Visitor } from '../../src/testkit/index.ts';
import { systemClock, type Clock } from '../../src/core/clock.ts';
import { createPerson, type Person } from '../../src/testkit/person.ts';
import {
  businessLicence,
  handHeld,
  idCardBack,
  idCardFront,
  selfie,
  specimenCompany,
  specimenPerson,
  type SpecimenCompany,
  type SpecimenPerson,
} from './specimens.ts';

export type Applicant = {
  person: SpecimenPerson;
  company: SpecimenCompany;
  route: 'face' | 'hand_held';
};

export function specimenApplicant(over: Partial<Applicant> = {}): Applicant {
  return { person: specimenPerson(), company: specimenCompany(), route: 'face', ...over };
}

/** How an applicant gets through every page of the verification, to the status page. */
export function verificationAnswers({ person, company, route }: Applicant): readonly PageAnswer[] {
  const pictures: Readonly<Record<string, () => Promise<Buffer>>> = {
    licence: () => businessLicence(company),
    'document-front': () => idCardFront(person),
    'document-back': () => idCardBack(person),
    selfie: () => selfie(person),
    'hand-held': () => handHeld(person),
  };
  const upload = async (browser: Visitor, page: VisitedPage) => {
    const draw = pictures[page.url.pathname.split('/').at(-1) ?? ''];
    if (!draw) throw new Error(`no picture for ${page.url.pathname}`);
    const picture = new File([new Uint8Array(await draw())], 'photo.jpg', { type: 'image/jpeg' });
    return browser.submit({ picture });
  };
  const details = { name: person.name, number: person.number, expires_on: '2040-01-01' };
  return [
    [/^\/verify$/, (browser) => browser.submit({}, { action: '/verify/start' })],
    [
      /^\/verify\/company$/,
      (browser) => browser.submit({ company_name: company.name, credit_code: company.code }),
    ],
    [/^\/verify\/consent\//, (browser) => browser.submit({}, { button: 'agree' })],
    [/^\/verify\/document$/, (browser) => browser.submit({ document_type: 'resident_id' })],
    [/^\/verify\/person$/, (browser) => browser.submit(details)],
    [/^\/verify\/photo\/supporting$/, (browser) => browser.submit({}, { action: '/verify/skip/supporting' })],
    [/^\/verify\/photo\//, upload],
    [/^\/verify\/route$/, (browser) => browser.submit({ route })],
    [/^\/verify\/check$/, (browser) => browser.submit({}, { holding: 'version' })],
  ];
}

/** Somebody with a phone and a browser at a program in development mode, of another process, who wants to recruit. */
export const recruiterAt = (issuer: string, phone: string, answers: readonly PageAnswer[] = []): Person =>
  createPerson({
    issuer,
    clock: systemClock,
    phone,
    role: 'recruiter',
    lang: 'en',
    messages: async (number) => {
      const inbox = await fetch(`${issuer}/dev/inbox.json?phone=${encodeURIComponent(number)}`);
      return ((await inbox.json()) as { messages: { code: string | null }[] }).messages;
    },
    answers,
  });

/** A reviewer at the console of a development installation, signed in. */
export async function signInReviewer(issuer: string, clock: Clock, lang = 'en'): Promise<Visitor> {
  const answer = await fetch(`${issuer}/dev/staff.json`);
  const { login, password, code } = (await answer.json()) as Record<'login' | 'password' | 'code', string>;
  const reviewer = createVisitor({ clock, lang });
  await reviewer.open(`${issuer}/staff`);
  const page = await reviewer.submit({ login, password, code });
  if (page.url.pathname !== '/staff') throw new Error(`the reviewer was refused: ${page.text.slice(0, 400)}`);
  return reviewer;
}

/** Takes the oldest case of the queue and approves it; answers its id. */
export async function approveNext(reviewer: Visitor): Promise<string> {
  await reviewer.open('/staff');
  const page = await reviewer.submit({}, { action: '/staff/next' });
  const [, caseId = ''] = /\/staff\/cases\/([^/]+)/.exec(page.url.pathname) ?? [];
  const decided = await reviewer.submit(
    { decision: 'approve', approve_reason: 'evidence_consistent' },
    { action: '/decide' },
  );
  if (!decided.url.pathname.endsWith('/decided'))
    throw new Error(`not decided: ${decided.text.slice(0, 400)}`);
  return caseId;
}

/** Looks a recruiter up by case or account and takes the verification of the person away. */
export async function revokePerson(reviewer: Visitor, query: string): Promise<void> {
  await reviewer.open(`/staff/recruiters?query=${encodeURIComponent(query)}`);
  const form = reviewer.page().forms.find(({ fields }) => fields.get('target')?.[0] === 'person');
  if (!form) throw new Error(`nothing to revoke: ${reviewer.page().text.slice(0, 400)}`);
  const reason =
    /value="person"[\s\S]*?<select[^>]*name="reason"[\s\S]*?<option value="([a-z_]+)"/.exec(
      reviewer.page().html,
    )?.[1] ?? '';
  const page = await reviewer.submitForm(form, { reason, note: 'asked for by a test' });
  if (!page.url.search.includes('revoked')) throw new Error(`not revoked: ${page.text.slice(0, 400)}`);
}
