import Router from '@koa/router';
import { formatPhone, parsePhone, type InboxMessage, type InboxStore } from '../../accounts/index.ts';
import type { Context, State } from '../context.ts';
import { formatMoment } from '../dates.ts';

export type InboxPagesDependencies = {
  readonly inbox: InboxStore;
  /** Delivers what is queued before the inbox is read, so that a test never reads it too early. */
  readonly settle: () => Promise<void>;
  readonly countries: readonly string[];
};

const SHOWN = 50;

/** The text messages of a development installation, for people and for test suites. app.ts leaves it out of production. */
export function inboxPages({ inbox, settle, countries }: InboxPagesDependencies): Router<State> {
  const router = new Router<State>();

  const read = async (ctx: Context): Promise<{ messages: InboxMessage[]; asked: string }> => {
    await settle();
    // A plus sign in a query string that nobody encoded arrives as a space.
    const asked = typeof ctx.query['phone'] === 'string' ? ctx.query['phone'].replace(/^ /, '+') : '';
    if (asked === '') return { messages: await inbox.list(SHOWN), asked };
    const parsed = parsePhone(asked, countries);
    return { messages: parsed.ok ? await inbox.list(SHOWN, parsed.phone) : [], asked };
  };

  router.get('/dev/inbox', async (ctx) => {
    const { messages, asked } = await read(ctx);
    ctx.set('cache-control', 'no-store');
    ctx.state.render('inbox', {
      asked,
      messages: messages.map((message) => ({
        number: formatPhone(message.to),
        code: codeIn(message.text),
        text: message.text,
        at: formatMoment(ctx.state.lang, message.receivedAt),
      })),
    });
  });

  router.get('/dev/inbox.json', async (ctx) => {
    const { messages } = await read(ctx);
    ctx.set('cache-control', 'no-store');
    ctx.body = {
      messages: messages.map(({ id, to, text, receivedAt }) => ({
        id,
        to,
        text,
        code: codeIn(text),
        received_at: new Date(receivedAt).toISOString(),
      })),
    };
  });

  return router;
}

function codeIn(text: string): string | null {
  return /\b\d{6}\b/.exec(text)?.[0] ?? null;
}
