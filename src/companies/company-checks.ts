import { days, minutes, type Clock, type Instant } from '../core/clock.ts';
import type { AccountId, CompanyCheckId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import { failed, ok, type Result } from '../core/result.ts';
import type { Transact } from '../core/transact.ts';
import type { CompanyPapers, ImageReason, ObjectStore, PersonStore } from '../verification/index.ts';
import { admit, belongs, type CheckRefusal } from './check-access.ts';
import { readEntry, type CheckEntry, type EntryError } from './check-entries.ts';
import type { CheckPicture, CompanyCheck, PicturedKind } from './company-check.ts';
import type { CheckKey, CheckPictureStore, CompanyCheckStore } from './company-check-store.ts';
import type { Company, Membership } from './company.ts';
import type { CompanyStores } from './company-store.ts';
import { createLicenceRenewal } from './licence-renewal.ts';
import type { CompanyPolicy } from './policy.ts';
import type { CompanyRegistry } from './registry.ts';
import { moveMembership } from './transitions.ts';

/** The stores of one transaction that company checks work with. */
export type CheckStores = CompanyStores & {
  readonly companyChecks: CompanyCheckStore;
  readonly checkPictures: CheckPictureStore;
  readonly persons: PersonStore;
};

export type CompanyChecksDeps<S extends CheckStores> = {
  readonly stores: S;
  readonly transact: Transact<S>;
  readonly clock: Clock;
  readonly log: Log;
  readonly policy: CompanyPolicy;
  readonly papers: CompanyPapers;
  readonly objects: ObjectStore;
  /** Absent where the operator has set up none. */
  readonly registry?: CompanyRegistry | undefined;
  /** Milliseconds for which pictures of company evidence outlive the decision. */
  readonly picturesKept: number;
  readonly recompute: (stores: S, accountId: AccountId) => Promise<void>;
};

export type PicturedKey = CheckKey & { readonly kind: PicturedKind };

/** What somebody who belongs to a company sees of a check of theirs. */
export type CheckView = {
  readonly company: Company;
  readonly membership: Membership;
  /** Under way, or the newest. */
  readonly check: CompanyCheck | undefined;
  readonly picture: CheckPicture | undefined;
  /** Why nothing can be handed in now. */
  readonly refused: CheckRefusal | undefined;
};

export type HandInFailure = 'not_found' | CheckRefusal | 'closed' | 'picture_missing' | EntryError;

export type CompanyChecks = {
  /** Undefined for who has nothing to do with the company. */
  view(key: CheckKey): Promise<CheckView | undefined>;
  /** Takes a picture for the check under way, in place of the one before; the check is begun when there is none. */
  addPicture(
    key: PicturedKey,
    bytes: Buffer,
  ): Promise<Result<{ picture: CheckPicture }, 'not_found' | CheckRefusal | 'closed' | ImageReason>>;
  /** Hands it in: the machine renews where nothing is in doubt, else a reviewer looks. */
  submit(key: PicturedKey, entry: CheckEntry): Promise<Result<{ check: CompanyCheck }, HandInFailure>>;
  /** Takes back what is not decided yet; its picture is destroyed. */
  withdraw(key: CheckKey): Promise<Result<object, 'not_found' | 'closed'>>;
  /** A small version of the picture of a check under way, for who handed it in. */
  preview(key: PicturedKey): Promise<Buffer | undefined>;
  /** Ends what nobody went on with, and destroys pictures whose time is over. */
  sweep(now: Instant, limit: number): Promise<number>;
};

/** An open check that nobody goes on with is withdrawn after this long. */
const OPEN_KEPT = days(30);
/** The record of a check without its picture: three years, as for a case. */
export const checkKept = days(3 * 366);
/** Pictures taken in for one check, replaced ones included. */
const PICTURES = 20;
/** An announced picture that was not stored by then was lost with its process. */
const WRITE_TIME = minutes(10);

export function createCompanyChecks<S extends CheckStores>(deps: CompanyChecksDeps<S>): CompanyChecks {
  const { stores, transact, clock, log, papers, objects, recompute } = deps;
  const { askRegistry, examine } = createLicenceRenewal<S>(deps);

  async function open(
    key: PicturedKey,
  ): Promise<Result<{ check: CompanyCheck }, 'not_found' | CheckRefusal | 'closed'>> {
    return transact(async (bound) => {
      const admitted = await admit(bound, key);
      if (!admitted.ok) return admitted;
      const check = await bound.companyChecks.ensure(key, clock.now() + OPEN_KEPT);
      return check.state === 'open' ? ok({ check }) : failed('closed');
    });
  }

  async function discard(picture: CheckPicture): Promise<void> {
    await objects.delete(picture.id);
    await stores.checkPictures.markDestroyed(picture.id);
  }

  return {
    async view(key) {
      const found = await belongs(stores, key.companyId, key.accountId);
      if (!found) return undefined;
      const check = await stores.companyChecks.newest(key);
      const admitted = await admit(stores, key);
      return {
        ...found,
        check,
        picture: check?.state === 'open' ? await stores.checkPictures.current(check.id) : undefined,
        refused: admitted.ok || admitted.reason === 'not_found' ? undefined : admitted.reason,
      };
    },
    async addPicture(key, bytes) {
      const opened = await open(key);
      if (!opened.ok) return opened;
      const { check } = opened;
      if ((await stores.checkPictures.count(check.id)) >= PICTURES) return failed('too_many');
      const taken = await papers.take(key.kind === 'licence_renewal' ? 'licence' : 'other', bytes);
      if (!taken.ok) return taken;
      const { jpeg, thumbnail, width, height, complaint, reading } = taken.paper;
      const picture = await stores.checkPictures.announce(
        { checkId: check.id, width, height, complaint },
        thumbnail,
      );
      await objects.put(picture.id, await stores.checkPictures.sealContent(picture, jpeg));
      const kept = await transact(async (bound) => {
        const now = await bound.companyChecks.find(check.id);
        if (now?.state !== 'open') return false;
        const { read: _, ...others } = now.details ?? {};
        const details = { ...others, ...(reading ? { read: reading } : {}) };
        const changed = await bound.companyChecks.update(now, {
          details,
          expiresAt: clock.now() + OPEN_KEPT,
        });
        return changed && bound.checkPictures.activate(picture.id);
      });
      if (kept) return ok({ picture });
      await discard(picture);
      return failed('closed');
    },
    async submit(key, entry) {
      const said = await askRegistry(key);
      return transact(async (bound) => {
        await bound.companies.lock(key.companyId);
        const admitted = await admit(bound, key);
        if (!admitted.ok) return admitted;
        const { company, membership } = admitted;
        const open = await bound.companyChecks.newest(key);
        if (open && open.state === 'submitted') return failed('closed');
        const picture = open?.state === 'open' ? await bound.checkPictures.current(open.id) : undefined;
        if (!open || !picture) return failed('picture_missing');
        const read = readEntry(key.kind, entry, clock.now());
        if (!read.ok) return read;
        const details = { ...open.details, ...read.details };
        const change = { details, submittedAt: clock.now(), expiresAt: null };
        if (!(await bound.companyChecks.update(open, change, 'submitted'))) return failed('closed');
        if (key.kind === 'authorisation_letter') {
          await moveMembership(bound, membership, 'apply', key.accountId);
          await recompute(bound, key.accountId);
        }
        const submitted = await present(bound, open.id);
        if (key.kind === 'licence_renewal') await examine(bound, submitted, { company, picture, said });
        return ok({ check: await present(bound, open.id) });
      });
    },
    withdraw: (key) =>
      transact(async (bound) => {
        await bound.companies.lock(key.companyId);
        const found = await belongs(bound, key.companyId, key.accountId);
        const check = found && (await bound.companyChecks.newest(key));
        if (!found || !check) return failed('not_found');
        if (!(await end(bound, check))) return failed('closed');
        await releaseMembership(bound, check, found.membership);
        return ok();
      }),
    async preview(key) {
      const check = await stores.companyChecks.newest(key);
      const picture = check?.state === 'open' ? await stores.checkPictures.current(check.id) : undefined;
      return picture && stores.checkPictures.thumbnail(picture);
    },
    async sweep(now, limit) {
      const abandoned = await stores.companyChecks.listAbandoned(now, limit);
      for (const check of abandoned) await transact((bound) => end(bound, check, 'abandoned'));
      let destroyed = 0;
      for (const picture of await stores.checkPictures.listDue(now, now - WRITE_TIME, limit)) {
        try {
          await discard(picture);
          destroyed += 1;
        } catch (error) {
          // It stays due. One file that cannot be deleted must not keep the others.
          log.error('picture not destroyed', { imageId: picture.id, error });
        }
      }
      return abandoned.length + destroyed + (await stores.companyChecks.purge(now, limit));
    },
  };

  async function end(bound: S, check: CompanyCheck, reason?: 'abandoned'): Promise<boolean> {
    if (check.state !== 'open' && check.state !== 'submitted') return false;
    const now = clock.now();
    const change = { expiresAt: now + checkKept, ...(reason ? { reason } : {}) };
    if (!(await bound.companyChecks.update(check, change, 'withdrawn'))) return false;
    await bound.checkPictures.scheduleDestruction(check.id, now, now);
    return true;
  }

  /** Whoever takes a letter back has to show something else. */
  async function releaseMembership(bound: S, check: CompanyCheck, membership: Membership): Promise<void> {
    if (check.kind !== 'authorisation_letter' || membership.state !== 'in_review') return;
    if (check.state !== 'submitted') return;
    await moveMembership(bound, membership, 'ask_evidence', check.accountId);
    await recompute(bound, check.accountId);
  }
}

async function present(stores: CheckStores, id: CompanyCheckId): Promise<CompanyCheck> {
  const check = await stores.companyChecks.find(id);
  if (!check) throw new Error('a check vanished within its transaction');
  return check;
}
