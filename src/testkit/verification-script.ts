import type { CaseScope, DocumentType, Prompt } from '../verification/index.ts';
import type { TestCompany, TestIdentity } from './identities.ts';
import { pictureFlaws, testPictures, type PictureContent, type TestPictures } from './test-pictures.ts';
import type { PageAnswer } from './person.ts';
import type { VisitedPage, Visitor } from './visitor.ts';

/**
 * How a verification goes. `approved`: all is well, the machine approves. `in_review`: the licence names somebody else,
 * so a reviewer decides. `resubmission`: the document cannot be made out, and is asked for again. `wrong_face`: somebody
 * else is in front of the camera; in review, where approving takes two. `photocopy`: the identity card is a copy; in
 * review. `recogniser_down`: nobody could look at the pictures; in review. `expired`: the document ran out; the person
 * page refuses it, and the case stays open.
 */
export type VerificationOutcome =
  'approved' | 'in_review' | 'resubmission' | 'wrong_face' | 'photocopy' | 'recogniser_down' | 'expired';

/** How somebody goes through the pages of the verification. */
export type VerificationScript = {
  /**
   * What is verified: somebody who is verified may have a further company looked at, or renew what they have. What is
   * missing where it is absent: the person alone, once they belong to a company.
   */
  readonly scope?: CaseScope;
  /** `approved` where it is absent. */
  readonly outcome?: VerificationOutcome;
  /** What is different about the company; without it the person's own, which they represent by law. */
  readonly company?: Partial<TestCompany>;
  /** `resident_id` where it is absent. */
  readonly document?: Extract<DocumentType, 'resident_id' | 'passport_cn' | 'passport_other'>;
  /** `face` where it is absent; `hand_held` always goes to a reviewer. */
  readonly route?: 'face' | 'hand_held';
  /** Whether a business card is handed in as well. */
  readonly businessCard?: boolean;
};

/** How an outcome differs from all going well. */
type Play = {
  readonly documents?: PictureContent;
  readonly every?: PictureContent;
  readonly stranger?: boolean;
  readonly company?: Partial<TestCompany>;
  readonly identity?: Partial<TestIdentity>;
  /** A picture is used in spite of what the page says about it. */
  readonly insists?: boolean;
  /** The page that refuses to go on. */
  readonly refusedAt?: string;
};

const plays: { readonly [outcome in VerificationOutcome]: Play } = {
  approved: {},
  in_review: { company: { legalRepresentative: '测试法人' } },
  resubmission: { documents: pictureFlaws.unreadable, insists: true },
  wrong_face: { stranger: true },
  photocopy: { documents: pictureFlaws.photocopy, insists: true },
  recogniser_down: { every: pictureFlaws.recogniserDown },
  expired: { identity: { expiresOn: '2021-05-06' }, refusedAt: '/verify/person' },
};

const documentPictures = {
  'document-front': 'front',
  'document-back': 'back',
  'document-page': 'passport',
} as const;

/** A script with everything settled. */
export type SettledScript = {
  readonly answers: readonly PageAnswer[];
  /** Whether the page is one that refuses to go on, as the outcome wants it. */
  refusesAt(page: VisitedPage): boolean;
};

/** Settles how `person`, who acts for `company`, gets through every page of the verification up to its status. */
export function settleScript(
  person: TestIdentity,
  company: TestCompany,
  script: VerificationScript = {},
): SettledScript {
  const { outcome = 'approved', document = 'resident_id', route = 'face', businessCard = false } = script;
  if (outcome === 'photocopy' && document !== 'resident_id') {
    throw new Error('only a card is told from its photocopy');
  }
  const play = plays[outcome];
  const who = { ...person, ...play.identity };
  const name = document === 'passport_other' ? `${who.latin.surname} ${who.latin.given}` : who.name;
  const firm = { ...company, legalRepresentative: name, ...script.company, ...play.company };
  const pictures = testPictures(who, firm);
  const number = { resident_id: who.number, passport_cn: who.passport, passport_other: who.foreignPassport };
  const upload = (browser: Visitor, page: VisitedPage, files: Readonly<Record<string, File>>) =>
    handIn(browser, page, files, play.insists === true);

  const answers: readonly PageAnswer[] = [
    [/^\/verify(\/about)?$/, (browser, page) => begin(browser, page, script.scope)],
    [/^\/verify\/company$/, (browser) => browser.submit({ company_name: firm.name, credit_code: firm.code })],
    [/^\/verify\/consent\/(images|face)$/, (browser) => browser.submit({}, { button: 'agree' })],
    [/^\/verify\/document$/, (browser) => browser.submit({ document_type: document })],
    [
      /^\/verify\/person$/,
      (browser) =>
        browser.submit({
          name,
          number: number[document],
          ...(who.expiresOn === 'long_term'
            ? { expires_on: '', long_term: '1' }
            : { expires_on: who.expiresOn }),
          ...(document !== 'resident_id' && { birth_date: who.birthdate }),
          ...(document === 'passport_other' && { issuing_state: who.nationality }),
        }),
    ],
    [
      /^\/verify\/photo\/licence$/,
      async (browser, page) => upload(browser, page, await files({ picture: pictures.licence(play.every) })),
    ],
    [
      /^\/verify\/photo\/document-(front|back|page)$/,
      async (browser, page) => {
        const kind = page.url.pathname.split('/').at(-1) as keyof typeof documentPictures;
        const drawn = document === 'passport_other' ? 'foreignPassport' : documentPictures[kind];
        const picture = pictures[drawn]({ ...play.documents, ...play.every });
        return upload(browser, page, await files({ picture }));
      },
    ],
    [
      /^\/verify\/photo\/supporting$/,
      async (browser, page) =>
        businessCard
          ? upload(browser, page, await files({ picture: pictures.businessCard(play.every) }))
          : browser.submit({}, { action: '/verify/skip/supporting' }),
    ],
    [/^\/verify\/route$/, (browser) => browser.submit({ route })],
    [
      /^\/verify\/photo\/selfie$/,
      async (browser, page) => upload(browser, page, await selfie(pictures, page, play)),
    ],
    [
      /^\/verify\/photo\/hand-held$/,
      async (browser, page) => upload(browser, page, await files({ picture: handHeld(pictures, who, play) })),
    ],
    [/^\/verify\/check$/, (browser) => browser.submit({}, { holding: 'version' })],
  ];
  return {
    answers,
    refusesAt: ({ status, url }) => status === 422 && url.pathname === play.refusedAt,
  };
}

/** Starts with what is missing, or with what is wanted where the page offers it by itself. */
async function begin(
  browser: Visitor,
  page: VisitedPage,
  scope: CaseScope | undefined,
): Promise<VisitedPage> {
  const form = page.forms.find(({ fields }) => scope !== undefined && fields.get('scope')?.[0] === scope);
  return form ? browser.submitForm(form) : browser.submit({}, { action: '/verify/start' });
}

/** The picture of a face check and one for each prompt that the page tells the camera. */
async function selfie(
  pictures: TestPictures,
  page: VisitedPage,
  play: Play,
): Promise<Readonly<Record<string, File>>> {
  const asked = /data-prompts="([a-z ]+)"/.exec(page.html)?.[1]?.split(' ') ?? [];
  const [stranger] = pictureFlaws.wrongFace.faces;
  const frames = asked.map((prompt, at): [string, Promise<Buffer>] => [
    `frame_${at + 1}`,
    pictures.following(prompt as Prompt, play.stranger ? stranger.seed : undefined),
  ]);
  const over = { ...(play.stranger && pictureFlaws.wrongFace), ...play.every };
  return files({ picture: pictures.selfie(over), ...Object.fromEntries(frames) });
}

function handHeld(pictures: TestPictures, { number }: TestIdentity, play: Play): Promise<Buffer> {
  const faces = [...pictureFlaws.wrongFace.faces, { seed: number, like: 0.8 }];
  return pictures.handHeld({ ...(play.stranger && { faces }), ...play.every });
}

/** Sends pictures; where the page asks for a better one, insists or leaves it to the caller. */
async function handIn(
  browser: Visitor,
  page: VisitedPage,
  pictures: Readonly<Record<string, File>>,
  insists: boolean,
): Promise<VisitedPage> {
  const form = page.forms.find(({ names }) => names.has('picture'));
  if (!form) throw new Error(`no picture is asked for on ${page.url.href}: ${page.text.slice(0, 600)}`);
  const shown = await browser.submitForm(form, pictures);
  const complains = shown.forms.some(({ action }) => action.startsWith('/verify/insist/'));
  return insists && complains ? browser.submit({}, { action: '/verify/insist/' }) : shown;
}

async function files(
  drawn: Readonly<Record<string, Promise<Buffer>>>,
): Promise<Readonly<Record<string, File>>> {
  const entries = Object.entries(drawn).map(async ([name, picture]) => {
    const file = new File([new Uint8Array(await picture)], `${name}.jpg`, { type: 'image/jpeg' });
    return [name, file] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
