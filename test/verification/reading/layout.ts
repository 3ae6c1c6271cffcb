import type { DocumentSeen, PictureQuality, Point, TextLine } from '../../../src/verification/recogniser.ts';

/** A run of text on a drawn document: left edge, middle and height in pixels. */
export type Run = readonly [x: number, y: number, text: string, height?: number];

export type Distortion = {
  /** Degrees, clockwise, about the middle of the picture. */
  readonly angle?: number;
  /** Called once for each run; pixels up or down. */
  readonly jitter?: (index: number) => number;
  readonly confidence?: (text: string) => number;
};

export const goodQuality: PictureQuality = {
  width: 1280,
  height: 808,
  sharpness: 400,
  brightness: 0.6,
  glare: [],
  colour: 0.08,
  screen: 0.05,
};

/** What a recogniser would see of such a document. */
export function seenOf(runs: readonly Run[], over: Partial<DocumentSeen> & Distortion = {}): DocumentSeen {
  const { angle = 0, jitter = () => 0, confidence = () => 0.98, ...seen } = over;
  const quality = over.quality ?? goodQuality;
  const lines = runs.map(([x, y, text, height = 40], index): TextLine => {
    const width = [...text].reduce(
      (sum, c) => sum + (/[\p{Script=Han}·]/u.test(c) ? 0.84 : 0.45) * height,
      0,
    );
    const top = y - height / 2 + jitter(index);
    const right = x + width + 0.2 * height;
    const corner = (px: number, py: number): Point => turn(px, py, angle, quality);
    return {
      text,
      confidence: confidence(text),
      quad: [corner(x, top), corner(right, top), corner(right, top + height), corner(x, top + height)],
    };
  });
  return { quality, rotation: 0, lines, zones: [], codes: [], ...seen };
}

/** As if the picture lay on its side; quads keep to the direction of the text. */
function turn(x: number, y: number, degrees: number, { width, height }: PictureQuality): Point {
  const angle = (degrees * Math.PI) / 180;
  const [dx, dy] = [x - width / 2, y - height / 2];
  return [
    width / 2 + dx * Math.cos(angle) - dy * Math.sin(angle),
    height / 2 + dx * Math.sin(angle) + dy * Math.cos(angle),
  ];
}

export type Card = {
  readonly name: string;
  readonly sex: '男' | '女';
  readonly birth: string;
  readonly number: string;
};

export const card: Card = { name: '范例', sex: '女', birth: '1949-12-31', number: '11010519491231002X' };

/** Front of a resident identity card, labels apart from values as the detector usually finds them. */
export function cardFront({ name, sex, birth, number }: Card = card): Run[] {
  const [year = '', month = '', day = ''] = birth.split('-');
  return [
    [90, 100, '姓名'],
    [220, 100, name],
    [90, 190, '性别'],
    [220, 190, sex],
    [400, 190, '民族'],
    [520, 190, '汉'],
    [90, 280, '出生'],
    [220, 280, `${year}年${Number(month)}月${Number(day)}日`],
    [90, 370, '住址'],
    [220, 370, '北京市朝阳区样本路一号样本'],
    [220, 430, '小区二号楼三单元'],
    [90, 700, '公民身份号码'],
    [430, 700, number],
  ];
}

/** The same with labels glued to their values. */
export function gluedFront(one: Card = card): Run[] {
  const [year = '', month = '', day = ''] = one.birth.split('-');
  return [
    [90, 100, `姓名${one.name}`],
    [90, 190, `性别${one.sex}民族汉`],
    [90, 280, `出生${year}年${Number(month)}月${Number(day)}日`],
    [90, 370, '住址北京市朝阳区样本路一号样本'],
    [220, 430, '小区二号楼三单元'],
    [90, 700, `公民身份号码${one.number}`],
  ];
}

export const cardBack: Run[] = [
  [360, 180, '中华人民共和国', 60],
  [380, 290, '居民身份证', 70],
  [300, 580, '签发机关'],
  [500, 580, '北京市公安局朝阳分局'],
  [300, 680, '有效期限'],
  [500, 680, '2020.03.02-2040.03.02'],
];
