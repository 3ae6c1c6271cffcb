import { nameKey } from '../documents/names.ts';
import type { DocumentSeen } from '../recogniser.ts';
import { companyKey } from './keys.ts';
import { levelPieces, rowsOf } from './rows.ts';

/** Share of a company's name that has to stand on one line, in order. */
const likeEnough = 0.85;

/** A business card or badge: whether the expected name and company stand on it. Evidence beside others, never alone. */
export function confirmSupporting(
  seen: DocumentSeen,
  expected: { readonly name: string; readonly company: string },
): { readonly name: boolean; readonly company: boolean } {
  const lines = rowsOf(levelPieces(seen)).map(({ text }) => text);
  const name = nameKey(expected.name);
  const company = companyKey(expected.company);
  const all = companyKey(lines.join(''));
  return {
    name: name.length > 1 && lines.some((line) => nameKey(line).includes(name)),
    company:
      company.length > 1 &&
      (all.includes(company) || lines.some((line) => commonShare(company, companyKey(line)) >= likeEnough)),
  };
}

/** Length of the longest common subsequence as a share of `wanted`. */
function commonShare(wanted: string, line: string): number {
  let previous = new Array<number>(line.length + 1).fill(0);
  for (const character of wanted) {
    const next = [0];
    for (let i = 0; i < line.length; i++) {
      const best = Math.max(previous[i + 1] ?? 0, next[i] ?? 0);
      next.push(line[i] === character ? (previous[i] ?? 0) + 1 : best);
    }
    previous = next;
  }
  return (previous.at(-1) ?? 0) / wanted.length;
}
