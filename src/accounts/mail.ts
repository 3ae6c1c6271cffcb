import type { MessageId } from '../core/ids.ts';
import type { EmailAddress } from './email.ts';
import type { Sender } from './sender.ts';
import type { SmsLanguage } from './sms.ts';

/** Whom a mail goes to and what it says: the same as text and as HTML. */
export type MailContent = {
  readonly to: EmailAddress;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

/** A mail as handed to a server. The id is ours and becomes its Message-ID, by which a repetition is recognised. */
export type Mail = MailContent & { readonly id: MessageId };

/** A way to send mail. */
export type MailSender = Sender<MailContent>;

/** A paragraph, or a code that stands on a line of its own. */
export type MailPart = string | { readonly code: string };

/**
 * A mail out of paragraphs: as text, and as HTML that loads nothing and links nowhere. Whatever stands in a paragraph
 * is text, also where it looks like markup; line breaks in it become spaces.
 */
export function composeMail(
  language: SmsLanguage,
  { subject, parts }: { readonly subject: string; readonly parts: readonly MailPart[] },
): Pick<MailContent, 'subject' | 'text' | 'html'> {
  const lines = parts.map((part) => (typeof part === 'string' ? oneLine(part) : part));
  const text = lines.map((part) => (typeof part === 'string' ? part : `    ${part.code}`)).join('\n\n');
  const body = lines.map((part) =>
    typeof part === 'string'
      ? `<p style="margin:0 0 16px">${escape(part)}</p>`
      : `<p style="margin:0 0 16px;font:600 28px/1.2 monospace;letter-spacing:4px">${escape(part.code)}</p>`,
  );
  const title = oneLine(subject);
  const html = [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escape(title)}</title></head>`,
    '<body style="margin:0;padding:24px;font:16px/1.6 system-ui,sans-serif;color:#1b1b1b;background:#fff">',
    ...body,
    '</body></html>',
  ].join('\n');
  return { subject: title, text: `${text}\n`, html };
}

/** A subject or a paragraph must not be able to begin another header or pretend to be another paragraph. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
}
