import { createApp } from '../../src/app.ts';
import { days } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { developmentSecrets } from '../../src/development.ts';
import { platformResource } from '../../src/entitlements/index.ts';
import { readConfig } from '../../src/read-config.ts';
import { joinCompany } from '../../test/support/recruiters.ts';
import { specimenPerson } from '../../test/support/specimens.ts';

export type Client = { readonly id: string; readonly secret: string };

/** What the data folder holds before the program starts. */
export type Seeded = {
  readonly companyId: string;
  readonly administrator: string;
  /** Phone numbers of members, and which membership is theirs. */
  readonly recruiters: readonly { readonly phone: string; readonly membershipId: string }[];
  /** People sign in to it; it receives the signals. */
  readonly app: Client;
  /** The API of the app, which may look at tokens made out to it. */
  readonly api: Client;
  /** Key of the webhook. */
  readonly webhookSecret: string;
};

export const redirectUri = 'https://app.example/callback';

/**
 * One verified company with an administrator and verified recruiters, and a relying app with its API and a webhook. The
 * people did not go through verification: what it leaves behind is written by the same stores.
 */
export async function seed(
  dataDir: string,
  { issuer, members, webhookUrl }: { issuer: string; members: number; webhookUrl: string },
): Promise<Seeded> {
  const read = readConfig({
    SHIMING_ISSUER: issuer,
    SHIMING_DATA_DIR: dataDir,
    SHIMING_LOG_LEVEL: 'silent',
    SHIMING_DEMO_APP: 'false',
    ...developmentSecrets(dataDir),
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const app = await createApp(read.config, { log: silentLog });
  const { ids, clock } = app.database.handle;

  const verified = async (phone: string) => {
    const accountId = ids.next('acc');
    const now = clock.now();
    const { name, number } = specimenPerson();
    await app.database.transact(async (stores) => {
      await stores.accounts.create(
        { id: accountId, phone: phone as never, roles: ['recruiter'], locale: 'en' },
        now,
      );
      await stores.persons.verify({
        accountId,
        level: 'rn2',
        method: 'face',
        claims: { name, birthDate: '1990-01-01', documentType: 'resident_id', documentNumber: number },
        verifiedAt: now,
        validUntil: now + days(3650),
        caseId: ids.next('cas'),
      });
    });
    return accountId;
  };
  const administrator = '+8613800009999';
  const company = await joinCompany(app, await verified(administrator), { role: 'administrator' });
  const recruiters: { phone: string; membershipId: string }[] = [];
  for (let n = 0; n < members; n++) {
    const phone = `+86138000${String(10_000 + n)}`;
    const { membershipId } = await joinCompany(app, await verified(phone), { code: company.code });
    recruiters.push({ phone, membershipId });
  }

  await app.database.stores.resources.putResource({ ...platformResource, tokenFormat: 'opaque' });
  const add = async (name: string, metadata: object): Promise<Client> => {
    const added = await app.clients.add({ name, metadata: { redirect_uris: [], ...metadata } });
    if (!added.ok || added.secret === undefined) throw new Error(`the client ${name} was not added`);
    return { id: added.client.id, secret: added.secret };
  };
  const relying = await add('Jobs', {
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  });
  const api = await add('Jobs API', {
    grant_types: ['client_credentials'],
    response_types: [],
    introspects: [platformResource.identifier],
  });
  const webhook = await app.signals.operations.addWebhook(
    { clientId: relying.id, url: webhookUrl, events: undefined },
    'cli',
  );
  if (!webhook.ok) throw new Error(webhook.reason);
  await app.close();
  return {
    companyId: company.id,
    administrator,
    recruiters,
    app: relying,
    api,
    webhookSecret: webhook.secret,
  };
}
