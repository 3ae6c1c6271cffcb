/** Two pictures: whether they show one person, and the likeness of the faces; undefined where one shows no face. */
export type MeasuredPair = { readonly same: boolean; readonly likeness: number | undefined };

export type Rates = {
  readonly threshold: number;
  /** Share of pairs of two people that would pass for one; `atMost`: its upper bound at 95 % confidence. */
  readonly falseAccepts: number;
  readonly atMost: number;
  /** Share of pairs of one person that pass; a face that was not found does not. */
  readonly trueAccepts: number;
};

export function ratesAt(pairs: readonly MeasuredPair[], threshold: number): Rates {
  const share = (same: boolean): [count: number, of: number] => {
    const group = pairs.filter((pair) => pair.same === same);
    return [
      group.filter(({ likeness }) => likeness !== undefined && likeness >= threshold).length,
      group.length,
    ];
  };
  const [accepted, impostors] = share(false);
  const [passed, genuine] = share(true);
  return {
    threshold,
    falseAccepts: accepted / impostors,
    atMost: upperBound(accepted, impostors),
    trueAccepts: passed / genuine,
  };
}

/** Wilson's bound, one-sided: 0 of 1,000 still means up to 0.27 %. */
function upperBound(count: number, of: number): number {
  if (of === 0) return 1;
  const z = 1.645;
  const share = count / of;
  const middle = share + z ** 2 / (2 * of);
  const reach = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  return (middle + reach) / (1 + z ** 2 / of);
}

/** Lines of `path,path,same`, where `same` is 1 or 0; empty lines and lines that begin with # are left out. */
export function readPairs(csv: string): { paths: readonly [string, string]; same: boolean }[] {
  return csv
    .split(/\r?\n/)
    .map((text, at) => ({ text: text.trim(), line: at + 1 }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'))
    .map(({ text, line }) => {
      const [one, other, same, ...rest] = text.split(',').map((part) => part.trim());
      if (!one || !other || rest.length > 0 || (same !== '0' && same !== '1')) {
        throw new Error(`line ${line} is not path,path,0 or path,path,1`);
      }
      return { paths: [one, other], same: same === '1' };
    });
}
