import { digits, pick, systemDice, type Dice } from './dice.ts';
import { creditCode, permanentNumber, residentNumber, type Sex } from './numbers.ts';

export type SpecimenPerson = {
  name: string;
  /** As in a machine-readable zone. */
  latin: { surname: string; given: string };
  sex: Sex;
  ethnicity: string;
  /** ISO date. */
  birthdate: string;
  address: string;
  /** Resident identity number (GB 11643), valid by its check digit. */
  number: string;
  /** Number of a residence permit: regions 810000, 820000 and 830000. */
  residenceNumber: string;
  /** Number of the foreign permanent resident card, form of 2023, of a citizen of Canada. */
  permanentNumber: string;
  /** Chinese passport number. */
  passport: string;
  hkMacaoPermit: string;
  taiwanPermit: string;
  /** Number of a passport of {@link nationality}. */
  foreignPassport: string;
  /** ISO 3166-1 alpha-3 of the foreign documents; `UTO` is the state of ICAO's own specimens. */
  nationality: string;
  authority: string;
  /** ISO dates; `long_term` prints 长期. */
  validFrom: string;
  expiresOn: string;
};

export type SpecimenCompany = {
  name: string;
  /** Unified social credit code (GB 32100), valid by both check digits. */
  code: string;
  type: string;
  legalRepresentative: string;
  /** ISO dates; `long_term` prints 长期. */
  foundedOn: string;
  expiresOn: string;
  address: string;
  scope: string;
};

const pad = (value: number) => String(value).padStart(2, '0');

/** Defaults are consistent with one another; what `over` names wins, and birth date and sex follow a given number. */
export function specimenPerson(over: Partial<SpecimenPerson> = {}, dice: Dice = systemDice): SpecimenPerson {
  const given = over.number?.length === 18 ? over.number : undefined;
  const drawn = pick(dice, ['male', 'female'] as const);
  const odd = given && Number(given.charAt(16)) % 2 === 1;
  const sex = over.sex ?? (given ? (odd ? 'male' : 'female') : drawn);
  const day = `${1970 + dice.int(30)}-${pad(1 + dice.int(12))}-${pad(1 + dice.int(28))}`;
  const inNumber = given && `${given.slice(6, 10)}-${given.slice(10, 12)}-${given.slice(12, 14)}`;
  const birthdate = over.birthdate ?? inNumber ?? day;
  const [character, latin] = pick(dice, modestNames);
  return {
    name: pick(dice, ['样本', '范例', '示范', '测试']) + character,
    latin: { surname: 'SPECIMEN', given: latin },
    sex,
    ethnicity: '汉',
    birthdate,
    address: '北京市朝阳区样本路 1 号',
    number: residentNumber(birthdate, sex, '110105', dice),
    residenceNumber: residentNumber(birthdate, sex, pick(dice, ['810000', '820000', '830000']), dice),
    permanentNumber: permanentNumber(birthdate, sex, '124', dice),
    passport: `E${digits(dice, 8)}`,
    hkMacaoPermit: pick(dice, ['H', 'M']) + digits(dice, 8),
    taiwanPermit: digits(dice, 8),
    foreignPassport: `L${digits(dice, 6)}C${digits(dice, 1)}`,
    nationality: 'UTO',
    authority: '北京市公安局朝阳分局',
    validFrom: '2020-01-01',
    expiresOn: '2040-01-01',
    ...over,
  };
}

const modestNames = [
  ['一', 'YI'],
  ['二', 'ER'],
  ['三', 'SAN'],
  ['雨', 'YU'],
  ['禾', 'HE'],
  ['安', 'AN'],
] as const;

const surnames =
  '王WANG 李LI 张ZHANG 刘LIU 陈CHEN 杨YANG 黄HUANG 赵ZHAO 吴WU 周ZHOU 徐XU 孙SUN 马MA 朱ZHU 胡HU 郭GUO 何HE 林LIN 高GAO 罗LUO ' +
  '欧阳OUYANG 司马SIMA 诸葛ZHUGE 上官SHANGGUAN';
const givenNames =
  '伟WEI 芳FANG 娜NA 敏MIN 静JING 丽LI 强QIANG 磊LEI 军JUN 洋YANG 勇YONG 艳YAN 杰JIE 娟JUAN 涛TAO 明MING 超CHAO 秀英XIUYING 霞XIA 平PING ' +
  '刚GANG 桂英GUIYING 文博WENBO 子涵ZIHAN 雨桐YUTONG 浩然HAORAN 欣怡XINYI 梓轩ZIXUAN 思远SIYUAN 嘉怡JIAYI';
const rareGivenNames = '赟YUN 翾XUAN 翀CHONG 婳HUA 鋆YUN 韡WEI 喆ZHE 玥YUE 垚YAO 旻MIN 昶CHANG 祎YI';

/** `plain`: everyday characters; `rare`: with one that smaller dictionaries miss; `dotted`, `long`: parts joined by `·`. */
export type NameKind = 'plain' | 'rare' | 'dotted' | 'long';

export function specimenName(
  kind: NameKind,
  dice: Dice = systemDice,
): Pick<SpecimenPerson, 'name' | 'latin'> {
  if (kind === 'dotted') return joined(pick(dice, ['阿不都热合曼·买买提', '古丽娜尔·艾合买提', '扎西·次仁']));
  if (kind === 'long') {
    return joined(
      '阿布都热合曼·买买提艾力·吐尔逊江·艾合买提·努尔麦麦提·阿卜杜外力·玉素甫江·库尔班江·肉孜·塔依尔',
    );
  }
  const [surname, latinSurname] = split(pick(dice, surnames.split(' ')));
  const [given, latinGiven] = split(pick(dice, (kind === 'rare' ? rareGivenNames : givenNames).split(' ')));
  return { name: surname + given, latin: { surname: latinSurname, given: latinGiven } };
}

const joined = (name: string) => ({ name, latin: { surname: 'SPECIMEN', given: 'DOTTED NAME' } });

function split(entry: string): [string, string] {
  const at = entry.search(/[A-Z]/);
  return [entry.slice(0, at), entry.slice(at)];
}

/** A person as various as real ones: name, people, district, authority. */
export function variousPerson(over: Partial<SpecimenPerson> = {}, dice: Dice = systemDice): SpecimenPerson {
  const [region, district, office] = pick(dice, districts);
  const plain = specimenPerson({}, dice);
  const { birthdate, sex } = { ...plain, ...over };
  return specimenPerson(
    {
      birthdate,
      sex,
      ...specimenName('plain', dice),
      ethnicity: pick(dice, ['汉', '汉', '汉', '回', '满', '蒙古', '维吾尔', '壮', '藏']),
      address: `${district}${pick(dice, ['样本', '幸福', '建设', '人民'])}路${1 + dice.int(200)}号${1 + dice.int(30)}栋${101 + dice.int(2400)}室`,
      number: residentNumber(birthdate, sex, region, dice),
      authority: office,
      ...over,
    },
    dice,
  );
}

const districts = [
  ['110105', '北京市朝阳区', '北京市公安局朝阳分局'],
  ['310101', '上海市黄浦区', '上海市公安局黄浦分局'],
  ['440305', '广东省深圳市南山区', '深圳市公安局南山分局'],
  ['510107', '四川省成都市武侯区', '成都市公安局武侯区分局'],
  ['330106', '浙江省杭州市西湖区', '杭州市公安局西湖区分局'],
  ['652901', '新疆维吾尔自治区阿克苏市', '阿克苏市公安局'],
] as const;

export function specimenCompany(
  over: Partial<SpecimenCompany> = {},
  dice: Dice = systemDice,
): SpecimenCompany {
  return {
    name: '样本科技有限公司',
    code: creditCode(dice),
    type: '有限责任公司（自然人投资或控股）',
    legalRepresentative: '样本法人',
    foundedOn: '2015-01-01',
    expiresOn: 'long_term',
    address: '北京市朝阳区样本路 1 号 2 层 201 室',
    scope:
      '技术开发、技术咨询、技术服务；人力资源服务；软件开发；计算机系统服务；经济贸易咨询。' +
      '（依法须经批准的项目，经相关部门批准后方可开展经营活动。）',
    ...over,
  };
}

/** A company as various as real ones. */
export function variousCompany(
  over: Partial<SpecimenCompany> = {},
  dice: Dice = systemDice,
): SpecimenCompany {
  const [, district] = pick(dice, districts);
  const place = district.replace(/^.+[省区](?=.+市)/, '').replace(/市.*$/, '');
  const word = pick(dice, ['样本', '明远', '和悦', '启航', '云帆', '鼎新']);
  const trade = pick(dice, ['科技', '网络技术', '人力资源', '信息咨询', '教育科技', '供应链管理']);
  return specimenCompany(
    {
      name: `${place}${word}${trade}有限公司`,
      legalRepresentative: specimenName('plain', dice).name,
      type: pick(dice, ['有限责任公司（自然人投资或控股）', '有限责任公司（自然人独资）', '有限责任公司']),
      foundedOn: `${2001 + dice.int(22)}-${pad(1 + dice.int(12))}-${pad(1 + dice.int(28))}`,
      expiresOn: pick(dice, ['long_term', '2041-05-19']),
      address: `${district}样本路${1 + dice.int(99)}号${1 + dice.int(20)}层`,
      ...over,
    },
    dice,
  );
}
