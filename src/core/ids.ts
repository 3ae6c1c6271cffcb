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
export type StaffId = Branded<'stf'>;
export type DecisionId = Branded<'dec'>;
export type OpinionId = Branded<'opn'>;
export type JobId = Branded<'job'>;
export type EventId = Branded<'evt'>;
export type ReceiptId = Branded<'rcp'>;

type IdByPrefix = {
  acc: AccountId;
  chl: ChallengeId;
  msg: MessageId;
  cas: CaseId;
  img: ImageId;
  com: CompanyId;
  mem: MembershipId;
  stf: StaffId;
  dec: DecisionId;
  opn: OpinionId;
  job: JobId;
  evt: EventId;
  rcp: ReceiptId;
};

export type Ids = { next<P extends keyof IdByPrefix>(prefix: P): IdByPrefix[P] };

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Identifiers `<prefix>_<26 characters>`: 48 bits of time, so that new rows land together in an index, then
 * 80 random bits, in Crockford's base 32 (the layout of a ULID).
 */
export function createIds(clock: Clock, random: Random): Ids {
  return {
    next(prefix) {
      const bytes = Buffer.alloc(16);
      bytes.writeUIntBE(clock.now(), 0, 6);
      random.bytes(10).copy(bytes, 6);
      return `${prefix}_${base32(bytes)}` as never;
    },
  };
}

function base32(bytes: Buffer): string {
  let value = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (let i = 0; i < 26; i++) {
    text = alphabet.charAt(Number(value & 31n)) + text;
    value >>= 5n;
  }
  return text;
}
