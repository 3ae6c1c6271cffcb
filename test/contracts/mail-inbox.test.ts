import { beforeAll, expect, it } from 'vitest';
import type { MailSender } from '../../src/accounts/index.ts';
import { days } from '../../src/core/clock.ts';
import { createInboxSender } from '../../src/providers/inbox.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { address, mail } from '../support/mail/mails.ts';

describeDatabases('the inbox for mail', (open) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await open()));
  const inbox = () => database.stores.mailInbox;

  it('takes a mail once, and knows afterwards that it has it', async () => {
    const sender: MailSender = createInboxSender(inbox(), 'development');
    const [sent, unsent] = [mail({ to: address('Zhao@Mingxin.example') }), mail()];
    expect(await sender.send(sent, 0)).toMatchObject({ result: 'accepted' });
    await sender.send(sent, 0);
    expect(await Promise.all([sender.find(sent, 0), sender.find(unsent, 0)])).toEqual(['accepted', 'absent']);
    expect(await inbox().list(10, address('zhao@mingxin.example'))).toMatchObject([sent]);
    expect(await inbox().list(10, address('other@mingxin.example'))).toEqual([]);
  });

  it('keeps nothing readable, and nothing for more than a week', async () => {
    const rows = JSON.stringify(await database.connection.knex('inbox_mails'));
    expect(rows).not.toMatch(/mingxin|123456/i);
    expect(await inbox().purge(database.clock.now() + days(8), 100)).toBeGreaterThan(0);
    expect(await inbox().list(10)).toEqual([]);
  });

  it('does not load in production', () => {
    expect(() => createInboxSender(inbox(), 'production')).toThrow(/production/);
  });
});
