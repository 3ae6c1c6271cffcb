import { generateSync, generateURI, ScureBase32Plugin, verifySync } from 'otplib';
import { seconds, type Instant } from '../core/clock.ts';
import type { Random } from '../core/random.ts';

/** Length of a time step in seconds, and how many steps a clock may be off either way (RFC 6238, section 5.2). */
export const totpStepSeconds = 30;
const windowSteps = 1;

const base32 = new ScureBase32Plugin();

/** A 160-bit secret (RFC 4226, section 4, R6) in base 32. */
export function createTotpSecret(random: Random): string {
  return base32.encode(random.bytes(20));
}

/** The time step that `now` falls into. */
export function totpStepAt(now: Instant): number {
  return Math.floor(now / seconds(totpStepSeconds));
}

/** The six digits an authenticator shows during `step`. */
export function totpCode(secret: string, step: number): string {
  return generateSync({ secret, epoch: step * totpStepSeconds, period: totpStepSeconds });
}

/**
 * The time step whose code was presented, or undefined when the code is wrong or expired. The caller accepts a step
 * only once: it must be later than the last accepted one.
 */
export function matchTotp(secret: string, code: string, now: Instant): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const result = verifySync({
    secret,
    token: code,
    epoch: Math.floor(now / 1000),
    period: totpStepSeconds,
    epochTolerance: windowSteps * totpStepSeconds,
  });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}

/** The earliest code that would still be accepted after `lastStep`, and when it begins to be (for development). */
export function nextTotpCode(
  secret: string,
  lastStep: number,
  now: Instant,
): { code: string; from: Instant } {
  const step = Math.max(totpStepAt(now), lastStep + 1);
  return { code: totpCode(secret, step), from: (step - windowSteps) * seconds(totpStepSeconds) };
}

/** The enrolment address that authenticator apps read from a QR code. */
export function totpUri(issuer: string, login: string, secret: string): string {
  return generateURI({ issuer, label: login, secret });
}
