import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPicture } from '../../../src/verification/reading/read-picture.ts';
import { confirmSupporting } from '../../../src/verification/reading/supporting.ts';
import { creditCode } from '../../support/specimens.ts';
import { goodQuality, seenOf, type Run } from './layout.ts';

const today = '2026-06-01';
const code = '91440300192317458F';

const portrait = (printed = code): Run[] => [
  [500, 100, '营业执照', 70],
  [200, 220, `统一社会信用代码${printed}`],
  [200, 330, '名'],
  [300, 330, '称'],
  [400, 330, '样本市范例信息科技发展'],
  [400, 390, '有限公司'],
  [200, 470, '类'],
  [300, 470, '型'],
  [400, 470, '有限责任公司(自然人独资)'],
  [200, 550, '法定代表人'],
  [450, 550, '测试安'],
  [200, 630, '经营范围'],
  [400, 630, '样本软件开发;样本技术咨询;'],
  [400, 690, '名称不在这里的一行'],
  [200, 770, '成立日期'],
  [400, 770, '2015年01月20日'],
  [200, 850, '营业期限'],
  [400, 850, '2015年01月20日至长期'],
];

const landscape: Run[] = [
  [600, 100, '营业执照', 70],
  [100, 160, '统一社会信用代码'],
  [100, 210, code],
  [100, 330, '名称'],
  [250, 330, '样本市范例信息科技'],
  [900, 330, '注册资本'],
  [1100, 330, '壹佰万元整'],
  [250, 390, '发展有限公司'],
  [900, 400, '成立日期'],
  [1100, 400, '2015年01月20日'],
  [100, 470, '类型'],
  [250, 470, '有限责任公司'],
  [900, 470, '营业期限'],
  [1100, 470, '2015年01月20日至2035年01月'],
  [1100, 520, '19日'],
  [100, 540, '法定代表人'],
  [350, 540, '测试安'],
  [900, 540, '住所'],
  [1100, 540, '样本市范例路一号'],
];

const quality = { ...goodQuality, width: 1600, height: 1130 };
const read = (runs: readonly Run[], codes: string[] = []) =>
  readPicture('licence', seenOf(runs, { quality, codes }), today);

describe('a business licence', () => {
  it.each([
    ['upright', portrait(), '样本市范例信息科技发展有限公司', '有限责任公司(自然人独资)', 'long_term'],
    ['across, in two columns', landscape, '样本市范例信息科技发展有限公司', '有限责任公司', '2035-01-19'],
  ])('is read %s', (_, runs, companyName, companyType, expiresOn) => {
    const { shows, fields } = read(runs);
    expect(shows).toBe('licence');
    expect(fields).toMatchObject({
      creditCode: { value: code },
      companyName: { value: companyName },
      companyType: { value: companyType },
      legalRepresentative: { value: '测试安' },
      validFrom: { value: '2015-01-20' },
      expiresOn: { value: expiresOn },
    });
    expect(fields.creditCode?.doubt).toBeUndefined();
  });

  it('takes the code from the QR code where the print is illegible', () => {
    const { fields } = read(portrait('9144030O1923'), [`https://example.test/?uscc=${code}&x=1`]);
    expect(fields.creditCode?.value).toBe(code);
  });

  it('doubts a printed code that is not that of the QR code', () => {
    expect(read(portrait(), ['914403001922038216']).fields.creditCode).toMatchObject({
      value: code,
      doubt: 'sources_differ',
    });
  });

  it('replaces letters that no code has', () => {
    expect(read(portrait(code.replaceAll('0', 'O'))).fields.creditCode).toMatchObject({
      value: code,
      doubt: 'corrected',
    });
  });

  it('hands on a code that fits nothing, with the doubt', () => {
    expect(read(portrait('91350211M0000XUF46')).fields.creditCode).toMatchObject({ doubt: 'check_digit' });
  });

  it('never takes a wrong code for sure, whichever character was misread', () => {
    const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXYOISZV';
    fc.assert(
      fc.property(fc.nat(17), fc.constantFrom(...alphabet), (at, character) => {
        const right = creditCode();
        const { fields } = read(portrait(right.slice(0, at) + character + right.slice(at + 1)));
        if (fields.creditCode && fields.creditCode.doubt === undefined)
          expect(fields.creditCode.value).toBe(right);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a business card or badge', () => {
  const runs: Run[] = [
    [100, 100, '样本市范例信息科技发展有限公司'],
    [100, 200, '测试安'],
    [300, 200, '招聘经理'],
    [100, 300, '13800138000'],
    [100, 360, 'ceshi@example.test'],
  ];
  const expected = { name: '测试安', company: '样本市范例信息科技发展有限公司' };

  it('is known as supporting evidence', () => {
    expect(read(runs).shows).toBe('supporting');
  });

  it('confirms the name and the company that stand on it', () => {
    expect(confirmSupporting(seenOf(runs), expected)).toEqual({ name: true, company: true });
  });

  it('confirms a company with one misread character, and no other company or name', () => {
    const misread = runs.map(([x, y, text]): Run => [x, y, text.replace('范', '苑')]);
    expect(confirmSupporting(seenOf(misread), expected).company).toBe(true);
    expect(
      confirmSupporting(seenOf(runs), { name: '测试雨', company: '样本市示范信息咨询有限公司' }),
    ).toEqual({
      name: false,
      company: false,
    });
  });
});
