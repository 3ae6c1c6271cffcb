import { drawPortfolio, prepare, type Course } from './submission.ts';

/**
 * People who hand in their documents, in a process of their own: what they draw and send must not slow down the one that
 * measures the others. Every message is a round of submissions at once; the answer is how they went.
 */
export type Round = { readonly url: string; readonly phones: readonly string[] };
export type Rounds =
  { readonly kind: 'ready' } | { readonly kind: 'courses'; readonly courses: readonly Course[] };

const count = Number(process.argv[2]);
const portfolios = await Promise.all(Array.from({ length: count }, (_, n) => drawPortfolio(n + 1)));

process.on('message', ({ url, phones }: Round) => {
  const all = portfolios.map(async (portfolio, n) =>
    (await prepare(url, phones[n] as string, portfolio)).submit(),
  );
  void Promise.all(all).then((courses) => answer({ kind: 'courses', courses }));
});
process.on('disconnect', () => process.exit(0));
answer({ kind: 'ready' });

function answer(message: Rounds): void {
  process.send?.(message);
}
