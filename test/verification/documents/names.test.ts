import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameKey, readName } from '../../../src/verification/documents/names.ts';

describe('a name', () => {
  it.each([
    ['王小明', '王小明'],
    [' 王 小 明 ', '王小明'],
    ['阿卜杜拉•买买提', '阿卜杜拉·买买提'],
    ['阿卜杜拉 ・ 买买提', '阿卜杜拉·买买提'],
    ['阿卜杜拉．买买提', '阿卜杜拉·买买提'],
    ['阿卜杜拉.买买提', '阿卜杜拉·买买提'],
    ['𠮷𪚥龘', '𠮷𪚥龘'],
    ['李〇', '李〇'],
    ['\uE863明', '\uE863明'],
    ['\uFA10明', '\uFA10明'],
    ['Anna-Maria  O’Brien', "Anna-Maria O'Brien"],
    ['Ａｎｎａ', 'Anna'],
    ['José', 'José'],
    ['Martin Luther King, Jr.', 'Martin Luther King, Jr.'],
  ])('%s is kept as %s', (typed, kept) => {
    expect(readName(typed)).toEqual({ ok: true, name: kept });
  });

  it('has room for fifty characters and more', () => {
    const long = `${'买'.repeat(30)}·${'提'.repeat(30)}`;
    expect(readName(long)).toEqual({ ok: true, name: long });
    expect(readName('𠮷'.repeat(100)).ok).toBe(true);
    expect(readName('𠮷'.repeat(101))).toMatchObject({ ok: false, reason: 'too_long' });
  });

  it.each([' ', '王 ', '·', ' ·', 'a'])('of sixty thousand %j costs nothing to refuse', (part) => {
    const started = performance.now();
    expect(readName(`王${part.repeat(60_000 / part.length)}x`)).toMatchObject({ ok: false });
    expect(performance.now() - started).toBeLessThan(200);
  });

  it.each([
    ['', 'empty'],
    [' · ', 'empty'],
    ["'-", 'empty'],
    ['王小明1', 'character'],
    ['<script>', 'character'],
    ['王😀', 'character'],
    ['王\u202E明', 'character'],
    ['王\u0000明', 'character'],
  ])('%j is refused', (typed, reason) => {
    expect(readName(typed)).toMatchObject({ ok: false, reason });
  });

  it('reads the same name the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (typed) => {
        const once = readName(typed);
        if (once.ok) expect(readName(once.name)).toEqual(once);
      }),
      { numRuns: 500 },
    );
  });

  it('compares without case and spacing', () => {
    expect(nameKey('ANNA Maria')).toBe(nameKey('anna maria'));
    expect(nameKey('阿卜杜拉•买买提')).toBe(nameKey('阿卜杜拉 买买提'));
  });
});
