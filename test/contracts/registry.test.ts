import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareEntry, type CompanyRegistry } from '../../src/companies/index.ts';
import { ManualClock, minutes } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { createCsvRegistry } from '../../src/providers/registry/csv.ts';
import { createFakeRegistry } from '../../src/providers/registry/fake.ts';
import { tencentRegistryCodes } from '../../src/providers/registry/tencent-codes.ts';
import { createTencentRegistry } from '../../src/providers/registry/tencent.ts';
import type { RegistryQuestion } from '../../src/verification/index.ts';
import { clock, outages, wrong } from '../support/authority/parties.ts';
import { startStandIn, type Answer, type StandIn } from '../support/authority/stand-in.ts';
import { ok, refuse, tencentKeys } from '../support/authority/tencent.ts';
import { tencentRegister, type Entry } from '../support/registry/tencent.ts';

type Kind = 'match' | 'name' | 'representative' | 'struck_off' | 'no_record';
type Subject = {
  readonly registry: CompanyRegistry;
  arrange(kind: Kind): RegistryQuestion;
  close(): void;
};

const ask = (creditCode: string, name = '样本科技有限公司', over: Partial<RegistryQuestion> = {}) => ({
  reference: 'case_0123-1-registry',
  name,
  creditCode,
  legalRepresentative: '张样本',
  ...over,
});
const codes: Record<Kind, string> = {
  match: '91110105123456781A',
  name: '91110105123456782A',
  representative: '91110105123456783A',
  struck_off: '91110105123456784A',
  no_record: '91110105123456785A',
};
const entry = (over: Partial<Entry> = {}): Entry => ({
  name: '样本科技有限公司',
  representative: '张样本',
  status: '1',
  ...over,
});
const entries: Record<string, Entry> = {
  [codes.match]: entry(),
  [codes.name]: entry({ name: '另一家样本有限公司' }),
  [codes.representative]: entry({ representative: '李样本' }),
  [codes.struck_off]: entry({ status: '3' }),
};

const folder = mkdtempSync(join(tmpdir(), 'shiming-registry-'));
afterAll(() => rmSync(folder, { recursive: true }));
const surroundings = { clock, log: silentLog, compare: compareEntry };
const header = 'code,name,legal_representative,status,valid_until';

const subjects: Record<string, () => Promise<Subject>> = {
  async fake() {
    const names: Partial<Record<Kind, string>> = {
      name: '异名样本有限公司',
      representative: '异法人样本有限公司',
      struck_off: '注销样本有限公司',
      no_record: '查无样本有限公司',
    };
    return {
      registry: createFakeRegistry('development', surroundings),
      arrange: (kind) => ask(codes[kind], names[kind]),
      close: () => undefined,
    };
  },
  async csv() {
    const path = join(folder, 'contract.csv');
    const rows = Object.entries(entries).map(([code, { name, representative, status }]) =>
      [code, name, representative, status === '1' ? '存续' : '注销', '2040-01-01'].join(','),
    );
    writeFileSync(path, [header, ...rows].join('\n'));
    const registry = createCsvRegistry(path, surroundings);
    return { registry, arrange: (kind) => ask(codes[kind]), close: () => undefined };
  },
  async tencent_ocr() {
    const standIn = await startStandIn(tencentRegister(() => clock.now(), entries));
    const registry = createTencentRegistry({ ...tencentKeys, endpoint: standIn.url }, clock);
    return { registry, arrange: (kind) => ask(codes[kind]), close: () => standIn.close() };
  },
};

/** What every registry does, whoever it is. */
describe.each(Object.entries(subjects))('the registry %s', (name, open) => {
  let subject: Subject;
  beforeAll(async () => (subject = await open()));
  afterAll(() => subject.close());
  const look = (kind: Kind, over: Partial<RegistryQuestion> = {}) =>
    subject.registry.look({ ...subject.arrange(kind), ...over });

  it('bears its name in findings', () => {
    expect(subject.registry.name).toBe(name);
  });

  it('passes a company of which all agrees and that is in operation', async () => {
    expect(await look('match')).toMatchObject({
      outcome: 'match',
      differing: [],
      registered: { legalRepresentative: 'agrees', status: 'operating' },
      code: expect.stringMatching(/^[\w.-]+$/) as string,
    });
  });

  it('passes it without a legal representative, and then says nothing of one', async () => {
    const { legalRepresentative: _, ...question } = subject.arrange('match');
    const answer = await subject.registry.look(question);
    expect(answer).toMatchObject({ outcome: 'match', registered: { status: 'operating' } });
    expect(answer).not.toHaveProperty('registered.legalRepresentative');
  });

  it('says that the name differs', async () => {
    const answer = await look('name');
    expect(answer.outcome).toBe('mismatch');
    expect('differing' in answer && answer.differing[0]).toBe('name');
  });

  it('says that the legal representative differs, and never who it is', async () => {
    const answer = await look('representative');
    expect(answer).toMatchObject({
      outcome: 'mismatch',
      differing: ['legal_representative'],
      registered: { legalRepresentative: 'differs' },
    });
    expect(JSON.stringify(answer)).not.toMatch(/李样本|他人样本/);
  });

  it('says that a company is struck off', async () => {
    expect(await look('struck_off')).toMatchObject({
      outcome: 'not_operating',
      registered: { status: 'deregistered' },
    });
  });

  it('holds no record of others', async () => {
    expect(await look('no_record')).toMatchObject({ outcome: 'no_record', registered: {} });
  });
});

describe('Tencent Cloud OCR', () => {
  let standIn: StandIn;
  beforeAll(async () => (standIn = await startStandIn(tencentRegister(() => clock.now(), entries))));
  afterAll(() => standIn.close());
  const registry = (over: object = {}, at = clock) =>
    createTencentRegistry({ ...tencentKeys, endpoint: standIn.url, ...over }, at);
  const two = { reference: 'r', name: '样本科技有限公司', creditCode: codes.match };

  const says = (code: string): Answer => {
    const [kind, value = ''] = [code.split('.')[0], code.slice(code.indexOf('.') + 1)];
    if (kind === 'VerifyResult')
      return ok({ StatusCode: 0, VerifyResult: Number(value), OperatingStatus: '1' });
    if (kind === 'StatusCode') return ok({ StatusCode: Number(value) });
    if (kind === 'OperatingStatus') return ok({ StatusCode: 0, VerifyResult: 1, OperatingStatus: value });
    return refuse(code);
  };
  const unavailable = { later: true, operator: false } as Record<string, boolean>;
  it.each(Object.entries(tencentRegistryCodes).map(([code, [meaning]]) => [code, meaning] as const))(
    'understands %s as %s',
    async (code, meaning) => {
      standIn.says(says(code));
      const expected =
        meaning in unavailable
          ? { outcome: 'unavailable', retryable: unavailable[meaning] }
          : { outcome: meaning };
      expect(await registry().look(two)).toMatchObject({ ...expected, code });
    },
  );

  it.each([
    ['an unknown result', ok({ StatusCode: 0, VerifyResult: 7, OperatingStatus: '1' })],
    ['an unknown state', ok({ StatusCode: 0, VerifyResult: 1, OperatingStatus: '99' })],
    ['no state', ok({ StatusCode: 0, VerifyResult: 1 })],
    ['an unknown status', ok({ StatusCode: 9 })],
    ['nothing', ok({})],
    ['an error that calls itself a result', refuse('VerifyResult.1')],
    ['words for numbers', ok({ StatusCode: '0', VerifyResult: '1', OperatingStatus: 1 })],
    ['no response', { status: 200, body: {} }],
  ])('takes %s for no answer about the company', async (_what, answer) => {
    standIn.says(answer);
    expect(await registry().look(two)).toMatchObject({ outcome: 'unavailable', retryable: false });
  });

  it('asks for the exact state and for what differs where three factors leave it open', async () => {
    standIn.says(undefined);
    standIn.asked.length = 0;
    await registry().look(ask(codes.match));
    expect(standIn.asked, 'a match is asked once').toHaveLength(1);
    await registry().look(ask(codes.struck_off));
    expect(standIn.asked).toHaveLength(3);
    expect(standIn.asked[1]).toMatchObject({ number: codes.struck_off, reference: '张样本' });
    expect(standIn.asked[2]).not.toHaveProperty('reference');
  });

  it.each([
    ['another secret', { secretKey: wrong }, clock],
    ['a clock that is slow', {}, new ManualClock(clock.now() - minutes(20))],
  ])('is refused for %s, and only the operator can help', async (_why, over, at) => {
    standIn.says(undefined);
    standIn.asked.length = 0;
    expect(await registry(over, at).look(two)).toMatchObject({ outcome: 'unavailable', retryable: false });
    expect(standIn.asked).toEqual([]);
  });

  it('is refused when somebody changes the question on its way', async () => {
    standIn.says(undefined);
    standIn.tampers((body) => body.replace(codes.match, codes.struck_off));
    expect(await registry().look(two)).toMatchObject({ outcome: 'unavailable', retryable: false });
    standIn.tampers(undefined);
  });

  it.each(Object.entries(outages))('is tried again after %s', async (_what, [expected, behave]) => {
    standIn.says(behave);
    const answer = await registry({ timeout: expected === 'timeout' ? 300 : 5000 }).look(two);
    expect(answer).toMatchObject({ outcome: 'unavailable', retryable: true });
    expect(answer.code).toMatch(new RegExp(`^(${expected})$`));
  });
});

describe('the fake registry', () => {
  const fake = createFakeRegistry('development', surroundings);

  it('fails once for each question about 故障样本, then matches', async () => {
    expect(await fake.look(ask(codes.match, '故障样本公司'))).toMatchObject({ retryable: true });
    expect(await fake.look(ask(codes.match, '故障样本公司'))).toMatchObject({ outcome: 'match' });
  });

  it.each([
    ['长期故障样本公司', { outcome: 'unavailable', retryable: true }],
    ['停用样本公司', { outcome: 'unavailable', retryable: false }],
    ['格式样本公司', { outcome: 'malformed' }],
    ['吊销样本公司', { outcome: 'not_operating', registered: { status: 'licence_revoked' } }],
  ])('answers by the name: %s', async (name, answer) => {
    expect(await fake.look(ask(codes.match, name))).toMatchObject(answer);
  });

  it('does not load in production', () => {
    expect(() => createFakeRegistry('production', surroundings)).toThrow(/production/);
  });
});
