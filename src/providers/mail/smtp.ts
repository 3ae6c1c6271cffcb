import { createTransport } from 'nodemailer';
import type { MailSender, SendOutcome } from '../../accounts/index.ts';
import { seconds } from '../../core/clock.ts';

export type SmtpOptions = {
  readonly server: {
    readonly host: string;
    readonly port: number;
    /** TLS from the first byte (RFC 8314); otherwise STARTTLS. */
    readonly secure: boolean;
    readonly user?: string;
    readonly password?: string;
  };
  readonly from: { readonly name: string; readonly address: string };
  /** Refuses to go on without TLS; without it TLS is used where the server offers it. */
  readonly requireTls: boolean;
  /** A certificate authority in PEM to trust instead of the well-known ones. */
  readonly ca?: string;
  /** Milliseconds for a whole attempt; shorter than the lease of a message. */
  readonly timeout?: number;
};

/**
 * Mail by SMTP submission (RFC 6409), one connection a mail. The certificate of the server is always checked. A mail
 * that may be out is repeated under the same Message-ID and date, by which mail systems recognise a repetition.
 */
export function createSmtpSender(options: SmtpOptions): MailSender {
  const { server, from, requireTls, ca, timeout = seconds(20) } = options;
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.secure,
    requireTLS: requireTls && !server.secure,
    name: domain,
    ...(server.user ? { auth: { user: server.user, pass: server.password ?? '' }, forceAuth: true } : {}),
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca ? { ca } : {}) },
    connectionTimeout: timeout / 2,
    greetingTimeout: timeout / 2,
    dnsTimeout: timeout / 2,
    socketTimeout: timeout,
    maxResponseSize: 64 * 1024,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    vendor: 'smtp',
    async send({ id, to, subject, text, html }, createdAt) {
      if (!deliverable.test(to)) return { result: 'permanent', reason: 'recipient', vendorCode: 'address' };
      try {
        const { response } = await transport.sendMail({
          envelope: { from: from.address, to: [to] },
          from: { name: from.name, address: from.address },
          to: { name: '', address: to },
          subject,
          text,
          html,
          messageId: `<${id}@${domain}>`,
          date: new Date(createdAt),
          // No out-of-office answers, please (RFC 3834).
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal: AbortSignal.timeout(timeout),
        });
        const queued = /queued as ([\w.-]{1,64})/i.exec(response)?.[1];
        return { result: 'accepted', ...(queued ? { vendorId: queued } : {}) };
      } catch (error) {
        return toOutcome(error);
      }
    },
    find: async () => 'repeatable',
  };
}

/** One address and nothing else; whoever made it has checked the rest. */
const deliverable = /^[^\s<>,;:"\\@]+@[a-z0-9.-]+$/;

type SmtpError = {
  readonly code?: string;
  /** The code of the operating system, where there was one. */
  readonly originalCode?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly command?: string;
  readonly timeoutType?: string;
};

/** Errors before anything was said: no mail was handed over. */
const unreached = new Set(['EDNS', 'ETLS', 'EPROXY']);
const unreachable = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

/**
 * An answer 5yz is final, 4yz is not (RFC 5321 section 4.2.1). What broke without an answer may have been taken, unless
 * it broke before anything was said. The text of an answer is not kept: servers repeat the address in it.
 */
function toOutcome(error: unknown): SendOutcome {
  const {
    code,
    originalCode,
    responseCode,
    response = '',
    command,
    timeoutType,
  } = (error ?? {}) as SmtpError;
  if (responseCode !== undefined && responseCode >= 400) {
    const detail = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
    const vendorCode = [responseCode, detail].filter(Boolean).join(' ');
    if (responseCode < 500) return { result: 'transient', vendorCode };
    return { result: 'permanent', reason: blame(command, detail), vendorCode };
  }
  const vendorCode = originalCode ?? code;
  const named = vendorCode === undefined ? {} : { vendorCode };
  if (command === 'API') return { result: 'permanent', reason: 'vendor', ...named };
  const early =
    unreached.has(code ?? '') ||
    unreachable.has(originalCode ?? code ?? '') ||
    /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_)/.test(originalCode ?? '') ||
    code === 'EAUTH' ||
    timeoutType === 'CONNECTION_TIMEOUT' ||
    timeoutType === 'GREETING_TIMEOUT';
  return { result: early ? 'transient' : 'unknown', ...named };
}

/** RFC 3463: X.1 and X.2 speak of the mailbox, X.7 of what we may do. */
function blame(command: string | undefined, detail: string | undefined): 'recipient' | 'vendor' {
  if (detail !== undefined && /^5\.[12]\./.test(detail) && command !== 'MAIL FROM') return 'recipient';
  return command === 'RCPT TO' && !detail?.startsWith('5.7.') ? 'recipient' : 'vendor';
}
