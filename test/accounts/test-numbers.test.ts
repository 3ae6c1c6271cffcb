import { expect, it } from 'vitest';
import { createTestNumbers, type PhoneNumber } from '../../src/accounts/index.ts';
import { ManualClock } from '../../src/core/clock.ts';

const entry = '+8613800000000=123456@2026-12-31';
const phone = '+8613800000000' as PhoneNumber;

it('test numbers have their code until the end of their last day', () => {
  const clock = new ManualClock(Date.parse('2026-12-31T23:59:59Z'));
  const numbers = createTestNumbers([entry], { mode: 'development', clock });
  expect(numbers.codeOf(phone)).toBe('123456');
  expect(numbers.codeOf('+8613800000001' as PhoneNumber)).toBeUndefined();
  clock.advance(1000);
  expect(numbers.codeOf(phone)).toBeUndefined();
});

it('test numbers do not exist in production', () => {
  expect(() => createTestNumbers([entry], { mode: 'production', clock: new ManualClock() })).toThrow(
    /production/,
  );
  expect(
    createTestNumbers([], { mode: 'production', clock: new ManualClock() }).codeOf(phone),
  ).toBeUndefined();
});
