/**
 * `__Host-` over https, so that neither a subdomain nor plain http can set the cookie (RFC 6265bis section 4.1.3.2);
 * browsers refuse that prefix over http, which only development uses.
 */
export function cookieName(name: string, secure: boolean): string {
  return secure ? `__Host-shiming-${name}` : `shiming-${name}`;
}
