/** ICAO 9303 part 3, section 6.A: letters that a zone may spell with two; without their accents they are the other way. */
const spellings: Readonly<Record<string, string>> = {
  Ä: 'AE',
  Å: 'AA',
  Æ: 'AE',
  Ö: 'OE',
  Ø: 'OE',
  Œ: 'OE',
  Ü: 'UE',
  ß: 'SS',
  ẞ: 'SS',
  Þ: 'TH',
  Ð: 'D',
  Đ: 'D',
  Ł: 'L',
  Ħ: 'H',
  Ŋ: 'N',
  İ: 'I',
  ı: 'I',
  Ñ: 'N',
};

/** Letters in a zone's field for the name; a longer name is cut off. */
const zoneName = 39;

export function isLatin(name: string): boolean {
  return /^[\p{Script=Latin}\p{M}\s'.,·-]+$/u.test(name);
}

/**
 * A typed name against a romanised one. Family name first or last, and names written as one word or two, make no
 * difference; a name that a zone cut off may be the same.
 */
export function compareLatin(typed: string, read: string): 'same' | 'perhaps' | 'different' {
  const reads = new Set([true, false].flatMap((spelt) => orders(wordsOf(read, spelt))));
  const typings = [true, false].flatMap((spelt) => orders(wordsOf(typed, spelt)));
  if (typings.some((typing) => reads.has(typing))) return 'same';
  const seen = wordsOf(read, false).join('');
  const isCut = seen.length >= zoneName - 5 && typings.some((typing) => typing.startsWith(seen));
  return isCut ? 'perhaps' : 'different';
}

function wordsOf(name: string, spelt: boolean): string[] {
  return name
    .normalize('NFKC')
    .toUpperCase()
    .replace(/./gsu, (letter) => (spelt ? (spellings[letter] ?? letter) : plain(letter)))
    .normalize('NFD')
    .replace(/[\p{M}'.]/gu, '')
    .split(/[^A-Z]+/u)
    .filter((word) => word !== '');
}

const plain = (letter: string): string => {
  const base = letter.normalize('NFD').charAt(0);
  return /[A-Z]/.test(base) ? base : (spellings[letter] ?? letter);
};

/** The words run together, beginning with each in turn. */
function orders(words: readonly string[]): string[] {
  return words.map((_, i) => [...words.slice(i), ...words.slice(0, i)].join(''));
}
