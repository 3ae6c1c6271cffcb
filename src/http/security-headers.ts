import type { Middleware } from './context.ts';

/**
 * Headers of every answer. The content policy allows no inline script or style and nothing from elsewhere; `blob:`
 * is the preview of a picture that the browser has just taken.
 */
export function securityHeaders(issuer: string): Middleware {
  const https = issuer.startsWith('https:');
  return async (ctx, next) => {
    let formTargets: readonly string[] = [];
    ctx.state.allowFormTargets = (origins) => (formTargets = origins);
    ctx.set({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      // Not `no-referrer`: with it browsers send `Origin: null` with our own forms, which the check for foreign forms refuses.
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(self), geolocation=(), microphone=(), payment=(), usb=()',
      ...(https ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {}),
    });
    await next();
    ctx.set('content-security-policy', contentPolicy(formTargets));
  };
}

function contentPolicy(formTargets: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
