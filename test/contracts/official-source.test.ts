import { afterAll, beforeAll, expect, it } from 'vitest';
import { minutes } from '../../src/core/clock.ts';
import {
  defaultPolicy,
  type Authority,
  type AuthorityAnswer,
  type AuthorityQuestion,
} from '../../src/verification/index.ts';
import { describeDatabases } from '../support/databases.ts';
import { fillReadable, findingsOf } from '../support/readable-case.ts';
import { readablePictures } from '../support/readable.ts';
import { createVerificationRig, type VerificationRig } from '../support/verification.ts';

/** A source whose answers the test lines up; it keeps what it was asked. */
function linedUp(...answers: AuthorityAnswer[]): Authority & { asked: AuthorityQuestion[] } {
  const asked: AuthorityQuestion[] = [];
  return {
    name: 'lined_up',
    comparesFaces: true,
    asked,
    async look(question) {
      asked.push(question);
      return answers[asked.length - 1] ?? { outcome: 'match', code: '0' };
    },
  };
}

const down: AuthorityAnswer = { outcome: 'unavailable', code: '503', retryable: true };

const language = 'zh-CN';

describeDatabases('the official source', (open) => {
  let rig: VerificationRig;
  beforeAll(async () => {
    rig = createVerificationRig(await open());
  });
  afterAll(() => rig.close());

  async function withAuthority(authority: Authority, answer = true) {
    const other = createVerificationRig(rig.database, { authority });
    const pictures = readablePictures();
    const who = await fillReadable(other, pictures);
    const submitted = await who.must(
      other.verification.submit(await who.editor(), { granted: answer, language }),
    );
    return { ...other, who, pictures, caseId: submitted.view.case.id };
  }

  it('asks the official source for whoever agreed to that, once, and approves on a match', async () => {
    const authority = linedUp({ outcome: 'match', code: '0', faceSimilarity: 0.9 });
    const { verification, who, pictures, caseId, close } = await withAuthority(authority);
    await Promise.all([verification.examine(caseId), verification.examine(caseId)]);
    await verification.examine(caseId);
    expect(authority.asked).toHaveLength(1);
    expect(authority.asked[0]).toMatchObject({ name: pictures.person.name, number: pictures.person.number });
    expect(authority.asked[0]?.face).toBeInstanceOf(Buffer);
    expect((await who.view()).case.state).toBe('approved');
    expect(await findingsOf(rig, who.accountId)).toMatchObject({ authority: 'ok match' });
    await close();
  });

  it('asks nothing about whoever did not agree', async () => {
    const authority = linedUp();
    const { verification, who, caseId, close } = await withAuthority(authority, false);
    await verification.examine(caseId);
    expect(authority.asked).toEqual([]);
    expect(await findingsOf(rig, who.accountId)).toMatchObject({ authority: 'not_run not_agreed' });
    await close();
  });

  it.each([
    ['mismatch', 'reject'],
    ['no_record', 'review'],
    ['malformed', 'review'],
  ] as const)('takes “%s” of the source for: %s', async (outcome, verdict) => {
    const { verification, who, caseId, close } = await withAuthority(linedUp({ outcome, code: '1' }));
    await verification.examine(caseId);
    expect((await who.view()).case).toMatchObject({
      state: 'in_review',
      verdict: { verdict, reasons: ['authority'] },
    });
    await close();
  });

  it('waits for a source that is down, with the same question, and costs the person nothing', async () => {
    const authority = linedUp(down, down, { outcome: 'match', code: '0' });
    const { verification, who, caseId, close } = await withAuthority(authority);
    expect(await verification.examine(caseId)).toMatchObject({ outcome: 'wait' });
    expect(await verification.examine(caseId)).toMatchObject({ outcome: 'wait' });
    expect((await who.view()).case).toMatchObject({ state: 'submitted', round: 1 });
    expect(await verification.examine(caseId)).toMatchObject({ outcome: 'done' });
    expect(new Set(authority.asked.map(({ reference }) => reference)).size).toBe(1);
    expect((await who.view()).case.state).toBe('approved');
    await close();
  });

  it('goes to a person when the source stays down', async () => {
    const authority = linedUp(...Array.from({ length: 9 }, () => down));
    const { verification, who, caseId, close } = await withAuthority(authority);
    await verification.examine(caseId);
    rig.database.clock.advance(defaultPolicy.authorityPatience + 1);
    expect(await verification.examine(caseId)).toMatchObject({ outcome: 'done' });
    expect((await who.view()).case).toMatchObject({ state: 'in_review', verdict: { verdict: 'review' } });
    expect(await findingsOf(rig, who.accountId)).toMatchObject({ authority: 'attention unavailable' });
    await close();
  });

  it('asks the same question again after a process died while it asked, and lets the first answer stand', async () => {
    const dying: Authority = {
      name: 'lined_up',
      comparesFaces: false,
      look: () => Promise.reject(new Error('killed')),
    };
    const { verification, who, caseId, close } = await withAuthority(dying);
    await expect(verification.examine(caseId)).rejects.toThrow('killed');
    const authority = linedUp();
    const second = createVerificationRig(rig.database, { authority });
    expect(await second.verification.examine(caseId), 'while the first may still be asking').toMatchObject({
      outcome: 'wait',
    });
    rig.database.clock.advance(minutes(3));
    await second.verification.examine(caseId);
    expect(authority.asked.map(({ reference }) => reference)).toEqual([`${caseId}-1`]);
    expect(
      await rig.database.stores.authorityChecks.answer(`${caseId}-1`, { outcome: 'mismatch', code: '9' }, 1),
    ).toBe(false);
    expect((await who.view()).case.version).toBeGreaterThan(1);
    await close();
    await second.close();
  });
});
