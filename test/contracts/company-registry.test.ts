import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CompanyRegistry } from '../../src/companies/index.ts';
import { minutes } from '../../src/core/clock.ts';
import {
  defaultPolicy,
  readCreditCode,
  type Registered,
  type RegistryAnswer,
  type RegistryField,
  type RegistryQuestion,
  type RegistrySaid,
} from '../../src/verification/index.ts';
import { describeDatabases } from '../support/databases.ts';
import { fillReadable, findingsOf } from '../support/readable-case.ts';
import { readablePictures } from '../support/readable.ts';
import { creditCode, specimenCompany, specimenPerson } from '../support/specimens.ts';
import { createVerificationRig, type VerificationRig } from '../support/verification.ts';

/** A registry whose answers the test lines up; it keeps what it was asked. */
function linedUp(...answers: RegistryAnswer[]): CompanyRegistry & { asked: RegistryQuestion[] } {
  const asked: RegistryQuestion[] = [];
  return {
    name: 'lined_up',
    asked,
    async look(question) {
      asked.push(question);
      return answers[asked.length - 1] ?? said('match');
    },
  };
}

const said = (
  outcome: RegistrySaid['outcome'],
  registered: Registered = { status: 'operating', legalRepresentative: 'agrees' },
  differing: RegistryField[] = [],
): RegistryAnswer => ({ outcome, code: '0', registered, differing });
const down: RegistryAnswer = { outcome: 'unavailable', code: '503', retryable: true };

describeDatabases('the registry of companies', (open) => {
  let rig: VerificationRig;
  beforeAll(async () => {
    rig = createVerificationRig(await open());
  });
  afterAll(() => rig.close());

  async function withRegistry(registry: CompanyRegistry | undefined, pictures = readablePictures()) {
    const other = createVerificationRig(rig.database, registry ? { registry } : {});
    const who = await fillReadable(other, pictures);
    const answer = { granted: false, language: 'zh-CN' };
    const submitted = await who.must(other.verification.submit(await who.editor(), answer));
    const caseId = submitted.view.case.id;
    const finished = async () => {
      const found = (await who.view()).case;
      const findings = await findingsOf(rig, who.accountId);
      await other.close();
      return { found, findings };
    };
    return { ...other, who, pictures, caseId, finished };
  }

  /** A code whose check character fails, and that no exchange of characters that look alike would mend. */
  function oddCode(): string {
    for (;;) {
      const code = creditCode();
      const odd = code.slice(0, 17) + (code.endsWith('5') ? '2' : '5');
      const mended = [...odd.slice(0, 8)].flatMap((character, at) =>
        character === '1' ? ['7', 'L', 'T'].map((other) => odd.slice(0, at) + other + odd.slice(at + 1)) : [],
      );
      if (!mended.some((one) => isSound(one))) return odd;
    }
  }
  const isSound = (code: string) => {
    const read = readCreditCode(code);
    return read.ok && read.checkDigitMatches;
  };
  function oddPictures() {
    const person = specimenPerson();
    return readablePictures(person, specimenCompany({ code: oddCode(), legalRepresentative: person.name }));
  }

  it('is asked once about what the licence says, and the machine approves on a match', async () => {
    const registry = linedUp();
    const { verification, pictures, caseId, finished } = await withRegistry(registry);
    await Promise.all([verification.examine(caseId), verification.examine(caseId)]);
    await verification.examine(caseId);
    const { company } = pictures;
    expect(registry.asked).toEqual([
      {
        reference: `${caseId}-1-registry`,
        name: company.name,
        creditCode: company.code,
        legalRepresentative: company.legalRepresentative,
      },
    ]);
    const { found, findings } = await finished();
    expect(found).toMatchObject({ state: 'approved', verdict: { verdict: 'approve' } });
    expect(findings).toMatchObject({
      company_registry: 'ok match',
      membership_evidence: 'ok registered_representative',
      credit_code_checksum: 'ok',
    });
  });

  it('is not missed where there is none', async () => {
    const { verification, caseId, finished } = await withRegistry(undefined);
    await verification.examine(caseId);
    const { found, findings } = await finished();
    expect(found.state).toBe('approved');
    expect(findings).toMatchObject({ company_registry: 'not_run none' });
  });

  it.each<[string, RegistryAnswer]>([
    ['not_operating', said('not_operating', { status: 'deregistered' })],
    ['no_record', said('no_record', {})],
    ['malformed', said('malformed', {})],
    ['mismatch_name', said('mismatch', {}, ['name', 'code'])],
    [
      'mismatch_legal_representative',
      said('mismatch', { legalRepresentative: 'differs' }, ['legal_representative']),
    ],
  ])('sends the case to a reviewer on %s, and rejects nobody', async (detail, answer) => {
    const { verification, caseId, finished } = await withRegistry(linedUp(answer));
    await verification.examine(caseId);
    const { found, findings } = await finished();
    expect(found).toMatchObject({ state: 'in_review', verdict: { verdict: 'review' }, round: 1 });
    expect(found.verdict?.reasons).toContain('company_registry');
    expect(findings).toMatchObject({ company_registry: `attention ${detail}` });
  });

  it('takes the evidence of membership away where it names another legal representative', async () => {
    const answer = said('mismatch', { legalRepresentative: 'differs' }, ['legal_representative']);
    const { verification, caseId, finished } = await withRegistry(linedUp(answer));
    await verification.examine(caseId);
    expect((await finished()).findings).toMatchObject({
      membership_evidence: 'attention not_representative',
    });
  });

  it('that is down is waited for, with the same question, and costs the person nothing', async () => {
    const registry = linedUp(down, down);
    const { verification, who, caseId, finished } = await withRegistry(registry);
    expect(await verification.examine(caseId)).toMatchObject({ outcome: 'wait' });
    expect(await verification.examine(caseId)).toMatchObject({ outcome: 'wait' });
    expect((await who.view()).case).toMatchObject({ state: 'submitted', round: 1 });
    expect(await verification.examine(caseId)).toMatchObject({ outcome: 'done' });
    expect(new Set(registry.asked.map(({ reference }) => reference)).size).toBe(1);
    expect((await finished()).found.state).toBe('approved');
  });

  it.each([
    ['that stays down', down, defaultPolicy.authorityPatience + 1],
    ['whose credentials are refused', { ...down, retryable: false }, 0],
  ])('%s leaves the case to a reviewer, and says nothing of the company', async (_how, answer, waited) => {
    const { verification, caseId, finished } = await withRegistry(
      linedUp(...Array.from({ length: 9 }, () => answer)),
    );
    await verification.examine(caseId);
    rig.database.clock.advance(waited);
    expect(await verification.examine(caseId)).toMatchObject({ outcome: 'done' });
    const { found, findings } = await finished();
    expect(found).toMatchObject({
      state: 'in_review',
      verdict: { verdict: 'review', reasons: ['company_registry'] },
    });
    expect(findings).toMatchObject({ company_registry: 'not_run outage' });
  });

  it('is asked the same again after a process died while it asked, and its first answer stands', async () => {
    const dying = { name: 'lined_up', look: () => Promise.reject(new Error('killed')) };
    const { verification, caseId, finished } = await withRegistry(dying);
    await expect(verification.examine(caseId)).rejects.toThrow('killed');
    const registry = linedUp(said('not_operating', { status: 'licence_revoked' }));
    const second = createVerificationRig(rig.database, { registry });
    expect(await second.verification.examine(caseId)).toMatchObject({ outcome: 'wait' });
    rig.database.clock.advance(minutes(3));
    await second.verification.examine(caseId);
    const reference = `${caseId}-1-registry`;
    expect(registry.asked.map((asked) => asked.reference)).toEqual([reference]);
    const { registryChecks } = rig.database.stores;
    expect(await registryChecks.answer(reference, said('match'), 1)).toBe(false);
    expect(await registryChecks.ofCase(caseId)).toMatchObject({
      outcome: 'not_operating',
      registered: { status: 'licence_revoked' },
      source: 'lined_up',
      attempts: 2,
    });
    expect(await rig.database.stores.authorityChecks.ofCase(caseId)).toBeUndefined();
    await second.close();
    await finished();
  });

  it('settles a code whose check character fails, where it holds that code', async () => {
    const { verification, caseId, finished } = await withRegistry(linedUp(), oddPictures());
    await verification.examine(caseId);
    const { found, findings } = await finished();
    expect(findings).toMatchObject({ credit_code_checksum: 'attention confirmed_by_registry' });
    expect(found).toMatchObject({ state: 'approved', verdict: { verdict: 'approve' } });
  });

  it.each([
    ['there is no registry', undefined],
    ['the registry holds no such code', said('no_record', {})],
    ['the registry is down', { ...down, retryable: false }],
  ])('leaves such a code to a reviewer where %s', async (_why, answer) => {
    const { verification, caseId, finished } = await withRegistry(answer && linedUp(answer), oddPictures());
    await verification.examine(caseId);
    const { found, findings } = await finished();
    expect(findings).toMatchObject({ credit_code_checksum: 'attention check_digit' });
    expect(found).toMatchObject({ state: 'in_review', verdict: { verdict: 'review' } });
    expect(found.verdict?.reasons).toContain('credit_code_checksum');
  });
});
