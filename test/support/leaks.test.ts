import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findReadable } from './leaks.ts';
import { selfie, specimenPerson, turnedByExif, withGps } from './specimens.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shiming-leaks-'));
  mkdirSync(join(folder, 'deep'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const secrets = { number: '11010519491231002X', name: '样本雨' };
const search = (content: Buffer | string) => {
  writeFileSync(join(folder, 'deep', 'file'), content);
  return findReadable(folder, secrets);
};

it.each<[string, Buffer | string]>([
  ['the number in clear', 'xx11010519491231002Xxx'],
  ['the name in UTF-8', 'xx样本雨'],
  ['the name in UTF-16', Buffer.from('样本雨', 'utf16le')],
  ['the name in JSON escapes', '{"a":"\\u6837\\u672c\\u96e8"}'],
  ['the name percent-encoded', 'q=%E6%A0%B7%E6%9C%AC%E9%9B%A8'],
  ['base64 at any alignment', Buffer.from('a11010519491231002Xb').toString('base64')],
  ['base64 at another alignment', Buffer.from('ab11010519491231002Xcde').toString('base64')],
  ['hexadecimal', Buffer.from('11010519491231002X').toString('hex')],
])('finds %s', (_name, content) => {
  expect(search(content)).toHaveLength(1);
});

it('finds pictures, whatever they carry before the image itself', async () => {
  const person = specimenPerson();
  const plain = await selfie(person);
  const pictures = [
    plain,
    await withGps(plain),
    await turnedByExif(plain),
    await sharp(plain).png().toBuffer(),
  ];
  pictures.push(await sharp(plain).webp().toBuffer(), await sharp(plain).keepIccProfile().jpeg().toBuffer());
  for (const picture of pictures) {
    expect(search(Buffer.concat([Buffer.alloc(7), picture])).join()).toMatch(/picture/);
  }
});

it('finds nothing in a file without them, and refuses to search nothing', () => {
  expect(search('11010519491231002 and 样本')).toEqual([]);
  rmSync(join(folder, 'deep'), { recursive: true });
  expect(() => findReadable(folder, secrets)).toThrow(/no file/);
});
