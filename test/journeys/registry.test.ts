import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareEntry } from '../../src/companies/index.ts';
import { silentLog } from '../../src/core/log.ts';
import { createRegistry } from '../../src/providers/registry/index.ts';
import { defaultPolicy } from '../../src/verification/index.ts';
import { describeDatabases } from '../support/databases.ts';
import { fillReadable } from '../support/readable-case.ts';
import { readablePictures } from '../support/readable.ts';
import { casePath } from '../support/review-console.ts';
import { createReviewRig, enrol, startConsole, type Browser, type ReviewRig } from '../support/review.ts';
import { specimenCompany, specimenPerson } from '../support/specimens.ts';

describeDatabases('a company and the registry', (open) => {
  let rig: ReviewRig;
  let console: Awaited<ReturnType<typeof startConsole>>;
  let reviewer: Browser;

  beforeAll(async () => {
    const database = await open();
    const registry = createRegistry(
      {
        mode: 'development',
        registry: 'fake',
        registryKeyId: '',
        registrySecret: '',
        registryRegion: '',
        registryEndpoint: '',
        registryFile: '',
      },
      { clock: database.clock, log: silentLog, compare: compareEntry },
    );
    rig = createReviewRig(database, undefined, registry ? { registry } : {});
    console = await startConsole(rig);
    reviewer = console.browse('203.0.113.9');
    await reviewer.enter(await enrol(rig.review, 'registry-reader', 'reviewer'), rig.clock);
  });
  afterAll(async () => {
    await console.close();
    await rig.close();
  });

  /** Somebody who is legal representative of a company of that name hands everything in. */
  async function handIn(name: string) {
    const person = specimenPerson();
    const company = specimenCompany({ name, legalRepresentative: person.name });
    const who = await fillReadable(rig.verification, readablePictures(person, company));
    const { verification } = rig.verification;
    const answer = { granted: false, language: 'zh-CN' };
    const { view } = await who.must(verification.submit(await who.editor(), answer));
    return { who, caseId: view.case.id, examine: () => verification.examine(view.case.id) };
  }
  async function page(caseId: Awaited<ReturnType<typeof handIn>>['caseId'], lang: 'en' | 'zh-CN') {
    await reviewer.post(casePath(caseId, '/claim'));
    return (await reviewer.get(`${casePath(caseId)}?lang=${lang}`)).html;
  }

  describe('that knows it', () => {
    it('lets the machine approve whoever it names', async () => {
      const { who, examine } = await handIn('样本人力资源有限公司');
      expect(await examine()).toEqual({ outcome: 'done' });
      expect((await who.view()).case).toMatchObject({ state: 'approved', decision: { decision: 'approve' } });
    });

    it('as struck off sends the case to a reviewer, who reads why in both languages', async () => {
      const { who, caseId, examine } = await handIn('注销样本有限公司');
      await examine();
      expect((await who.view()).case).toMatchObject({ state: 'in_review', round: 1 });
      const english = await page(caseId, 'en');
      expect(english).toContain('Check with the company registry');
      expect(english).toContain('not in operation: see what is registered');
      expect(english).toMatch(/As registered[\s\S]{0,80}注销样本有限公司 · deregistered · 有限责任公司/);
      const chinese = await page(caseId, 'zh-CN');
      expect(chinese).toContain('企业登记信息核对');
      expect(chinese).toMatch(/登记信息[\s\S]{0,80}注销样本有限公司 · 已注销/);
    });

    it('under another legal representative says so, and not who that is', async () => {
      const { caseId, examine } = await handIn('异法人样本有限公司');
      await examine();
      const html = await page(caseId, 'en');
      expect(html).toContain('another legal representative is registered');
      expect(html).not.toContain('他人样本');
    });
  });

  it('that is down is waited for; when it answers, the machine approves', async () => {
    const { who, examine } = await handIn('故障样本有限公司');
    expect(await examine()).toMatchObject({ outcome: 'wait' });
    expect((await who.view()).case).toMatchObject({ state: 'submitted' });
    expect(await examine()).toEqual({ outcome: 'done' });
    expect((await who.view()).case.state).toBe('approved');
  });

  it('that stays down leaves the case to a reviewer, and costs the person no attempt', async () => {
    const { who, caseId, examine } = await handIn('长期故障样本有限公司');
    expect(await examine()).toMatchObject({ outcome: 'wait' });
    rig.clock.advance(defaultPolicy.authorityPatience + 1);
    expect(await examine()).toEqual({ outcome: 'done' });
    expect((await who.view()).case).toMatchObject({ state: 'in_review', round: 1 });
    await reviewer.enter(await enrol(rig.review, 'registry-reader-2', 'reviewer'), rig.clock);
    expect(await page(caseId, 'en')).toContain('did not answer: look the company up yourself');
  });
});
