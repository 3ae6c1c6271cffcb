import { defineConfig } from 'vitest/config';

/** Everything but the slow suites; those have projects of their own. */
const slow = ['test/contracts/**', 'test/journeys/**', 'test/browser/**'];

const suite = (name: string, include: string[], options: object = {}) => ({
  // What is waited for comes sooner; a machine with other work must not fail a test.
  test: {
    name,
    include,
    environment: 'node',
    pool: 'forks' as const,
    expect: { poll: { timeout: 10_000, interval: 20 } },
    ...options,
  },
});

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    maxWorkers: 2,
    projects: [
      suite('unit', ['test/**/*.test.ts'], { exclude: slow, testTimeout: 30_000, hookTimeout: 60_000 }),
      suite('contracts', ['test/contracts/**/*.test.ts'], { testTimeout: 20_000, hookTimeout: 90_000 }),
      // Processes that are killed wait for a lease to run out: there is room for one more beside them.
      suite('journeys', ['test/journeys/**/*.test.ts'], {
        testTimeout: 60_000,
        hookTimeout: 90_000,
        maxWorkers: 3,
        sequence: { groupOrder: 1 },
      }),
      suite('browser', ['test/browser/**/*.test.ts'], {
        testTimeout: 180_000,
        hookTimeout: 120_000,
      }),
    ],
  },
});
