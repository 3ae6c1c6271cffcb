import type { Clock } from '../../core/clock.ts';
import type { ArtifactWrites, CommitOutcome } from '../../oidc/index.ts';
import { artifactKey, encode, type ArtifactRow, type PayloadSources } from './row.ts';

export type Operation =
  | { readonly kind: 'upsert'; readonly row: ArtifactRow }
  | { readonly kind: 'insert'; readonly row: ArtifactRow }
  | { readonly kind: 'consume'; readonly key: Buffer; readonly at: number }
  | { readonly kind: 'destroy'; readonly model: string; readonly key: Buffer }
  | { readonly kind: 'revoke'; readonly grantKey: Buffer };

/** The writes of one request. Conditions (consume, insert) are tried first; one that fails cancels the rest. */
export type Unit = { readonly conditions: Operation[]; readonly writes: Operation[] };

type Waiting = Unit & {
  resolve(outcome: CommitOutcome): void;
  reject(error: unknown): void;
};

/** Stored once and never again: whoever comes second replays. */
const once = new Set(['ReplayDetection']);

/** Commits the units in order within one transaction and says for each whether its conditions held. */
export type CommitUnits = (units: readonly Unit[]) => Promise<readonly CommitOutcome[]>;

export type UnitSources = PayloadSources & { readonly clock: Clock };

/**
 * Collects the units of this turn of the event loop and the next, which under load are several, and hands them to
 * `commitUnits` together; without load the second turn follows at once.
 */
export function createUnits(commitUnits: CommitUnits, sources: UnitSources) {
  const { clock } = sources;
  let waiting: Waiting[] = [];

  const flush = (): void => {
    const units = waiting;
    waiting = [];
    commitUnits(units).then(
      (outcomes) => units.forEach((unit, i) => unit.resolve(outcomes[i] as CommitOutcome)),
      (error: unknown) => units.forEach((unit) => unit.reject(error)),
    );
  };

  return function begin(): ArtifactWrites {
    const unit: Unit = { conditions: [], writes: [] };
    return {
      upsert(model, id, payload, expiresIn) {
        const row = encode(model, id, payload, clock.now() + expiresIn * 1000, sources);
        if (once.has(model)) unit.conditions.push({ kind: 'insert', row });
        else unit.writes.push({ kind: 'upsert', row });
      },
      consume: (model, id, at) =>
        void unit.conditions.push({ kind: 'consume', key: artifactKey(model, id), at }),
      destroy: (model, id) => void unit.writes.push({ kind: 'destroy', model, key: artifactKey(model, id) }),
      revokeByGrantId: (grantId) =>
        void unit.writes.push({ kind: 'revoke', grantKey: artifactKey('Grant', grantId) }),
      get isEmpty() {
        return unit.conditions.length === 0 && unit.writes.length === 0;
      },
      commit: () =>
        new Promise((resolve, reject) => {
          if (waiting.length === 0) setImmediate(() => setImmediate(flush));
          waiting.push({ ...unit, resolve, reject });
        }),
    };
  };
}
