import { domainToASCII } from 'node:url';
import { failed, ok, type Failed, type Ok } from '../core/result.ts';

declare const brand: unique symbol;

/**
 * An e-mail address as it is written into an envelope: ASCII, the domain in lower case and in A-labels, such as
 * `li.na@xn--fiq228c.cn`. Only {@link parseEmail} makes one, so it holds no line break, quote or second address.
 */
export type EmailAddress = string & { readonly [brand]: 'email' };

/** A host name of at least two labels, in lower case and in A-labels; only {@link parseDomainName} makes one. */
export type DomainName = string & { readonly [brand]: 'domain' };

/** `unsupported`: well-formed, but written in a way mail servers disagree about (quoted, or not ASCII before the @). */
export type EmailProblem = 'empty' | 'malformed' | 'unsupported' | 'too_long';

/** RFC 5321 section 4.5.3.1: what goes before the @, and the whole path without its brackets. */
const LOCAL_MAX = 64;
const ADDRESS_MAX = 254;

/** RFC 5322 dot-atom: no quotes, no comments, no spaces. */
const dotAtom = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Reads an address as people type it: spaces around it, full-width letters and signs of a Chinese keyboard (`＠`, `。`),
 * any case, a domain in its own script. What is before the @ keeps its case, as RFC 5321 section 2.4 wants.
 */
export function parseEmail(
  typed: string,
): Ok<{ email: EmailAddress; domain: DomainName }> | Failed<EmailProblem> {
  if (typed.length > 1000) return failed('too_long');
  const text = typed.normalize('NFKC').trim();
  if (text === '') return failed('empty');
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  if (at < 1) return failed('malformed');
  if (/^".*"$/s.test(local) || /^[^\s@"<>()[\]\\,;:]*[^\p{ASCII}][^\s@"<>()[\]\\,;:]*$/u.test(local)) {
    return failed('unsupported');
  }
  if (!dotAtom.test(local)) return failed('malformed');
  const domain = parseDomainName(text.slice(at + 1));
  if (domain === undefined) return failed('malformed');
  const email = `${local}@${domain}`;
  if (local.length > LOCAL_MAX || email.length > ADDRESS_MAX) return failed('too_long');
  return ok({ email: email as EmailAddress, domain });
}

/** Reads a host name in any script and case; undefined for addresses by number, single labels and anything malformed. */
export function parseDomainName(typed: string): DomainName | undefined {
  const text = typed.normalize('NFKC').replaceAll('。', '.').trim();
  // The URL parser behind domainToASCII takes more than host names: percent-encoding, ports, IPv4 in odd bases.
  if (text.length > ADDRESS_MAX || /[^\p{L}\p{M}\p{N}.·-]/u.test(text)) return undefined;
  const domain = domainToASCII(text);
  const labels = domain.split('.');
  if (domain.length > 253 || labels.length < 2 || !labels.every((one) => label.test(one))) return undefined;
  if (/^\d+$/.test(labels.at(-1) ?? '')) return undefined;
  return domain as DomainName;
}

/**
 * What counts as the same mailbox: without case and without what follows a plus sign (RFC 5233), so that one mailbox is
 * not many. For counting and finding; never an address to send to.
 */
export function mailboxOf(email: EmailAddress): string {
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at).toLowerCase();
  const plus = local.indexOf('+');
  return `${plus > 0 ? local.slice(0, plus) : local}${email.slice(at)}`;
}

/** `l***@example.com`: enough to recognise one's own address. */
export function maskEmail(email: EmailAddress): string {
  return `${email.slice(0, 1)}***${email.slice(email.lastIndexOf('@'))}`;
}
