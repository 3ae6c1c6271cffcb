import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeAuthority } from '../../src/providers/authority/fake.ts';
import type { Authority, AuthorityQuestion } from '../../src/verification/authority.ts';
import { clock, face, parties, question, type Kind } from '../support/authority/parties.ts';
import { startStandIn } from '../support/authority/stand-in.ts';

type Subject = {
  readonly authority: Authority;
  /** Has the source give this answer, and returns the question to which it does. */
  arrange(kind: Kind | 'match'): AuthorityQuestion;
  close(): void;
};

const fakeNames: Record<Kind | 'match', string> = {
  match: '张三',
  mismatch: '王不符样本',
  no_record: '查无样本',
  malformed: '格式样本',
  busy: '故障样本',
  unknown: '停用样本',
  unlike: '异脸样本',
};

const subjects: Record<string, () => Promise<Subject>> = {
  async fake() {
    const authority = createFakeAuthority({ faces: true, mode: 'development' });
    let asked = 0;
    const arrange = (kind: Kind | 'match') => ({
      ...question,
      reference: `case-${++asked}`,
      name: fakeNames[kind],
    });
    return { authority, arrange, close: () => undefined };
  },
};
for (const [name, party] of Object.entries(parties)) {
  subjects[name] = async () => {
    const standIn = await startStandIn(party.vendor(() => clock.now()));
    const arrange = (kind: Kind | 'match') => {
      standIn.says(kind === 'match' ? undefined : party.replies[kind]);
      return question;
    };
    return { authority: party.make(standIn.url, {}), arrange, close: () => standIn.close() };
  };
}

/** What every source does, whoever it is. */
describe.each(Object.entries(subjects))('the official source %s', (name, open) => {
  let subject: Subject;
  beforeAll(async () => (subject = await open()));
  afterAll(() => subject.close());

  it('bears its name in findings', () => {
    expect(subject.authority).toMatchObject({ name, comparesFaces: true });
  });

  it.each(['match', 'mismatch', 'no_record', 'malformed'] as const)('reports %s', async (outcome) => {
    const answer = await subject.authority.look(subject.arrange(outcome));
    expect(answer).toMatchObject({ outcome, code: expect.stringMatching(/^[\w.-]+$/) as string });
    expect(answer).not.toHaveProperty('faceSimilarity');
  });

  it.each([
    ['busy', true],
    ['unknown', false],
  ] as const)('is unavailable when %s; trying again helps: %s', async (kind, retryable) => {
    const answer = await subject.authority.look(subject.arrange(kind));
    expect(answer).toEqual({ outcome: 'unavailable', retryable, code: expect.any(String) as string });
  });

  it('tells how like a face is, from 0 to 1, where one was sent', async () => {
    const like = await subject.authority.look({ ...subject.arrange('match'), face });
    const unlike = await subject.authority.look({ ...subject.arrange('unlike'), face });
    expect(like).toMatchObject({ outcome: 'match', faceSimilarity: expect.closeTo(0.92, 1) as number });
    expect(unlike).toMatchObject({ outcome: 'mismatch', faceSimilarity: expect.closeTo(0.2, 1) as number });
  });
});

describe('the fake', () => {
  const fake = createFakeAuthority({ faces: true, mode: 'development' });
  const look = (name: string, more: Partial<AuthorityQuestion> = {}) =>
    fake.look({ ...question, reference: name, name, ...more });

  it.each([
    ['张三', { outcome: 'match' }],
    ['欧阳不符样本', { outcome: 'mismatch' }],
    ['不符样本甲', { outcome: 'match' }],
    ['异脸样本', { outcome: 'match' }],
  ])('answers by the name: %s', async (name, answer) => {
    expect(await look(name)).toMatchObject(answer);
  });

  it('fails once for each question about 故障样本, then matches', async () => {
    for (const reference of ['a', 'b']) {
      expect(await look('故障样本', { reference })).toMatchObject({
        outcome: 'unavailable',
        retryable: true,
      });
      expect(await look('故障样本', { reference })).toMatchObject({ outcome: 'match' });
    }
  });

  it('compares faces where it may', async () => {
    expect(await look('张三', { face })).toMatchObject({ outcome: 'match', faceSimilarity: 0.95 });
    expect(await look('异脸样本', { face })).toMatchObject({ outcome: 'mismatch', faceSimilarity: 0.2 });
  });

  it('does not load in production', () => {
    expect(() => createFakeAuthority({ faces: false, mode: 'production' })).toThrow(/production/);
  });
});
