import { block, dotted, emblem, jpeg, mark, paper, text, typed } from './drawing.ts';
import { portrait } from './face.ts';
import { stamped } from './fake-code.ts';
import type { SpecimenPerson } from './people.ts';

export type DocumentOptions = {
  /** JPEG for the portrait; a drawn face without it. */
  portrait?: Buffer;
  /** What the fake recogniser should say of this picture; see `withFakeCode`. */
  qr?: unknown;
};

/** ID-1 card, 85.6 × 54 mm at 380 dots per inch. */
const width = 1280;
const height = 808;
const label = { fill: '#2f6d9e' };

/** Front of a resident identity card (GA 490): name, sex, ethnicity, birth, address, number, portrait at the right. */
export function idCardFront(person: SpecimenPerson, options: DocumentOptions = {}): Promise<Buffer> {
  const ethnicity = text(420, 225, 34, '民族', label) + text(510, 225, 42, person.ethnicity);
  return residentFront(person, person.number, ethnicity, options);
}

/** Front of a residence permit of somebody from Hong Kong, Macao or Taiwan: the same without ethnicity. */
export function residencePermitFront(person: SpecimenPerson, options: DocumentOptions = {}): Promise<Buffer> {
  return residentFront(person, person.residenceNumber, '', options);
}

function residentFront(
  person: SpecimenPerson,
  number: string,
  ethnicity: string,
  options: DocumentOptions,
): Promise<Buffer> {
  const [year, month, day] = person.birthdate.split('-').map(Number);
  const picture = jpeg(width, height, [
    paper(width, height, '#e6eef3'),
    text(95, 130, 34, '姓名', label),
    block(205, 132, 46, person.name, { width: 570, lines: 2 }),
    text(95, 225, 34, '性别', label),
    text(205, 225, 42, person.sex === 'male' ? '男' : '女'),
    ethnicity,
    text(95, 320, 34, '出生', label),
    text(205, 320, 42, String(year)) + text(315, 320, 34, '年', label),
    text(385, 320, 42, String(month), { anchor: 'middle' }) + text(425, 320, 34, '月', label),
    text(495, 320, 42, String(day), { anchor: 'middle' }) + text(535, 320, 34, '日', label),
    text(95, 415, 34, '住址', label),
    block(205, 415, 42, person.address, { width: 560, lines: 3, leading: 1.4 }),
    text(95, 712, 34, '公民身份号码', label),
    typed(430, 714, 52, 39, number),
    portrait({ left: 830, top: 120, width: 370, height: 470 }, number, options.portrait),
    mark(width),
  ]);
  return stamped(picture, options.qr);
}

/** Back of a resident identity card: issuer and validity. */
export function idCardBack(person: SpecimenPerson, options: DocumentOptions = {}): Promise<Buffer> {
  return back('居民身份证', 92, person, '', options);
}

/** Back of a residence permit: also the number of the travel permit. `place` decides which title it has. */
export function residencePermitBack(person: SpecimenPerson, options: DocumentOptions = {}): Promise<Buffer> {
  const taiwan = person.residenceNumber.startsWith('83');
  const permit = taiwan ? person.taiwanPermit : person.hkMacaoPermit;
  const extra =
    text(270, 745, 34, '通行证号码') + text(490, 745, 40, permit) + text(830, 745, 34, '签发次数  01');
  return back(taiwan ? '台湾居民居住证' : '港澳居民居住证', 76, person, extra, options);
}

function back(
  title: string,
  size: number,
  person: SpecimenPerson,
  extra: string,
  options: DocumentOptions,
): Promise<Buffer> {
  const picture = jpeg(width, height, [
    paper(width, height, '#efe9dc', '#b0803c22'),
    emblem(215, 235, 120),
    text(765, 210, 62, '中华人民共和国', { anchor: 'middle', spacing: 14 }),
    text(765, 345, size, title, { anchor: 'middle', spacing: 18, bold: true }),
    text(305, 590, 36, '签发机关') + text(490, 590, 40, person.authority),
    text(305, 672, 36, '有效期限') + text(490, 672, 40, validity(person)),
    extra,
    mark(width),
  ]);
  return stamped(picture, options.qr);
}

export const validity = ({ validFrom, expiresOn }: SpecimenPerson): string =>
  `${dotted(validFrom)}-${dotted(expiresOn)}`;
