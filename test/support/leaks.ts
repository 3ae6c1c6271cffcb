import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * What picture files begin with. Each mark is five bytes or longer: three bytes would turn up by chance in a few
 * megabytes of sealed data.
 */
const pictureMarks: Readonly<Record<string, Buffer>> = {
  'a JPEG picture (JFIF)': Buffer.from('JFIF\0'),
  'a JPEG picture (Exif)': Buffer.from('Exif\0\0'),
  'a JPEG picture (bare)': Buffer.from([0xff, 0xd8, 0xff, 0xdb, 0x00]),
  'a JPEG picture (colour profile)': Buffer.from('ICC_PROFILE'),
  'a PNG picture': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]),
  'a WebP picture': Buffer.from('WEBPVP8'),
};

/**
 * Every place in the files below `folder` where one of the secrets can be read: as UTF-8, UTF-16, base64 or
 * hexadecimal, and where a picture begins. One line each: the file, the offset, what was found.
 */
export function findReadable(folder: string, secrets: Readonly<Record<string, string>>): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  if (files.length === 0) throw new Error(`${folder} holds no file to search`);
  const marks = [...Object.entries(pictureMarks), ...Object.entries(secrets).flatMap(formsOf)];
  return files.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const content = readFileSync(path);
    return marks.flatMap(([name, mark]) => {
      const at = content.indexOf(mark);
      return at < 0 ? [] : [`${relative(folder, path)} at ${at}: ${name}`];
    });
  });
}

function formsOf([name, secret]: [string, string]): [string, Buffer][] {
  if (secret.length < 2) throw new Error(`"${name}" is too short to be searched for`);
  const utf8 = Buffer.from(secret);
  const forms: [string, Buffer][] = [
    [`${name} (UTF-8)`, utf8],
    [`${name} (UTF-16)`, Buffer.from(secret, 'utf16le')],
    [`${name} (hexadecimal)`, Buffer.from(utf8.toString('hex'))],
  ];
  // A secret of plain ASCII is its own escape.
  if (/[^ -~]/.test(secret)) {
    forms.push([`${name} (escaped)`, Buffer.from(secret.replace(/[^ -~]/g, escapeUnit))]);
    forms.push([`${name} (percent-encoded)`, Buffer.from(encodeURIComponent(secret))]);
  }
  // Base64 aligns to three bytes: the inside of each of the three possible alignments is searched for.
  for (const shift of [0, 1, 2]) {
    const inside = Buffer.concat([Buffer.alloc(shift), utf8])
      .toString('base64')
      .replace(/=+$/, '')
      .slice(shift + 1, -2);
    if (inside.length >= 6) forms.push([`${name} (base64)`, Buffer.from(inside)]);
  }
  return forms;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
