import { randomInt } from 'node:crypto';
import sharp from 'sharp';

/** Pictures of documents and faces that nobody has, drawn on the spot and marked as specimens. */

export type SpecimenPerson = {
  name: string;
  sex: 'male' | 'female';
  /** Resident identity number (GB 11643), valid by its check digit. */
  number: string;
  /** Chinese passport number. */
  passport: string;
  /** ISO date. */
  birthdate: string;
  address: string;
};

export type SpecimenCompany = {
  name: string;
  /** Unified social credit code (GB 32100), valid by both check digits. */
  code: string;
  legalRepresentative: string;
};

const digits = (count: number) => Array.from({ length: count }, () => randomInt(10)).join('');
const pad = (value: number, width = 2) => String(value).padStart(width, '0');
const pick = <T>(values: readonly [T, ...T[]]): T => values[randomInt(values.length)] ?? values[0];

export function specimenPerson(over: Partial<SpecimenPerson> = {}): SpecimenPerson {
  const sex = over.sex ?? pick(['male', 'female']);
  const birthdate =
    over.birthdate ?? `${1970 + randomInt(30)}-${pad(1 + randomInt(12))}-${pad(1 + randomInt(28))}`;
  return {
    name: pick(['样本', '范例', '示范', '测试']) + pick(['一', '二', '三', '雨', '禾', '安']),
    sex,
    number: identityNumber(birthdate, sex),
    passport: `E${digits(8)}`,
    birthdate,
    address: '北京市朝阳区样本路 1 号',
    ...over,
  };
}

/** A number with a valid check digit; `region` is the six-digit area code. */
function identityNumber(birthdate: string, sex: 'male' | 'female', region = '110105'): string {
  const sequence = randomInt(500) * 2 + (sex === 'male' ? 1 : 0);
  const body = region + birthdate.replaceAll('-', '') + pad(sequence % 1000, 3);
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return body + '10X98765432'.charAt(weightedSum(body, weights, '0123456789') % 11);
}

export function specimenCompany(over: Partial<SpecimenCompany> = {}): SpecimenCompany {
  return { name: '样本科技有限公司', code: creditCode(), legalRepresentative: '样本法人', ...over };
}

/** A unified social credit code whose organisation code (GB 11714) and own check digit are valid. */
export function creditCode(): string {
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  const organisation = digits(8);
  const rest = 11 - (weightedSum(organisation, [3, 7, 9, 10, 5, 8, 4, 2], '0123456789') % 11);
  const body = `91110105${organisation}${rest === 10 ? 'X' : rest === 11 ? '0' : String(rest)}`;
  const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
  return body + alphabet.charAt((31 - (weightedSum(body, weights, alphabet) % 31)) % 31);
}

function weightedSum(text: string, weights: readonly number[], alphabet: string): number {
  return weights.reduce((sum, weight, at) => sum + weight * alphabet.indexOf(text.charAt(at)), 0);
}

/** Front of a resident identity card: portrait, name, number. */
export function idCardFront(person: SpecimenPerson): Promise<Buffer> {
  return jpeg(1280, 808, [
    background(1280, 808, '#dfeaf2'),
    text(90, 130, 44, `姓名 ${person.name}`),
    text(90, 220, 40, `性别 ${person.sex === 'male' ? '男' : '女'}    民族 汉`),
    text(90, 310, 40, `出生 ${person.birthdate}`),
    text(90, 400, 40, `住址 ${person.address}`),
    text(90, 710, 46, `公民身份号码 ${person.number}`),
    face(1010, 330, 1.5, person.number),
    mark(1280, 808),
  ]);
}

/** Back of a resident identity card: issuer and validity. */
export function idCardBack(person: SpecimenPerson): Promise<Buffer> {
  return jpeg(1280, 808, [
    background(1280, 808, '#e9e3d5'),
    text(360, 200, 64, '中华人民共和国'),
    text(420, 310, 72, '居民身份证'),
    text(300, 580, 40, `签发机关 ${person.address.slice(0, 6)}公安局`),
    text(300, 680, 40, '有效期限 2020.01.01-2040.01.01'),
    mark(1280, 808),
  ]);
}

/** Data page of a passport. */
export function passportPage(person: SpecimenPerson): Promise<Buffer> {
  return jpeg(1400, 980, [
    background(1400, 980, '#e5e8da'),
    text(520, 150, 52, '护照 PASSPORT'),
    text(520, 280, 40, `护照号 ${person.passport}`),
    text(520, 380, 40, `姓名 ${person.name}`),
    text(520, 480, 40, `出生日期 ${person.birthdate}`),
    text(60, 850, 40, 'POCHNSPECIMEN&lt;&lt;PERSON&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;'),
    text(60, 920, 40, `${person.passport}&lt;0CHN&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;`),
    face(260, 400, 1.6, person.passport),
    mark(1400, 980),
  ]);
}

export function businessLicence(company: SpecimenCompany): Promise<Buffer> {
  return jpeg(1600, 1130, [
    background(1600, 1130, '#f6efe0'),
    text(640, 180, 84, '营业执照'),
    text(180, 330, 44, `统一社会信用代码 ${company.code}`),
    text(180, 470, 44, `名称 ${company.name}`),
    text(180, 590, 44, `法定代表人 ${company.legalRepresentative}`),
    text(180, 710, 44, '营业期限 2015-01-01 至 长期'),
    mark(1600, 1130),
  ]);
}

export function selfie(person: SpecimenPerson): Promise<Buffer> {
  return jpeg(960, 1280, selfieParts(person));
}

/** The person holding the front of the card. */
export async function handHeld(person: SpecimenPerson): Promise<Buffer> {
  const card = await sharp(await idCardFront(person))
    .resize(520)
    .toBuffer();
  return sharp(await selfie(person))
    .composite([{ input: card, left: 220, top: 880 }])
    .jpeg({ quality: 88 })
    .toBuffer();
}

/** The same picture with the given longest side and noise, as large as a phone makes it (12 MP: 4032). */
export async function enlarge(picture: Buffer, longest = 4032): Promise<Buffer> {
  const resized = sharp(picture).resize(longest, longest, { fit: 'inside', kernel: 'cubic' });
  const { data, info } = await resized.toBuffer({ resolveWithObject: true });
  const grain = await sharp({
    create: {
      width: info.width,
      height: info.height,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma: 12 },
    },
  })
    .png({ compressionLevel: 0 })
    .toBuffer();
  return sharp(data)
    .composite([{ input: grain, blend: 'soft-light' }])
    .jpeg({ quality: 95 })
    .toBuffer();
}

/** The picture stored lying on its side, with the EXIF orientation that turns it upright again. */
export function turnedByExif(picture: Buffer): Promise<Buffer> {
  return sharp(picture).rotate(-90).withMetadata({ orientation: 6 }).jpeg({ quality: 88 }).toBuffer();
}

/** The picture with camera and GPS metadata: 39°54′ N, 116°23′ E. */
export function withGps(picture: Buffer): Promise<Buffer> {
  return sharp(picture)
    .withExif({
      IFD0: { Make: 'SpecimenPhone', Model: 'S1', Copyright: 'gps-specimen-owner' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '39/1 54/1 0/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '116/1 23/1 0/1',
      },
    })
    .jpeg({ quality: 88 })
    .toBuffer();
}

function selfieParts(person: SpecimenPerson): string[] {
  return [background(960, 1280, '#c9d3cf'), face(480, 520, 3, person.number), mark(960, 1280)];
}

function jpeg(width: number, height: number, parts: readonly string[]): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${parts.join('')}</svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer();
}

function background(width: number, height: number, colour: string): string {
  const lines = Array.from({ length: 24 }, (_, i) => {
    const y = (height / 24) * i;
    return `<path d="M0 ${y} Q${width / 2} ${y + 40} ${width} ${y}" stroke="#00000018" fill="none"/>`;
  });
  return `<rect width="${width}" height="${height}" fill="${colour}"/>${lines.join('')}`;
}

function text(x: number, y: number, size: number, content: string): string {
  return `<text x="${x}" y="${y}" font-size="${size}" font-family="sans-serif" fill="#222">${content}</text>`;
}

/** A drawn face; `seed` varies the proportions so that two people differ. */
function face(x: number, y: number, scale: number, seed: string): string {
  const vary = (at: number, range: number) => (seed.charCodeAt(seed.length - 1 - at) % range) - range / 2;
  const eye = 30 + vary(1, 8);
  return `<g transform="translate(${x} ${y}) scale(${scale})">
    <path d="M-110 190 Q0 80 110 190 Z" fill="#42566b"/>
    <ellipse rx="${78 + vary(2, 14)}" ry="102" fill="#e8c3a2"/>
    <path d="M-84 -30 Q0 -${150 + vary(3, 20)} 84 -30 Q0 -90 -84 -30" fill="#2b2320"/>
    <ellipse cx="-${eye}" cy="-10" rx="12" ry="7" fill="#fff"/><circle cx="-${eye}" cy="-10" r="5"/>
    <ellipse cx="${eye}" cy="-10" rx="12" ry="7" fill="#fff"/><circle cx="${eye}" cy="-10" r="5"/>
    <path d="M0 -5 L-9 28 L9 28" fill="none" stroke="#a5785a" stroke-width="4"/>
    <path d="M-26 55 Q0 ${72 + vary(4, 10)} 26 55" fill="none" stroke="#9c4a42" stroke-width="6"/>
  </g>`;
}

function mark(width: number, height: number): string {
  return `<text x="${width / 2}" y="${height / 2}" font-size="${width / 11}" font-family="sans-serif"
    text-anchor="middle" fill="#c0000055" transform="rotate(-20 ${width / 2} ${height / 2})">SPECIMEN 样本</text>`;
}
