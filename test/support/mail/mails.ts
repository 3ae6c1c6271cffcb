import {
  composeMail,
  parseEmail,
  type EmailAddress,
  type Mail,
  type MailSender,
} from '../../../src/accounts/index.ts';
import type { MessageId } from '../../../src/core/ids.ts';
import { createSmtpSender, type SmtpOptions } from '../../../src/providers/mail/smtp.ts';
import type { TestSmtpServer } from './smtp-server.ts';

/** Throws when it is none. */
export const address = (typed: string): EmailAddress => {
  const parsed = parseEmail(typed);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.email;
};

let count = 0;
/** One of our mails, each with an id of its own. */
export const mail = (over: Partial<Mail> = {}): Mail => ({
  id: `msg_${++count}` as MessageId,
  to: address('li.na@mingxin.example'),
  ...composeMail('zh-CN', {
    subject: '【实名】公司邮箱验证码',
    parts: ['验证码：', { code: '123456' }, '谢谢。'],
  }),
  ...over,
});

/** A sender to a server of its own, with TLS and password unless the test says otherwise. */
export function senderTo(
  server: TestSmtpServer,
  over: Partial<SmtpOptions> = {},
  host = 'localhost',
): MailSender {
  return createSmtpSender({
    server: { host, port: server.port, secure: false, user: 'shiming', password: 'p@ss/wörd' },
    from: { name: '实名', address: 'no-reply@shiming.example' },
    requireTls: true,
    ca: server.certificate.cert,
    timeout: 20_000,
    ...over,
  });
}
