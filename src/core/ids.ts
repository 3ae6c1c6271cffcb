import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

declare const brand: unique symbol;
type Branded<B extends string> = string & { readonly [brand]: B };

export type AccountId = Branded<'acc'>;
export type ChallengeId = Branded<'chl'>;
export type MessageId = Branded<'msg'>;
export type CaseId = Branded<'cas'>;
export type ImageId = Branded<'img'>;
export type CompanyId = Branded<'com'>;
export type MembershipId = Branded<'mem'>;
export type InvitationId = Branded<'inv'>;
export type CompanyCheckId = Branded<'chk'>;
export type CheckPictureId = Branded<'pic'>;
export type ActivityId = Branded<'act'>;
export type StaffId = Branded<'stf'>;
export type DecisionId = Branded<'dec'>;
export type OpinionId = Branded<'opn'>;
export type JobId = Branded<'job'>;
export type EventId = Branded<'evt'>;
export type ReceiptId = Branded<'rcp'>;
export type StreamId = Branded<'str'>;

type IdByPrefix = {
  acc: AccountId;
  chl: ChallengeId;
  msg: MessageId;
  cas: CaseId;
  img: ImageId;
  com: CompanyId;
  mem: MembershipId;
  inv: InvitationId;
  chk: CompanyCheckId;
  pic: CheckPictureId;
  act: ActivityId;
  stf: StaffId;
  dec: DecisionId;
  opn: OpinionId;
  job: JobId;
  evt: EventId;
  rcp: ReceiptId;
  str: StreamId;
};

export type Ids = { next<P extends keyof IdByPrefix>(prefix: P): IdByPrefix[P] };

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Identifiers `<prefix>_<26 characters>`: 48 bits of time, so that new rows land together in an index, then
 * 80 random bits, in Crockford's base 32 (the layout of a ULID). Those of one process sort in the order in which they were
 * made: within a millisecond, or while the clock stands or goes back, each is the one before plus a random step.
 */
export function createIds(clock: Clock, random: Random): Ids {
  let last = 0n;
  return {
    next(prefix) {
      const now = BigInt(clock.now()) << 80n;
      const fresh = now | BigInt(`0x${random.bytes(10).toString('hex')}`);
      const step = 1n + BigInt(`0x${random.bytes(6).toString('hex')}`);
      last = now > (last >> 80n) << 80n ? fresh : last + step;
      return `${prefix}_${base32(last)}` as never;
    },
  };
}

function base32(value: bigint): string {
  let rest = value;
  let text = '';
  for (let i = 0; i < 26; i++) {
    text = alphabet.charAt(Number(rest & 31n)) + text;
    rest >>= 5n;
  }
  return text;
}
