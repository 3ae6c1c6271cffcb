import type { Row } from './rows.ts';
import type { Shown } from './picture-reading.ts';

/** What speaks for a document and how much; two points are needed, and the first mark or another worth as much. */
type Mark = readonly [points: number, pattern: RegExp];

const marks: { readonly [shown in Exclude<Shown, 'nothing' | 'unknown'>]: readonly Mark[] } = {
  resident_id_front: [
    [2, /公民身[份分]|身[份分]号码/u],
    [1, /民族/u],
    [0.5, /姓名/u],
    [0.5, /住址/u],
    [0.5, /性别/u],
    [0.5, /出生/u],
    [-3, /国籍|nationality|通行证|永久居留/iu],
  ],
  resident_id_back: [
    [2, /居民身[份分]证/u],
    [1, /签发机关/u],
    [1, /有效期/u],
    [0.5, /中华人民共和国/u],
    [-3, /姓名|出生|性别|国籍|居住证|通行证|永久居留|营业/u],
  ],
  residence_permit_front: [],
  residence_permit_back: [
    [3, /居民居住证|居住证/u],
    [1, /通行证号码/u],
    [0.5, /签发次数/u],
    [0.5, /签发机关/u],
    [0.5, /有效期/u],
  ],
  permanent_resident_front: [
    [3, /永久居留|permanent ?resident/iu],
    [1, /国籍|nationality/iu],
    [0.5, /证件号码|card ?no/iu],
    [-2, /换证次数|曾持证件/u],
  ],
  permanent_resident_back: [
    [3, /换证次数|曾持证件/u],
    [1, /永久居留|permanent ?resident/iu],
  ],
  hk_macao_permit_front: [
    [3, /来往内地通行证|permit ?for ?(?:hong ?kong|HK)/iu],
    [1, /港澳居民/u],
    [0.5, /出生日期/u],
  ],
  hk_macao_permit_back: [
    [2, /其他姓名|港澳(?:身份证|证件)|香港.{0,4}身份证|澳门.{0,4}身份证/u],
    [1, /港澳居民|持证人/u],
  ],
  taiwan_permit_front: [
    [3, /来往大陆通行证|permit ?for ?taiwan/iu],
    [1, /台湾居民/u],
    [0.5, /出生日期/u],
  ],
  taiwan_permit_back: [
    [2, /台湾.{0,6}身份证|身份证号码?[A-Z]\d{9}/u],
    [1, /台湾居民|持证人/u],
  ],
  passport_page: [
    [2, /护照|passport/iu],
    [2.5, /P[A-Z0-9<][A-Z0-9]{3}[A-Z]{2,}<+[A-Z<]*/u],
    [-2, /通行证|营业执照|居住证/u],
  ],
  licence: [
    [3, /营业执照/u],
    [2, /统一社会信用代码|社会信用代码/u],
    [2, /事业单位法人证书|法人登记证书|民办非企业|执业许可证/u],
    [1, /法定代表人/u],
    [1, /经营范围/u],
    [1, /注册资本/u],
    [0.5, /登记机关/u],
  ],
  supporting: [
    [1, /1[3-9]\d[ -]?\d{4}[ -]?\d{4}/u],
    [1, /[\w.-]+@[\w-]+\.\w+/u],
    [1, /经理|总监|主管|顾问|专员|工程师|助理|董事|招聘|HR(?:BP)?\b/u],
    [1.5, /工[号牌]|工作证|部门|职[务位]/u],
    [0.5, /公司|集团|Co\.|Ltd/iu],
    [-2, /营业执照|身份证|护照|通行证|居住证|统一社会信用/u],
  ],
};

/** What is not text of a document: a picture with less than this many characters shows none. */
const least = 4;

/** What the text of a picture says it shows. A card's number and its zone are weighed by the caller. */
export function whatIsShown(rows: readonly Row[], extra: { readonly [shown in Shown]?: number } = {}): Shown {
  const text = rows.map((row) => row.text).join('\n');
  if (text.replace(/[^\p{L}\p{N}]/gu, '').length < least && Object.keys(extra).length === 0) return 'nothing';
  const scores = Object.entries(marks).map(([shown, list]) => {
    const points = list.reduce((sum, [worth, pattern]) => sum + (pattern.test(text) ? worth : 0), 0);
    return { shown: shown as Shown, points: points + (extra[shown as Shown] ?? 0) };
  });
  const best = scores.reduce((a, b) => (b.points > a.points ? b : a));
  return best.points >= 2 ? best.shown : 'unknown';
}
