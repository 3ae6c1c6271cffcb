import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCompanyEmail } from '../../src/companies/index.ts';
import { days } from '../../src/core/clock.ts';
import { systemRandom } from '../../src/core/random.ts';
import type { Stores } from '../../src/storage/stores.ts';
import { startProvider, type TestProvider } from '../support/provider.ts';

let provider: TestProvider;
beforeAll(async () => (provider = await startProvider()));
afterAll(() => provider.close());

/** Asks for a code at a company address, as the pages of the company will. */
async function ask(email: string, language: 'zh-CN' | 'en') {
  const { database } = provider.app;
  const accountId = await provider.addAccount({ roles: ['recruiter'] });
  const { id: companyId } = await database.stores.companies.ensure('91350100M000100Y43', '明信科技有限公司');
  const service = createCompanyEmail<Stores>({
    transact: database.transact,
    clock: database.handle.clock,
    ids: database.handle.ids,
    random: systemRandom,
    mail: provider.config.mailVendor !== 'none',
    proofLifetime: days(180),
    onProved: async () => undefined,
  });
  await database.transact((stores) =>
    service.bindDomain(stores, { companyId, domain: 'mingxin.cn', by: accountId }),
  );
  expect(await service.begin({ accountId, companyId, email, language })).toMatchObject({ ok: true });
  return { accountId, companyId, service };
}

const read = async (query: string, lang: string) => {
  const headers = { 'accept-language': lang };
  const response = await fetch(`${provider.issuer}/dev/inbox${query}`, { headers });
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return response;
};

it.each([
  ['zh-CN', '【实名】确认您的公司邮箱', '邮箱地址'],
  ['en', '[Shiming] Confirm your company e-mail address', 'Address'],
] as const)(
  'mail arrives in the development inbox, and its code proves the address (%s)',
  async (lang, subject, label) => {
    const to = `li.na.${lang.toLowerCase()}+jobs@mingxin.cn`;
    const { accountId, companyId, service } = await ask(to, lang);
    const json = await read(`.json?email=${encodeURIComponent(to.toUpperCase())}`, lang);
    const { messages } = (await json.json()) as { messages: Record<string, string>[] };
    expect(messages).toMatchObject([{ to, subject, code: expect.stringMatching(/^\d{6}$/) as string }]);
    const [mail] = messages;
    expect(mail?.['html']).toContain(mail?.['code']);

    const page = await (await read(`?email=${encodeURIComponent(to)}`, lang)).text();
    for (const shown of [subject, label, mail?.['code'] ?? '', '明信科技有限公司'])
      expect(page).toContain(shown);
    expect(await (await read('', lang)).text()).not.toContain(subject);
    expect(await (await read('?email=', lang)).text()).toContain(subject);
    expect(await (await read('.json?email=nobody@mingxin.cn', lang)).json()).toEqual({ messages: [] });
    expect(await (await read('.json?email=not-an-address', lang)).json()).toEqual({ messages: [] });

    const code = mail?.['code'] ?? '';
    expect(await service.confirm({ accountId, companyId, code })).toMatchObject({
      ok: true,
      proved: 'company_email',
    });
  },
);

it('mail and text messages are kept apart', async () => {
  const messages = (await (await read('.json', 'en')).json()) as { messages: object[] };
  expect(messages).toEqual({ messages: [] });
});
