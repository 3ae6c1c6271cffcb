import { inflateSync } from 'node:zlib';

/**
 * The text of a PDF as somebody copies it out of a reader, a line for each text object: its fonts are subsets, whose
 * glyph numbers mean something by their ToUnicode map alone (ISO 32000-1 section 9.10.3). Enough for documents with one
 * font, written without cross-reference streams; throws where there is another number of fonts.
 */
export function pdfText(pdf: Buffer): string {
  const streams = streamsOf(pdf);
  const maps = streams.filter((one) => one.includes('begincmap'));
  const [map] = maps;
  if (map === undefined || maps.length > 1) throw new Error(`${maps.length} fonts with a ToUnicode map`);
  const glyphs = readMap(map);
  return streams
    .flatMap((one) => [...one.matchAll(/\bBT\b([\s\S]*?)\bET\b/g)].map(([, drawn = '']) => drawn))
    .map((drawn) => lineOf(drawn, glyphs))
    .join('\n');
}

function streamsOf(pdf: Buffer): string[] {
  const text = pdf.toString('latin1');
  return [...text.matchAll(/<<((?:(?!endobj)[\s\S])*?)>>\s*stream\r?\n/g)].map((found) => {
    const [, dictionary = ''] = found;
    const start = found.index + found[0].length;
    const length = Number(/\/Length (\d+)/.exec(dictionary)?.[1]);
    const bytes = pdf.subarray(start, start + length);
    return (dictionary.includes('/FlateDecode') ? inflateSync(bytes) : bytes).toString('latin1');
  });
}

/** Glyph → characters, of `beginbfrange`: `<first> <last> [<text> …]` or `<first> <last> <text of the first>`. */
function readMap(map: string): ReadonlyMap<number, string> {
  const glyphs = new Map<number, string>();
  for (const [, ranges = ''] of map.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    const rows = ranges.matchAll(/<(\w+)>\s*<(\w+)>\s*(?:\[([^\]]*)\]|<(\w+)>)/g);
    for (const [, first = '', last = '', list, single] of rows) {
      const from = parseInt(first, 16);
      const texts = list === undefined ? [] : [...list.matchAll(/<([\w ]+)>/g)].map(([, hex = '']) => hex);
      for (let glyph = from; glyph <= parseInt(last, 16); glyph++) {
        const hex =
          texts[glyph - from] ?? (parseInt(single ?? '', 16) + glyph - from).toString(16).padStart(4, '0');
        glyphs.set(glyph, Buffer.from(hex.replaceAll(' ', ''), 'hex').swap16().toString('utf16le'));
      }
    }
  }
  return glyphs;
}

function lineOf(drawn: string, glyphs: ReadonlyMap<number, string>): string {
  const shown = [...drawn.matchAll(/<([0-9a-f]+)>/gi)].map(([, hex = '']) => hex).join('');
  return (shown.match(/.{4}/g) ?? []).map((glyph) => glyphs.get(parseInt(glyph, 16)) ?? '�').join('');
}
