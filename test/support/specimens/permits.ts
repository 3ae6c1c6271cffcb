import { validity, type DocumentOptions } from './cards.ts';
import { block, dotted, emblem, jpeg, mark, paper, text, typed } from './drawing.ts';
import { portrait } from './face.ts';
import { stamped } from './fake-code.ts';
import { cardZone, type Zone } from './numbers.ts';
import type { SpecimenPerson } from './people.ts';

/** Cards whose back carries a machine-readable zone of three lines. */

const width = 1280;
const height = 808;
const small = { fill: '#4a5568' };

/** Mainland travel permit for Hong Kong and Macao residents, form of 2012. */
export function hkMacaoPermitFront(person: SpecimenPerson, options: DocumentOptions = {}): Promise<Buffer> {
  const titles = [
    '港澳居民来往内地通行证',
    'Mainland Travel Permit for Hong Kong and Macao Residents',
  ] as const;
  return travelFront(titles, person.hkMacaoPermit, person, '公安部出入境管理局', options);
}

export function hkMacaoPermitBack(person: SpecimenPerson, options: DocumentOptions = {}): Promise<Buffer> {
  const first = person.hkMacaoPermit.startsWith('H') ? 'HKG' : 'MAC';
  const other = [
    ['港澳证件姓名 Name', person.name],
    ['港澳证件号码 Number', `A${person.hkMacaoPermit.slice(2, 8)}(3)`],
  ] as const;
  return zoneBack(other, { code: 'CR', number: person.hkMacaoPermit, nationality: first }, person, options);
}

/** Mainland travel permit for Taiwan residents, form of 2015. */
export function taiwanPermitFront(person: SpecimenPerson, options: DocumentOptions = {}): Promise<Buffer> {
  const titles = ['台湾居民来往大陆通行证', 'Mainland Travel Permit for Taiwan Residents'] as const;
  return travelFront(titles, person.taiwanPermit, person, '公安部出入境管理局', options);
}

export function taiwanPermitBack(person: SpecimenPerson, options: DocumentOptions = {}): Promise<Buffer> {
  const other = [['身份证件号码 ID No.', `A1${person.taiwanPermit}`]] as const;
  return zoneBack(other, { code: 'CT', number: person.taiwanPermit, nationality: 'TWN' }, person, options);
}

function travelFront(
  [title, english]: readonly [string, string],
  number: string,
  person: SpecimenPerson,
  authority: string,
  options: DocumentOptions,
): Promise<Buffer> {
  const picture = jpeg(width, height, [
    paper(width, height, '#e4ece4', '#4a8a6a22'),
    emblem(120, 130, 62),
    text(720, 125, 58, title, { anchor: 'middle', spacing: 6, bold: true }),
    text(720, 172, 28, english, { anchor: 'middle' }),
    portrait({ left: 80, top: 230, width: 350, height: 440 }, number, options.portrait),
    row(480, 260, '姓名', block(620, 258, 42, person.name, { width: 600, lines: 2 })),
    text(620, 336, 32, `${person.latin.surname}, ${person.latin.given}`),
    row(480, 390, '出生日期', text(660, 390, 40, dotted(person.birthdate))),
    row(940, 390, '性别', text(1040, 390, 40, person.sex === 'male' ? '男' : '女')),
    row(480, 475, '有效期限', text(660, 475, 40, validity(person))),
    row(480, 560, '签发机关', text(660, 560, 40, authority)),
    row(480, 645, '换证次数', text(660, 645, 40, '01')),
    row(480, 730, '证件号码', typed(660, 732, 50, 38, number)),
    mark(width),
  ]);
  return stamped(picture, options.qr);
}

/** Foreign permanent resident card, form of 2023. */
export function permanentResidentFront(
  person: SpecimenPerson,
  options: DocumentOptions = {},
): Promise<Buffer> {
  const latin = `${person.latin.surname}, ${person.latin.given}`;
  const picture = jpeg(width, height, [
    paper(width, height, '#e9ecef', '#5a6a9a22'),
    emblem(100, 118, 56),
    text(705, 100, 50, '中华人民共和国外国人永久居留身份证', { anchor: 'middle', bold: true }),
    text(705, 144, 22, "FOREIGN PERMANENT RESIDENT ID CARD OF THE PEOPLE'S REPUBLIC OF CHINA", {
      anchor: 'middle',
    }),
    row(80, 225, '姓名 / Name', block(80, 272, 40, latin, { width: 700, lines: 1 })),
    text(80, 322, 40, person.name),
    row(80, 385, '性别 / Sex', text(80, 432, 38, person.sex === 'male' ? '男 / M' : '女 / F')),
    row(350, 385, '出生日期 / Date of Birth', text(350, 432, 38, dotted(person.birthdate))),
    row(80, 495, '国籍 / Nationality', text(80, 542, 38, '加拿大 / CAN')),
    row(350, 495, '有效期限 / Period of Validity', text(350, 542, 38, validity(person))),
    row(80, 660, '证件号码 / ID Number', typed(80, 725, 54, 41, person.permanentNumber)),
    portrait({ left: 880, top: 190, width: 330, height: 420 }, person.permanentNumber, options.portrait),
    mark(width),
  ]);
  return stamped(picture, options.qr);
}

export function permanentResidentBack(
  person: SpecimenPerson,
  options: DocumentOptions = {},
): Promise<Buffer> {
  const other = [
    ['签发机关 / Issuing Authority', '国家移民管理局 National Immigration Administration'],
    ['证件号码 / ID Number', person.permanentNumber],
  ] as const;
  const zone = { code: 'C', number: person.permanentNumber, nationality: 'CAN' };
  return zoneBack(other, zone, person, options);
}

function zoneBack(
  other: readonly (readonly [string, string])[],
  over: Pick<Zone, 'code' | 'number' | 'nationality'>,
  person: SpecimenPerson,
  options: DocumentOptions,
): Promise<Buffer> {
  const { birthdate, sex, expiresOn, latin } = person;
  const zone = cardZone({ issuer: 'CHN', birthdate, sex, expiresOn, ...latin, ...over });
  const picture = jpeg(width, height, [
    paper(width, height, '#eef0f2', '#5a6a9a22'),
    ...other.map(
      ([name, value], at) => text(80, 150 + at * 110, 32, name, small) + text(80, 198 + at * 110, 38, value),
    ),
    text(80, 460, 24, '持证人应当遵守有关规定，妥善保管本证。', small),
    '<rect y="520" width="1280" height="288" fill="#f7f8f9"/>',
    ...zone.map((line, at) => typed(70, 605 + at * 76, 56, 38, line)),
    mark(width),
  ]);
  return stamped(picture, options.qr);
}

function row(x: number, y: number, name: string, value: string): string {
  return text(x, y, 30, name, small) + value;
}
