import type { DocumentOptions } from './cards.ts';
import { block, emblem, ink, jpeg, mark, paper, spelled, text } from './drawing.ts';
import { portrait } from './face.ts';
import { qrPath } from '../../../src/testkit/picture-code.ts';
import { stamped } from './fake-code.ts';
import type { SpecimenCompany, SpecimenPerson } from './people.ts';

/** Business licence, landscape form of 2019, with the code that leads to the public register unless `register` is false. */
export function businessLicence(
  company: SpecimenCompany,
  options: DocumentOptions & { register?: boolean } = {},
): Promise<Buffer> {
  const { foundedOn, expiresOn } = company;
  const term = `${spelled(foundedOn)}至${spelled(expiresOn)}`;
  const registry = `https://register.specimen.example/licence?code=${company.code}`;
  const picture = jpeg(1600, 1130, [
    paper(1600, 1130, '#f6efe0', '#b0803c1c'),
    '<rect x="40" y="60" width="1520" height="1030" fill="none" stroke="#b08a4a" stroke-width="8"/>',
    emblem(800, 140, 58),
    text(800, 300, 92, '营业执照', { anchor: 'middle', spacing: 34, bold: true }),
    text(800, 352, 34, '（副  本）', { anchor: 'middle' }),
    text(110, 190, 30, '统一社会信用代码'),
    text(110, 238, 36, company.code, { bold: true }),
    options.register === false ? '' : qrPath(registry, 1290, 110, 200),
    text(1390, 335, 18, '扫描二维码登录公示系统', { anchor: 'middle' }),
    field(120, 450, '名    称', company.name, 560),
    field(120, 550, '类    型', company.type, 560),
    field(120, 650, '法定代表人', company.legalRepresentative, 560),
    field(120, 750, '经营范围', company.scope, 560, 5),
    field(880, 450, '注册资本', '壹佰万元整', 440),
    field(880, 550, '成立日期', spelled(foundedOn), 440),
    field(880, 650, '营业期限', term, 440),
    field(880, 750, '住    所', company.address, 440),
    text(1060, 970, 32, '登记机关'),
    `<circle cx="1350" cy="960" r="92" fill="none" stroke="#c8463c" stroke-width="5" opacity="0.6"/>`,
    text(1230, 1050, 30, spelled(foundedOn)),
    mark(1600),
  ]);
  return stamped(picture, options.qr);
}

function field(x: number, y: number, name: string, value: string, width: number, lines = 2): string {
  return text(x, y, 32, name, { fill: '#6a4a1a' }) + block(x + 190, y, 30, value, { width, lines });
}

/** Business card of a person at a company: supporting evidence. */
export function businessCard(
  person: SpecimenPerson,
  company: SpecimenCompany,
  options: DocumentOptions = {},
): Promise<Buffer> {
  const picture = jpeg(1080, 640, [
    `<rect width="1080" height="640" fill="#fbfbf8"/><rect y="40" width="26" height="600" fill="#2f6d9e"/>`,
    text(90, 150, 40, company.name),
    text(90, 300, 66, person.name) + text(90 + 80 * [...person.name].length, 300, 32, '招聘经理'),
    text(90, 430, 30, `电话：138 0000 0000`),
    text(90, 485, 30, `邮箱：hr@specimen.example`),
    block(90, 540, 30, `地址：${company.address}`, { width: 900, lines: 2 }),
    mark(1080),
  ]);
  return stamped(picture, options.qr);
}

/** Work badge: company, portrait, name, position. */
export function workBadge(
  person: SpecimenPerson,
  company: SpecimenCompany,
  options: DocumentOptions = {},
): Promise<Buffer> {
  const picture = jpeg(800, 1200, [
    '<rect width="800" height="1200" fill="#f7fafc"/><rect y="40" width="800" height="170" fill="#dbe7f1"/>',
    block(60, 140, 44, company.name, { width: 700, lines: 1 }),
    portrait({ left: 240, top: 260, width: 320, height: 400 }, person.number, options.portrait),
    text(400, 780, 64, person.name, { anchor: 'middle' }),
    text(400, 870, 38, '职务：招聘经理', { anchor: 'middle', fill: ink }),
    text(400, 940, 38, `工号：${company.code.slice(8, 14)}`, { anchor: 'middle' }),
    text(400, 1090, 52, '工作证', { anchor: 'middle', spacing: 16 }),
    mark(800),
  ]);
  return stamped(picture, options.qr);
}
