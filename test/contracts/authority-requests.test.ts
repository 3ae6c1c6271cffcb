import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ManualClock, minutes } from '../../src/core/clock.ts';
import * as alibaba from '../support/authority/alibaba.ts';
import {
  clock,
  face,
  outages,
  parties,
  question,
  type Kind,
  type Options,
} from '../support/authority/parties.ts';
import { startStandIn, type StandIn } from '../support/authority/stand-in.ts';
import * as tencent from '../support/authority/tencent.ts';
import { freePort } from '../support/free-port.ts';
import { findReadable } from '../support/leaks.ts';

describe.each(Object.entries(parties))('%s', (name, party) => {
  let standIn: StandIn;
  beforeAll(async () => (standIn = await startStandIn(party.vendor(() => clock.now()))));
  afterAll(() => standIn.close());
  beforeEach(() => {
    standIn.says(undefined);
    standIn.tampers(undefined);
    standIn.asked.length = 0;
    standIn.paths.length = 0;
  });
  const make = (options: Options = {}) => party.make(standIn.url, options);
  const say = (kind: Kind) => standIn.says(party.replies[kind]);

  it('says its name, and whether it compares faces', () => {
    expect(make()).toMatchObject({ name, comparesFaces: true });
    expect(make({ faces: false })).toMatchObject({ comparesFaces: false });
  });

  it('reports a match with the vendor’s number of the look-up', async () => {
    const answer = await make().look(question);
    expect(answer).toEqual({
      outcome: 'match',
      code: expect.any(String) as string,
      vendorReference: expect.stringMatching(/^[\w-]{5,}$/) as string,
    });
    expect(standIn.asked).toHaveLength(1);
    expect(standIn.asked[0]).toMatchObject({ name: question.name, number: question.number });
    expect(standIn.asked[0]?.face).toBeUndefined();
  });

  it('asks about exactly the name and number it was given, whatever they hold', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.string({ unit: 'binary-ascii', minLength: 1 }),
      fc.constantFrom('a+b&c=d%25', '𠮷野·阿依', '\n', '"\\'),
    );
    await fc.assert(
      fc.asyncProperty(text, text, async (name, number) => {
        standIn.asked.length = 0;
        expect(await make().look({ ...question, name, number })).toMatchObject({ outcome: 'match' });
        expect(standIn.asked).toEqual([expect.objectContaining({ name, number })]);
      }),
      { numRuns: 40 },
    );
  });

  it('sends a face, and reports the likeness of 0 to 1', async () => {
    expect(await make().look({ ...question, face })).toMatchObject({
      outcome: 'match',
      faceSimilarity: expect.closeTo(0.91, 1) as number,
    });
    expect(standIn.asked[0]?.face).toEqual(face);
    say('unlike');
    expect(await make().look({ ...question, face })).toMatchObject({
      outcome: 'mismatch',
      faceSimilarity: 0.215,
    });
  });

  it('keeps the face back where the operator allows none', async () => {
    expect(await make({ faces: false }).look({ ...question, face })).toMatchObject({ outcome: 'match' });
    expect(standIn.asked[0]?.face).toBeUndefined();
  });

  it('is no match when the face was asked about and the answer says nothing of it', async () => {
    const silent = {
      tencent_faceid: tencent.recognised('Success'),
      alibaba_cloudauth: alibaba.verdict('200', { BizCode: '1', SubCode: '101' }),
      operator: { status: 200, body: { outcome: 'match' } },
    }[name];
    standIn.says(silent);
    expect(await make().look({ ...question, face })).toEqual({
      outcome: 'unavailable',
      code: 'no_similarity',
      retryable: false,
    });
  });

  it('is tried again after a rate limit', async () => {
    say('busy');
    expect(await make().look(question)).toMatchObject({ outcome: 'unavailable', retryable: true });
  });

  it('leaves a code that nobody documented to a person', async () => {
    say('unknown');
    expect(await make().look(question)).toMatchObject({ outcome: 'unavailable', retryable: false });
  });

  it.each<[string, Options & { tampered?: true }]>([
    ['another secret', { wrongSecret: true }],
    ['a clock that is slow', { clock: new ManualClock(clock.now() - minutes(20)) }],
    ['a clock that is fast', { clock: new ManualClock(clock.now() + minutes(20)) }],
    ['a body changed on the way', { tampered: true }],
  ])('is refused for %s, and only the operator can help', async (_why, { tampered, ...options }) => {
    if (tampered) standIn.tampers((body) => body.replace('002X', '0038'));
    expect(await make(options).look(question)).toMatchObject({ outcome: 'unavailable', retryable: false });
    expect(standIn.asked).toEqual([]);
    expect(standIn.paths).toHaveLength(1);
  });

  it('does not have an incomplete question answered', async () => {
    const answer = await make().look({ ...question, name: '' });
    expect(['malformed', 'unavailable']).toContain(answer.outcome);
    expect(standIn.asked).toEqual([]);
  });

  /** Short where it is to run out, long where a busy machine must not be mistaken for silence. */
  const patience = (codes: string): Options => ({ timeout: codes === 'timeout' ? 300 : 5000 });
  it.each(Object.entries(outages))('is tried again after %s', async (_what, [codes, behave]) => {
    standIn.says(behave);
    expect(await make(patience(codes)).look(question)).toEqual({
      outcome: 'unavailable',
      code: expect.stringMatching(`^(${codes})$`) as string,
      retryable: true,
    });
    expect(standIn.paths).toHaveLength(1);
  });

  it('is tried again when nobody listens', async () => {
    expect(await make({ endpoint: `http://127.0.0.1:${await freePort()}` }).look(question)).toEqual({
      outcome: 'unavailable',
      code: 'ECONNREFUSED',
      retryable: true,
    });
  });

  it.each([301, 302, 307, 308])('does not carry the question on to where a %i points', async (status) => {
    const elsewhere = await startStandIn(party.vendor(() => clock.now()));
    standIn.says((response) => void response.writeHead(status, { location: `${elsewhere.url}/` }).end());
    expect(await make().look(question)).toEqual({
      outcome: 'unavailable',
      code: `http_${status}`,
      retryable: false,
    });
    expect(elsewhere.paths).toEqual([]);
    elsewhere.close();
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['numbers for words', { Response: { Result: 0 }, Code: {}, outcome: 1 }],
    ['nothing inside', { Response: {}, Code: '200' }],
    ['prototype names', { Response: { Result: 'x', Error: { Code: 'constructor' } }, Code: '__proto__' }],
    ['a field too many', { outcome: 'match', Code: 'x', Response: 'x', also: 1 }],
  ])('takes no answer of another form: %s', async (_what, body) => {
    standIn.says({ status: 200, body: body as unknown as object });
    expect(await make().look(question)).toMatchObject({ outcome: 'unavailable', retryable: false });
  });

  describe('keeps to itself', () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'shiming-authority-'))));
    afterEach(() => rmSync(folder, { recursive: true }));

    it('name, number, face and secret, whatever the vendor echoes', async () => {
      const written: string[] = [];
      const write = (...said: unknown[]) => Boolean(written.push(JSON.stringify(said)));
      const spies = [
        ...[process.stdout, process.stderr].map((stream) =>
          vi.spyOn(stream, 'write').mockImplementation(write),
        ),
        ...(['debug', 'log', 'info', 'warn', 'error'] as const).map((level) =>
          vi.spyOn(console, level).mockImplementation(write),
        ),
      ];
      const echo = `${question.name} ${question.number} ${party.secrets['secret']}`;
      const answers: unknown[] = [];
      const say = async (options: Options = {}) =>
        answers.push(await make(options).look({ ...question, face }));
      for (const status of [200, 400, 401, 500]) {
        standIn.says({
          status,
          body: {
            Response: { Error: { Code: echo, Message: echo }, RequestId: echo },
            ...{ Code: echo, Message: echo, RequestId: echo, outcome: echo, error: echo },
          },
        });
        await say();
      }
      standIn.says({ status: 200, body: { Response: { Result: echo } } });
      await say();
      standIn.says(party.match(echo));
      await say();
      await say({ wrongSecret: true });
      await say({ endpoint: `http://127.0.0.1:${await freePort()}` });
      for (const [codes, behave] of Object.values(outages)) {
        standIn.says(behave);
        await say(patience(codes));
      }
      spies.forEach((spy) => spy.mockRestore());
      expect(answers).toHaveLength(8 + Object.keys(outages).length);
      writeFileSync(join(folder, 'said'), JSON.stringify([answers, standIn.paths]) + written.join('\n'));
      const secrets = { name: question.name, number: question.number, ...party.secrets };
      expect(findReadable(folder, { ...secrets, face: face.toString('base64') })).toEqual([]);
    });
  });
});
