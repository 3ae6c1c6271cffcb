import type { AccountId } from '../../src/core/ids.ts';
import type { Dialect } from '../../src/storage/handle.ts';
import { startProvider } from './provider.ts';
import type { SignalApp } from './signal-app.ts';
import { startSignalReceiver, type SignalReceiver } from './signal-receiver.ts';

const push = 'urn:ietf:rfc:8935';

export type SignalSite = Awaited<ReturnType<typeof openSignalSite>>;

/** The whole program with its background work running, and the receivers of apps. */
export async function openSignalSite(dialect: Dialect) {
  const provider = await startProvider({ dialect });
  provider.app.start();
  const receivers: SignalReceiver[] = [];
  return {
    provider,
    /** The type of an event of our own. */
    own: (name: string) => `${provider.issuer}/secevent/event-type/${name}`,
    /** An event that every app of this account is told. */
    append: (accountId: AccountId, reason: string) =>
      provider.app.database.transact(
        async ({ events }) =>
          void (await events.append({ type: 'account.disabled', subject: accountId, payload: { reason } })),
      ),
    async receiverOf(app: SignalApp): Promise<SignalReceiver> {
      const receiver = await startSignalReceiver({ issuer: provider.issuer, audience: app.id });
      receivers.push(receiver);
      return receiver;
    },
    /** Makes a stream that is pushed; answers its id. */
    async pushTo(app: SignalApp, receiver: SignalReceiver): Promise<string> {
      const delivery = {
        method: push,
        endpoint_url: receiver.url,
        authorization_header: 'Bearer of-the-app',
      };
      const { status, body } = await app.call('POST', '/ssf/streams', { delivery });
      if (status !== 201) throw new Error(`no stream: ${status}`);
      return body['stream_id'] as string;
    },
    async close() {
      for (const receiver of receivers.reverse()) await receiver.close();
      await provider.close();
    },
  };
}
