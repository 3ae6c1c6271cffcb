import sharp from 'sharp';
import { hash, verify } from '@node-rs/argon2';
import type { PasswordHasher } from '../../src/accounts/index.ts';
import type { ManualClock } from '../../src/core/clock.ts';
import type { CaseId, StaffId } from '../../src/core/ids.ts';
import { ok } from '../../src/core/result.ts';
import { silentLog } from '../../src/core/log.ts';
import { createCsrf } from '../../src/http/csrf.ts';
import { staffPages } from '../../src/http/pages/staff/index.ts';
import { createServer } from '../../src/http/server.ts';
import { listen } from '../../src/listen.ts';
import {
  createReview,
  defaultReviewPolicy,
  type Enrolment,
  type Review,
  type ReviewPolicy,
  type StaffRole,
} from '../../src/review/index.ts';
import { totpCode, totpStepAt } from '../../src/review/totp.ts';
import type { FaceOnFile, ImageAnalysis } from '../../src/verification/index.ts';
import type { Stores } from '../../src/storage/stores.ts';
import type { TestDatabase } from './databases.ts';
import { freePort } from './free-port.ts';
import { createMembersRig } from './members.ts';
import { createTestSignals } from './signals.ts';
import { applicant, createVerificationRig, newAccount } from './verification.ts';

/** Argon2id with the least cost the library allows: the strength of the hash is not what these tests are about. */
export const fastHasher: Pick<PasswordHasher, 'hash' | 'verify'> = {
  hash: async (password) =>
    ok({ hash: await hash(password, { memoryCost: 8, timeCost: 1, parallelism: 1 }) }),
  verify: async (stored, password) => ok({ matches: await verify(stored, password) }),
};

/** The policy of these tests unless they say otherwise: no approval is drawn for a second look by chance. */
const withoutSample: ReviewPolicy = { ...defaultReviewPolicy, secondReviewShare: 0 };

export function createReviewRig(
  database: TestDatabase,
  policy: ReviewPolicy = withoutSample,
  over: Parameters<typeof createVerificationRig>[1] = {},
) {
  const { clock, dependencies, stores, transact } = database;
  const verification = createVerificationRig(database, over);
  const review = createReview<Stores>({
    clock,
    ids: dependencies.ids,
    random: dependencies.random,
    hasher: fastHasher,
    stores,
    transact,
    cases: verification.verification,
    companies: verification.companies,
    recompute: verification.recompute,
    members: createMembersRig(database).members,
    companyChecks: verification.checkDecisions,
    objects: verification.objects,
    totpIssuer: 'Shiming',
    drawKey: Buffer.alloc(32, 7),
    policy,
  });
  const signals = createTestSignals(database);
  return {
    database,
    clock,
    review,
    signals,
    verification,
    /** A case that waits for a reviewer, with real pictures. */
    async submitted(over: Parameters<ReturnType<typeof applicant>['fill']>[0] = {}) {
      const who = applicant(verification.verification, newAccount());
      const filled = await who.fill({ route: 'hand_held', ...over });
      const view = await who.submit();
      return { ...filled, who, accountId: who.accountId, caseId: view.case.id };
    },
    /** Claims a case and looks at everything that is there before the others' opinions. */
    async lookAt(caseId: CaseId, staffId: StaffId): Promise<void> {
      const claimed = await review.queue.claim(caseId, staffId);
      if (!claimed.ok) throw new Error(claimed.reason);
      const opened = await review.desk.open(caseId, staffId);
      if (!opened.ok) throw new Error(opened.reason);
      for (const { id } of opened.opened.evidence.images) await review.desk.image(id, staffId);
    },
    /** Stores what a machine might have seen on the pictures of a case; `read` is what the document says. */
    async seen(caseId: CaseId, read: { number: string; name: string }): Promise<void> {
      const { cases, images, analyses } = database.stores;
      const crop = await plainPicture(300, 40);
      const face = await plainPicture(160, 160);
      const field = (value: string) => ({ value, confidence: 0.97 });
      for (const image of await images.listStored(caseId)) {
        const isFront = image.kind === 'document_front';
        const fields = isFront
          ? { number: field(read.number), name: field(read.name), address: field('北京市朝阳区样本路1号') }
          : {};
        const analysis: ImageAnalysis = {
          models: { text: 'test-text-1', face: 'test-face-1' },
          reading: { shows: isFront ? 'resident_id_front' : 'unknown', fields },
          crops: isFront ? { number: crop, name: crop, address: crop } : {},
          faces: isFront || image.kind === 'hand_held' ? [faceOnFile(face)] : [],
        };
        await analyses.save(image, analysis);
      }
      const found = await cases.find(caseId);
      if (!found) throw new Error('no case');
      const measured = {
        code: 'face_match',
        outcome: 'measured',
        value: 0.41,
        source: 'test-face-1',
      } as const;
      const others = found.findings.filter(({ code }) => code !== measured.code);
      await cases.update(found, { findings: [...others, measured] });
    },
    async close() {
      await review.close();
      await verification.close();
    },
  };
}

const plainPicture = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: '#c8d4e0' } })
    .jpeg()
    .toBuffer();

const faceOnFile = (aligned: Buffer): FaceOnFile => ({
  box: { left: 10, top: 10, width: 100, height: 100 },
  score: 0.99,
  yaw: 0,
  pitch: 0,
  eyesOpen: 1,
  liveness: 0.9,
  aligned,
});

export type ReviewRig = ReturnType<typeof createReviewRig>;

/** A case in review that has no answers and no pictures: enough for the queue. */
export async function bareCase({ database }: Pick<ReviewRig, 'database'>): Promise<CaseId> {
  const { stores, clock } = database;
  const opened = await stores.cases.open(newAccount(), clock.now() + 1e9);
  if (!opened) throw new Error('the account has a case');
  const change = { round: 1, submittedAt: clock.now() };
  if (!(await stores.cases.update(opened, change, { state: 'in_review', live: true })))
    throw new Error('the case moved');
  return opened.id;
}

export async function enrol(review: Review, login: string, role: StaffRole = 'reviewer'): Promise<Enrolment> {
  const added = await review.accounts.add(login, `审核员 ${login}`, role);
  if (!added.ok) throw new Error(added.reason);
  return added.enrolment;
}

export const secretOf = ({ otpauthUri }: Enrolment): string =>
  new URL(otpauthUri).searchParams.get('secret') ?? '';

export const codeFor = (enrolment: Enrolment, clock: ManualClock, stepsAway = 0): string =>
  totpCode(secretOf(enrolment), totpStepAt(clock.now()) + stepsAway);

/** The console over HTTP. */
export async function startConsole(rig: ReviewRig) {
  const { clock, review, database } = rig;
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const issuer = base;
  const { random } = database.dependencies;
  const app = createServer({
    config: { issuer, mode: 'production', trustedProxies: 1 },
    clock,
    random,
    log: silentLog,
    csrf: createCsrf([{ id: 'k', key: random.bytes(32) }], issuer, random),
    routers: staffPages({ clock, issuer, review, signals: rig.signals.operations }),
  });
  const server = await listen(app.callback(), port, '127.0.0.1');
  return { base, close: () => server.close(0), browse: (address?: string) => createBrowser(base, address) };
}

export type Answer = {
  status: number;
  location: string | undefined;
  headers: Headers;
  html: string;
  bytes: Buffer;
};
export type Browser = ReturnType<typeof createBrowser>;

/** A browser at the console: cookies, the form token, and no redirects followed. */
export function createBrowser(base: string, address = '203.0.113.1') {
  const cookies = new Map<string, string>();
  let token: string | undefined;

  async function request(path: string, init: RequestInit = {}): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${base}${path}`, {
      redirect: 'manual',
      ...init,
      headers: { accept: 'text/html', 'x-forwarded-for': address, cookie, ...(init.headers ?? {}) },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const bytes = Buffer.from(await response.arrayBuffer());
    const location = response.headers.get('location') ?? undefined;
    token = tokenOf(bytes.toString('utf8')) ?? token;
    return {
      status: response.status,
      location,
      headers: response.headers,
      html: bytes.toString('utf8'),
      bytes,
    };
  }

  const browser = {
    cookies,
    get: (path: string, headers: Record<string, string> = {}) => request(path, { headers }),
    /** Sends a form with the token of a page of this browser. */
    async post(path: string, fields: Record<string, string> = {}): Promise<Answer> {
      if (token === undefined) await request('/staff/sign-in?lang=en');
      return browser.send(path, { ...fields, _csrf: token ?? '' });
    },
    /** Sends a form as given. */
    send: (path: string, fields: Record<string, string>) =>
      request(path, { method: 'POST', body: new URLSearchParams(fields) }),
    async signIn(
      enrolment: Enrolment,
      clock: ManualClock,
      over: Record<string, string> = {},
    ): Promise<Answer> {
      const { password } = enrolment;
      const fields = {
        login: enrolment.staff.login,
        password,
        code: codeFor(enrolment, clock),
        return: '/staff',
      };
      return browser.post('/staff/sign-in', { ...fields, ...over });
    },
    /** Signs in and chooses a password; the first page that can be used is the queue. */
    async enter(enrolment: Enrolment, clock: ManualClock): Promise<void> {
      const next = `long enough for ${Math.abs(enrolment.staff.createdAt % 97)} people`;
      await browser.signIn(enrolment, clock);
      const changed = await browser.post('/staff/password', {
        current: enrolment.password,
        next,
        again: next,
      });
      if (changed.status !== 303) throw new Error(`the password was refused: ${changed.html}`);
    },
  };
  return browser;
}

export function tokenOf(html: string): string | undefined {
  return /name="_csrf" value="([^"]+)"/.exec(html)?.[1];
}
