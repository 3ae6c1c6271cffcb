import type { EventStore, JobStore } from '../events/index.ts';
import { bindEvents } from './events.ts';
import type { Handle } from './handle.ts';
import { bindJobs } from './jobs.ts';

/** Every store of the program, bound to the same database or the same transaction. */
export type Stores = {
  readonly events: EventStore;
  readonly jobs: JobStore;
};

export function bindStores(handle: Handle): Stores {
  return {
    events: bindEvents(handle),
    jobs: bindJobs(handle),
  };
}
