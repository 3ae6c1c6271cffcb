import { fileURLToPath } from 'node:url';
import PDFDocument from 'pdfkit';
import type { Instant } from '../core/clock.ts';

/** What is filled in on the printed letter of authorisation. */
export type LetterContent = {
  readonly companyName: string;
  readonly creditCode: string;
  readonly personName: string;
  /** `居民身份证 110105********0012`: what kind of document, and its number without the middle. */
  readonly document: string;
  /** First day, yyyy-mm-dd. */
  readonly from: string;
  /** Last day, yyyy-mm-dd; undefined: left to be written by hand. */
  readonly until: string | undefined;
  readonly madeAt: Instant;
};

/** Noto Sans SC (SIL Open Font License 1.1); only the characters that are printed go into the file. */
const font = fileURLToPath(
  import.meta.resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'),
);

/** Points. */
const page = { margin: 72, title: 24, text: 12, small: 9, lead: 26 } as const;

/** The letter as a PDF of one page A4, with room for seal, signatures and date. */
export function drawLetter(content: LetterContent): Promise<Buffer> {
  const created = new Date(content.madeAt);
  const pdf = new PDFDocument({
    size: 'A4',
    margin: page.margin,
    lang: 'zh-CN',
    font,
    info: {
      Title: '招聘授权书',
      Creator: 'Shiming',
      Producer: 'Shiming',
      CreationDate: created,
      ModDate: created,
    },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
  const width = pdf.page.width - 2 * page.margin;
  pdf.fontSize(page.title).text('招聘授权书', { align: 'center', characterSpacing: 6 });
  pdf.moveDown(1.2).fontSize(page.text);
  rows(pdf, width, [
    ['授权单位', printable(content.companyName)],
    ['统一社会信用代码', content.creditCode],
    ['被授权人', printable(content.personName)],
    ['身份证件', content.document],
    ['授权事项', '招聘'],
    [
      '授权期限',
      `自${inWords(content.from)}起至${content.until ? inWords(content.until) : '　　　　年　　月　　日'}止`,
    ],
  ]);
  pdf.moveDown(1);
  for (const paragraph of paragraphs) {
    pdf.text(paragraph, page.margin, undefined, {
      width,
      indent: 2 * page.text,
      lineGap: 7,
      paragraphGap: 6,
    });
  }
  signatures(pdf, width);
  pdf.fontSize(page.small).fillColor('#555555');
  pdf.text(note, page.margin, pdf.page.height - page.margin - 44, { width, lineGap: 3 });
  pdf.end();
  return done;
}

const paragraphs = [
  '我单位授权上述人员作为招聘经办人，在招聘平台上代表我单位发布和管理招聘信息、查阅应聘人员提供的资料，并就招聘事宜与应聘人员联系。',
  '我单位确认上述人员与我单位存在真实的劳动或委托关系；授权期限内如授权撤销、人员离职或单位信息变更，我单位将及时告知平台。',
  '未经我单位另行书面同意，被授权人不得转授权。',
];

const note =
  '填写说明：请由单位加盖公章，法定代表人或负责人与被授权人签字并写明日期，然后拍照或扫描上传。' +
  '未写明截止日期的，授权在单位认证有效期间持续有效。姓名中留空的字请手写。';

function rows(pdf: PDFKit.PDFDocument, width: number, lines: readonly (readonly [string, string])[]): void {
  const label = 120;
  for (const [name, value] of lines) {
    const top = pdf.y;
    const height = Math.max(page.lead, pdf.heightOfString(value, { width: width - label - 16 }) + 12);
    pdf.lineWidth(0.6).strokeColor('#888888');
    pdf.rect(page.margin, top, label, height).stroke();
    pdf.rect(page.margin + label, top, width - label, height).stroke();
    pdf.fillColor('#000000').text(name, page.margin + 8, top + 5, { width: label - 16 });
    pdf.text(value, page.margin + label + 8, top + 5, { width: width - label - 16 });
    pdf.x = page.margin;
    pdf.y = top + height;
  }
}

function signatures(pdf: PDFKit.PDFDocument, width: number): void {
  const top = pdf.y + 30;
  const right = page.margin + width / 2 + 10;
  const space = '　　　　年　　月　　日';
  pdf.text('被授权人（签字）：', page.margin, top);
  pdf.text(`日期：${space}`, page.margin, top + 60);
  pdf.text('授权单位（盖章）：', right, top);
  pdf.text('法定代表人或负责人（签字）：', right, top + 60);
  pdf.text(`日期：${space}`, right, top + 120);
}

/** `2026年11月23日` of `2026-11-23`. */
function inWords(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}

/** The font ends with the basic multilingual plane; a rarer character is left to be written by hand. */
function printable(text: string): string {
  return text.replaceAll(/[\u{10000}-\u{10FFFF}]/gu, '　');
}
