import { setTimeout as pause } from 'node:timers/promises';
import type { PageAnswer, Person } from '../src/testkit/person.ts';
import type { FieldValue, VisitedPage, Visitor } from '../src/testkit/visitor.ts';
import { blinking, portrait, turned } from '../test/support/faces.ts';
import { recruiterAt, verificationAnswers } from '../test/support/recruiting.ts';
import {
  businessLicence,
  idCardBack,
  idCardFront,
  seededDice,
  specimenCompany,
  specimenPerson,
  type SpecimenCompany,
  type SpecimenPerson,
} from '../test/support/specimens.ts';

/** Everything one applicant hands in, drawn before the clock runs. */
export type Portfolio = {
  readonly person: SpecimenPerson;
  readonly company: SpecimenCompany;
  /** By the last part of the page's path. */
  readonly pictures: Readonly<Record<string, Buffer>>;
  /** Pictures of the camera by prompt. */
  readonly prompts: Readonly<Record<string, Buffer>>;
};

/** How long the machine took over a submission, in milliseconds, and how it ended. */
export type Course = {
  /** From sending a picture to the page that follows, by the last part of the page's path. */
  readonly uploads: Readonly<Record<string, number>>;
  /** From pressing the last button to a page that shows the verdict. */
  readonly verdict: number;
  readonly state: 'approved' | 'review' | 'other';
};

/** A submission that a machine may approve alone: the legal representative of a company, with card and camera. */
export async function drawPortfolio(seed: number): Promise<Portfolio> {
  const dice = seededDice(seed);
  const person = specimenPerson({ validFrom: '2020-01-01', expiresOn: '2040-01-01' }, dice);
  const company = specimenCompany({ legalRepresentative: person.name }, dice);
  const pictures = {
    licence: await businessLicence(company),
    'document-front': await idCardFront(person, { portrait: await portrait({ person: 'a', variation: 1 }) }),
    'document-back': await idCardBack(person),
    selfie: await portrait({ person: 'a' }),
  };
  const prompts = {
    left: await turned('a', 'left'),
    right: await turned('a', 'right'),
    blink: await blinking('a'),
  };
  return { person, company, pictures, prompts };
}

/** Signs somebody up and fills in everything but the last page; answers how to press its button. */
export async function prepare(issuer: string, phone: string, portfolio: Portfolio) {
  const uploads: Record<string, number> = {};
  const applicant = recruiterAt(issuer, phone, answers(portfolio, uploads));
  await applicant.walk(`${issuer}/verify`, ({ url }) => url.pathname === '/verify/check');
  return { submit: () => submit(applicant, uploads) };
}

const patience = 120_000;

async function submit({ browser }: Person, uploads: Course['uploads']): Promise<Course> {
  const started = performance.now();
  let page = await browser.submit({}, { holding: 'version' });
  while (stateOf(page) === undefined && performance.now() - started < patience) {
    await pause(50);
    page = await browser.open('/verify/status');
  }
  return { uploads, verdict: performance.now() - started, state: stateOf(page) ?? 'other' };
}

/** By the event of the verdict on the status page; undefined as long as the machine looks. */
function stateOf({ text }: VisitedPage): Course['state'] | undefined {
  if (text.includes('Approved')) return 'approved';
  if (text.includes('In review')) return 'review';
  return undefined;
}

function answers({ person, company, pictures, prompts }: Portfolio, uploads: Record<string, number>) {
  const filesOf = (kind: string, { html }: VisitedPage): Record<string, FieldValue> => {
    const asked = /data-prompts="([a-z ]+)"/.exec(html)?.[1]?.split(' ') ?? [];
    const frames = asked.map((prompt, at) => [`frame_${at + 1}`, file(prompts[prompt])] as const);
    return { picture: file(pictures[kind]), ...Object.fromEntries(frames) };
  };
  const send = async (browser: Visitor, page: VisitedPage): Promise<VisitedPage> => {
    const kind = page.url.pathname.split('/').at(-1) ?? '';
    const started = performance.now();
    let next = page;
    do {
      const form = next.forms.find(({ multipart }) => multipart);
      if (!form) throw new Error(`${kind} was refused: ${next.text.slice(0, 600)}`);
      // Whoever is told that too many are sending tries again.
      if (next.status === 503) await pause(1000);
      next = await browser.submitForm(form, filesOf(kind, next));
    } while (next.status === 503);
    uploads[kind] = performance.now() - started;
    if (next.status !== 200) throw new Error(`${kind} was refused: ${next.text.slice(0, 600)}`);
    return next;
  };
  const own: readonly PageAnswer[] = [
    [/^\/verify\/photo\/(licence|document|selfie)/, send],
    ...verificationAnswers({ person, company, route: 'face' }),
  ];
  return own;
}

function file(picture: Buffer | undefined): File {
  if (!picture) throw new Error('a picture is asked for that nobody drew');
  return new File([new Uint8Array(picture)], 'photo.jpg', { type: 'image/jpeg' });
}
