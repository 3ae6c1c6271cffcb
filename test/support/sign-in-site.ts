import type { Account, PhoneNumber } from '../../src/accounts/index.ts';
import { createVisitor, type Visitor } from '../../src/testkit/visitor.ts';
import type { TestDatabase } from './databases.ts';
import { startAccountPages } from './sign-in.ts';

export type SignInSite = Awaited<ReturnType<typeof openSignInSite>>;

/** The pages of sign-in on a database of the suite, and people who come to them. */
export async function openSignInSite(database: TestDatabase) {
  const pages = await startAccountPages(database);
  let [address, numbers] = [0, 0];
  const code = (number: string): Promise<string> => pages.lastCode(`+86${number}`);

  async function reachCode(visitor: Visitor, number: string): Promise<void> {
    await visitor.open(`${pages.issuer}/start`);
    const { url } = await visitor.submit({ phone: number });
    if (!url.pathname.endsWith('/code')) throw new Error(`no code is asked for at ${url.href}`);
  }

  return {
    ...pages,
    database,
    /** Somebody in a browser of their own, from an address nobody else has. */
    person: ({ lang = 'en' } = {}): Visitor =>
      createVisitor({
        clock: database.clock,
        lang,
        stopAt: (url) => url.hostname === 'jobs.example.cn',
        headers: { 'x-forwarded-for': `10.${++address}.0.1` },
      }),
    /** A number nobody used before, far from the others so that no prefix limit is met. */
    freshNumber: () =>
      `1${['38', '59', '77', '86'][numbers % 4]}${String(++numbers * 7919 + 1000).padStart(4, '0')}${String(1000 + numbers)}`.slice(
        0,
        11,
      ),
    code,
    reachCode,
    async register(visitor: Visitor, number: string, role = 'candidate'): Promise<void> {
      await reachCode(visitor, number);
      await visitor.submit({ code: await code(number) });
      await visitor.submit({ accept: '1' });
      const { url } = await visitor.submit({ role });
      if (url.host !== 'jobs.example.cn') throw new Error(`the registration ended at ${url.href}`);
    },
    async accountOf(number: string): Promise<Account | undefined> {
      const found = await database.stores.accounts.findByPhone(`+86${number}` as PhoneNumber);
      return found && database.stores.accounts.find(found.id);
    },
  };
}
