/** What is wrong with the shape of a credit code. A failed check digit is not among them: it is a finding. */
export type CreditCodeReason = 'empty' | 'length' | 'character' | 'form';

export type CreditCodeResult =
  | {
      readonly ok: true;
      /** 18 characters, upper case. */
      readonly code: string;
      /** GB 32100 check character matches. */
      readonly checkDigitMatches: boolean;
      /** GB 11714 check character of the organisation code (positions 9–17) matches. */
      readonly organisationCheckMatches: boolean;
    }
  | {
      readonly ok: false;
      readonly reason: CreditCodeReason;
      readonly found?: number;
      readonly position?: number;
      readonly character?: string;
    };

/** Digits and letters without I, O, S, V and Z (GB 32100-2015, 5.2.1). */
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const codeWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const;
const organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2] as const;

/**
 * Reads a unified social credit code. Codes whose check character fails exist, so a mismatch is reported and left to
 * a registry or a reviewer; only what cannot be a code at all is refused.
 */
export function readCreditCode(text: string): CreditCodeResult {
  const code = compactCode(text);
  if (code === '') return { ok: false, reason: 'empty' };
  const characters = [...code];
  if (characters.length !== 18) return { ok: false, reason: 'length', found: characters.length };
  const strange = characters.findIndex((character) => !alphabet.includes(character));
  if (strange >= 0) {
    return {
      ok: false,
      reason: 'character',
      position: strange + 1,
      character: characters[strange] as string,
    };
  }
  // Positions 3–8 are the GB/T 2260 code of the registering authority.
  if (!/^\d{6}$/.test(code.slice(2, 8))) return { ok: false, reason: 'form' };
  return {
    ok: true,
    code,
    checkDigitMatches: creditCheckCharacter(code) === code[17],
    organisationCheckMatches: organisationCheckCharacter(code.slice(8, 16)) === code[16],
  };
}

/** The check character of GB 32100 for the first 17 characters. */
export function creditCheckCharacter(code: string): string {
  const sum = codeWeights.reduce<number>(
    (total, weight, i) => total + weight * alphabet.indexOf(code.charAt(i)),
    0,
  );
  return alphabet.charAt((31 - (sum % 31)) % 31);
}

/** The check character of GB 11714 for the eight characters of an organisation code; letters count from A = 10. */
export function organisationCheckCharacter(eight: string): string {
  const sum = organisationWeights.reduce<number>(
    (total, weight, i) => total + weight * Number.parseInt(eight.charAt(i), 36),
    0,
  );
  const check = 11 - (sum % 11);
  return check === 10 ? 'X' : check === 11 ? '0' : String(check);
}

function compactCode(text: string): string {
  return text
    .replace(/[\uFF01-\uFF5E]/gu, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u200B-\u200D\uFEFF\-‐-―]/gu, '')
    .toUpperCase();
}
