import Router from '@koa/router';
import {
  formatPhone,
  parseEmail,
  parsePhone,
  type InboxMessage,
  type InboxStore,
  type MailInboxStore,
  type ReceivedMail,
} from '../../accounts/index.ts';
import type { Context, State } from '../context.ts';
import { formatMoment } from '../dates.ts';

export type InboxPagesDependencies = {
  readonly inbox: InboxStore;
  readonly mailInbox: MailInboxStore;
  /** Delivers what is queued before the inbox is read, so that a test never reads it too early. */
  readonly settle: () => Promise<void>;
  readonly countries: readonly string[];
};

const SHOWN = 50;

/**
 * The text messages and the mail of a development installation, for people and for test suites: mail is shown where
 * the query names `email`, empty for that of all addresses. app/pages.ts leaves it out of production.
 */
export function inboxPages({ inbox, mailInbox, settle, countries }: InboxPagesDependencies): Router<State> {
  const router = new Router<State>();

  const readMessages = async (asked: string): Promise<InboxMessage[]> => {
    if (asked === '') return inbox.list(SHOWN);
    const parsed = parsePhone(asked, countries);
    return parsed.ok ? inbox.list(SHOWN, parsed.phone) : [];
  };
  const readMail = async (asked: string): Promise<ReceivedMail[]> => {
    if (asked === '') return mailInbox.list(SHOWN);
    const parsed = parseEmail(asked);
    return parsed.ok ? mailInbox.list(SHOWN, parsed.email) : [];
  };

  router.get('/dev/inbox', async (ctx) => {
    await settle();
    ctx.set('cache-control', 'no-store');
    const at = (instant: number) => formatMoment(ctx.state.lang, instant);
    const email = param(ctx, 'email');
    if (email !== undefined) {
      const mails = (await readMail(email)).map(({ to, subject, text, receivedAt }) => ({
        to,
        subject,
        code: codeIn(text),
        text,
        at: at(receivedAt),
      }));
      return ctx.state.render('inbox-mail', { asked: email, mails });
    }
    // A plus sign in a query string that nobody encoded arrives as a space.
    const asked = (param(ctx, 'phone') ?? '').replace(/^ /, '+');
    const messages = (await readMessages(asked)).map(({ to, text, receivedAt }) => ({
      number: formatPhone(to),
      code: codeIn(text),
      text,
      at: at(receivedAt),
    }));
    ctx.state.render('inbox', { asked, messages });
  });

  router.get('/dev/inbox.json', async (ctx) => {
    await settle();
    ctx.set('cache-control', 'no-store');
    const email = param(ctx, 'email');
    const phone = (param(ctx, 'phone') ?? '').replace(/^ /, '+');
    const messages =
      email === undefined ? await readMessages(phone) : await readMail(email.replace(/ /g, '+'));
    ctx.body = {
      messages: messages.map(({ receivedAt, ...message }) => ({
        ...message,
        code: codeIn(message.text),
        received_at: new Date(receivedAt).toISOString(),
      })),
    };
  });

  return router;
}

function param(ctx: Context, name: string): string | undefined {
  const value = ctx.query[name];
  return typeof value === 'string' ? value : undefined;
}

function codeIn(text: string): string | null {
  return /\b\d{6}\b/.exec(text)?.[0] ?? null;
}
