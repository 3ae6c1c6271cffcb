import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CaseScope } from '../../src/verification/index.ts';
import { describeDatabases } from '../support/databases.ts';
import { answerSteps } from '../support/readable-case.ts';
import { ofSomebodyElse, readablePictures } from '../support/readable.ts';
import { casePath, openConsole, versionOf, type OpenConsole } from '../support/review-console.ts';
import type { Browser } from '../support/review.ts';
import { specimenCompany } from '../support/specimens.ts';
import { applicant, newAccount } from '../support/verification.ts';

describeDatabases('a reviewer, by what a case is about', (open) => {
  let desk: OpenConsole;
  let ann: Browser;
  beforeAll(async () => {
    desk = await openConsole(await open());
    ann = (await desk.staff()).browser;
    await ann.get('/staff?lang=en');
  });
  afterAll(() => desk.close());

  /** A case that waits for a reviewer: the face is somebody else's, or the licence names somebody else. */
  async function waiting(scope: CaseScope) {
    const { verification, database } = desk.rig.verification;
    const who = applicant(verification, newAccount());
    const pictures = readablePictures();
    const submit = async (wanted: CaseScope, over: Partial<typeof pictures>) => {
      database.clock.advance(1);
      await who.must(verification.start(who.accountId, wanted));
      await answerSteps(desk.rig.verification, who, { ...pictures, ...over });
      return (await who.submit()).case;
    };
    if (scope === 'person') {
      return { pictures, found: await submit(scope, ofSomebodyElse(pictures)) };
    }
    expect(await submit('person_and_company', {})).toMatchObject({ state: 'approved' });
    const others = readablePictures(pictures.person, specimenCompany({ legalRepresentative: '别人' }));
    return { pictures, found: await submit(scope, others) };
  }

  const reject = (version: string, reason: string) => ({
    decision: 'reject',
    reject_reason: reason,
    version,
  });

  it('is asked about the person alone, and cannot reject them for their company', async () => {
    const { found } = await waiting('person');
    expect(found).toMatchObject({ scope: 'person', state: 'in_review' });
    const { html } = await desk.claimed(ann, found.id);
    for (const control of ['redo_document', 'redo_holder']) expect(html).toContain(`name="${control}"`);
    for (const absent of ['redo_company', 'company_not_operating', 'Credit code'])
      expect(html).not.toContain(absent);
    expect(html).toContain('The person only');
    const version = versionOf(html);
    const path = casePath(found.id, '/decide');
    const forged = await ann.post(path, reject(version, 'company_not_operating'));
    expect(forged.status).toBeGreaterThanOrEqual(400);
    const again = { decision: 'resubmit', redo_company: 'image_unreadable', version };
    expect((await ann.post(path, again)).status).toBeGreaterThanOrEqual(400);
    const { stores } = desk.rig.database;
    expect((await stores.cases.find(found.id))?.state).toBe('in_review');
    expect(await stores.reviewLog.decisionsOfCase(found.id)).toEqual([]);
  });

  it('sees who was verified beside the licence of a further company, and decides on that alone', async () => {
    const { found, pictures } = await waiting('company');
    expect(found).toMatchObject({ scope: 'company', state: 'in_review' });
    const { html } = await desk.claimed(ann, found.id);
    expect(html).toContain('A further company only');
    expect(html).toMatch(new RegExp(`Verified as[\\s\\S]{0,80}${pictures.person.name}`));
    expect(html).toContain('name="redo_company"');
    for (const absent of ['redo_document', 'redo_holder', 'someone_elses_document', pictures.person.number])
      expect(html).not.toContain(absent);
    const version = versionOf(html);
    const path = casePath(found.id, '/decide');
    const forged = await ann.post(path, reject(version, 'person_under_age'));
    expect(forged.status).toBeGreaterThanOrEqual(400);
    const approved = { decision: 'approve', approve_reason: 'evidence_consistent', version };
    expect((await ann.post(path, approved)).status).toBe(303);
    expect((await desk.rig.database.stores.cases.find(found.id))?.state).toBe('approved');
  });
});
