import { parse } from 'tldts';
import { parseDomainName, type DomainName } from '../accounts/index.ts';
import { failed, ok, type Failed, type Ok } from '../core/result.ts';
import { isFreeMail } from './free-mail.ts';

/**
 * `public_suffix`: nobody's own, such as `com.cn` (https://publicsuffix.org). `free_mail`: anybody gets an address there.
 */
export type DomainProblem = 'malformed' | 'public_suffix' | 'free_mail';

/** Reads the domain of a company's addresses as people type it, with or without the @ before it. */
export function readCompanyDomain(typed: string): Ok<{ domain: DomainName }> | Failed<DomainProblem> {
  const domain = parseDomainName(typed.trim().replace(/^[@＠]/, ''));
  if (domain === undefined) return failed('malformed');
  return ownDomain(domain);
}

/** Whether addresses of this domain can say anything about a company. */
export function ownDomain(
  domain: DomainName,
): Ok<{ domain: DomainName }> | Failed<'public_suffix' | 'free_mail'> {
  if (parse(domain, { allowPrivateDomains: true }).domain === null) return failed('public_suffix');
  return isFreeMail(domain) ? failed('free_mail') : ok({ domain });
}
