/**
 * State machines are data: `state → event → next state`. A state without events is final. Diagrams, reachability
 * tests and the transitions themselves come from the same table.
 */
export type Machine<S extends string, E extends string> = {
  readonly initial: S;
  readonly states: { readonly [state in S]: { readonly [event in E]?: S } };
};

/** The state that `event` leads to, or undefined where the machine does not allow it. */
export function advance<S extends string, E extends string>(
  machine: Machine<S, E>,
  state: S,
  event: E,
): S | undefined {
  return machine.states[state][event];
}

/** Every state that can be reached from the initial one, the initial one included. */
export function reachable<S extends string, E extends string>(machine: Machine<S, E>): ReadonlySet<S> {
  const seen = new Set<S>([machine.initial]);
  for (const state of seen) {
    for (const next of Object.values<S | undefined>(machine.states[state])) if (next) seen.add(next);
  }
  return seen;
}

/** A Mermaid state diagram of the machine, for docs/journeys.md. */
export function toMermaid<S extends string, E extends string>(machine: Machine<S, E>): string {
  const lines = ['stateDiagram-v2', `  [*] --> ${machine.initial}`];
  for (const [state, events] of Object.entries<{ readonly [event in E]?: S }>(machine.states)) {
    const targets = Object.entries<S | undefined>(events);
    if (targets.length === 0) lines.push(`  ${state} --> [*]`);
    for (const [event, next] of targets) if (next) lines.push(`  ${state} --> ${next}: ${event}`);
  }
  return lines.join('\n');
}
