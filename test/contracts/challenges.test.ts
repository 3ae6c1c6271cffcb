import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PhoneNumber } from '../../src/accounts/index.ts';
import { CODE_ATTEMPTS, CODE_LIFETIME, judgeCode } from '../../src/accounts/challenge.ts';
import { createLimits, limitRules } from '../../src/accounts/index.ts';
import { hours, minutes } from '../../src/core/clock.ts';
import type { ChallengeId } from '../../src/core/ids.ts';
import { describeDatabases } from '../support/databases.ts';

type Step =
  | { readonly kind: 'issue' }
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'try'; readonly right: boolean; readonly nth: number; readonly foreign: boolean };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.constant({ kind: 'issue' } as const) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 40 }) }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('try' as const),
        right: fc.boolean(),
        nth: fc.nat(3),
        foreign: fc.boolean(),
      }),
    },
  ),
  { minLength: 1, maxLength: 40 },
);

describeDatabases('one-time codes', (open, dialect) => {
  it('keep their rules in any order of asking, waiting and trying', async () => {
    const database = await open();
    const { clock, dependencies, transact } = database;
    const limits = createLimits(limitRules({ dailyBudget: 5000, sharedFactor: 1000 }), 'CN');
    let person = 0;

    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const phone = `+8613${String(++person).padStart(9, '0')}` as PhoneNumber;
        const issued: { id: ChallengeId; at: number; attempts: number; used: boolean }[] = [];
        const failures: number[] = [];
        for (const step of script) {
          const now = clock.now();
          if (step.kind === 'wait') clock.advance(minutes(step.minutes));
          if (step.kind === 'issue') {
            const id = dependencies.ids.next('chl');
            const expiresAt = now + CODE_LIFETIME;
            await transact(({ challenges }) =>
              challenges.create({ id, purpose: 'sign_in', context: 'mine', code: '123456', expiresAt }),
            );
            issued.push({ id, at: now, attempts: 0, used: false });
          }
          if (step.kind !== 'try') continue;
          const challenge = issued[step.nth];
          if (!challenge) continue;
          const recent = failures.filter((at) => at > now - hours(1)).length;
          const attempt = { id: challenge.id, purpose: 'sign_in', phone, ip: '10.0.0.1' } as const;
          const code = step.right ? '123456' : '654321';
          const context = step.foreign ? 'theirs' : 'mine';
          const verdict = await transact((stores) =>
            judgeCode(stores, limits, { ...attempt, context, code }, now),
          );
          if (recent >= 10) {
            expect(verdict).toMatchObject({ ok: false, reason: 'locked' });
            continue;
          }
          const mayPass =
            step.right &&
            !step.foreign &&
            !challenge.used &&
            challenge.attempts < CODE_ATTEMPTS &&
            now < challenge.at + CODE_LIFETIME;
          expect(verdict.ok).toBe(mayPass && failures.filter((at) => at > now - hours(24)).length < 30);
          if (!challenge.used && challenge.attempts < CODE_ATTEMPTS) challenge.attempts++;
          if (verdict.ok) challenge.used = true;
          else failures.push(now);
        }
      }),
      { numRuns: dialect === 'sqlite' ? 60 : 20 },
    );
  });

  it('store nothing from which the code can be read', async () => {
    const database = await open();
    const id = database.dependencies.ids.next('chl');
    const expiresAt = database.clock.now() + CODE_LIFETIME;
    await database.stores.challenges.create({
      id,
      purpose: 'sign_in',
      context: 'c',
      code: '918273',
      expiresAt,
    });
    expect(JSON.stringify(await database.connection.knex('challenges'))).not.toContain('918273');
    const other = database.dependencies.ids.next('chl');
    await database.stores.challenges.create({
      id: other,
      purpose: 'sign_in',
      context: 'c',
      code: '918273',
      expiresAt,
    });
    const hashes = await database.connection.knex('challenges').pluck<string[]>('code_hash');
    expect(new Set(hashes).size).toBe(2);
    await database.stores.challenges.purge(expiresAt + hours(2), 100);
    expect(await database.stores.challenges.find(id)).toBeUndefined();
  });

  it('are consumed by exactly one of many', async () => {
    const database = await open();
    const id = database.dependencies.ids.next('chl');
    const now = database.clock.now();
    await database.stores.challenges.create({
      id,
      purpose: 'sign_in',
      context: 'c',
      code: '918273',
      expiresAt: now + CODE_LIFETIME,
    });
    const used = await Promise.all(
      Array.from({ length: 50 }, () => database.stores.challenges.consume(id, now)),
    );
    expect(used.filter(Boolean)).toHaveLength(1);
  });
});
