/** Questions that failed once are forgotten when there are this many. */
const remembered = 1000;

/** For fakes of sources that are down for a moment: true for every first question of a reference. */
export function createFailOnce(): (reference: string) => boolean {
  const failedOnce = new Set<string>();
  return (reference) => {
    if (failedOnce.delete(reference)) return false;
    if (failedOnce.size >= remembered) failedOnce.clear();
    failedOnce.add(reference);
    return true;
  };
}
