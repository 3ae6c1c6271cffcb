import type { DocumentOptions } from './cards.ts';
import { jpeg, mark, paper, text, typed } from './drawing.ts';
import { portrait } from './face.ts';
import { stamped } from './fake-code.ts';
import { passportZone } from './numbers.ts';
import type { SpecimenPerson } from './people.ts';

/** TD3, 125 × 88 mm at 285 dots per inch; characters of the zone stand 2.54 mm apart (ICAO 9303 part 4). */
const width = 1400;
const height = 980;
const pitch = 28.4;
const small = { fill: '#4a5568' };
const months = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

/** Data page of a Chinese passport; with `foreign`, of a passport of the person's {@link SpecimenPerson.nationality}. */
export function passportPage(
  person: SpecimenPerson,
  options: DocumentOptions & { foreign?: boolean } = {},
): Promise<Buffer> {
  const { latin, birthdate, sex, validFrom, expiresOn } = person;
  const foreign = options.foreign === true;
  const number = foreign ? person.foreignPassport : person.passport;
  const state = foreign ? person.nationality : 'CHN';
  const zone = { code: foreign ? 'P' : 'PO', issuer: state, nationality: state, number };
  const lines = passportZone({ ...zone, birthdate, expiresOn, sex, ...latin });
  const letter = sex === 'male' ? 'M' : 'F';
  const fields: readonly Field[] = foreign
    ? [
        [440, 230, 'Surname', latin.surname],
        [440, 330, 'Given names', latin.given],
        [440, 430, 'Nationality', state === 'UTO' ? 'UTOPIAN' : state],
        [440, 530, 'Date of birth', english(birthdate)],
        [860, 530, 'Sex', letter],
        [1010, 530, 'Place of birth', 'SPECIMEN CITY'],
        [440, 630, 'Date of issue', english(validFrom)],
        [860, 630, 'Date of expiry', english(expiresOn)],
        [440, 730, 'Authority', 'SPECIMEN PASSPORT OFFICE'],
      ]
    : [
        [440, 230, '姓名/Name', person.name],
        [860, 230, '', `${latin.surname}, ${latin.given}`],
        [440, 330, '性别/Sex', `${sex === 'male' ? '男' : '女'}/${letter}`],
        [700, 330, '国籍/Nationality', '中国/CHINESE'],
        [1050, 330, '出生日期/Date of birth', chinese(birthdate)],
        [440, 430, '出生地点/Place of birth', '北京/BEIJING'],
        [1050, 430, '签发日期/Date of issue', chinese(validFrom)],
        [440, 530, '签发地点/Place of issue', '北京/BEIJING'],
        [1050, 530, '有效期至/Date of expiry', chinese(expiresOn)],
        [440, 630, '签发机关/Authority', '公安部出入境管理局'],
        [440, 690, '', 'MPS Exit & Entry Administration'],
      ];
  const picture = jpeg(width, height, [
    paper(width, height, '#e9eadf', '#8a6a3a22'),
    text(70, 120, 44, foreign ? 'PASSPORT' : '护照 PASSPORT', { bold: true }),
    ...(
      [
        [440, 120, foreign ? 'Type' : '类型/Type', 'P'],
        [620, 120, foreign ? 'Code' : '国家码/Country code', state],
        [960, 120, foreign ? 'Passport No.' : '护照号/Passport No.', number],
        ...fields,
      ] as const
    ).map(drawn),
    portrait({ left: 70, top: 190, width: 320, height: 420 }, number, options.portrait),
    '<rect y="800" width="1400" height="180" fill="#f4f4ee"/>',
    ...lines.map((line, at) => typed(72, 868 + at * 68, 42, pitch, line)),
    mark(width),
  ]);
  return stamped(picture, options.qr);
}

type Field = readonly [x: number, y: number, name: string, value: string];

function drawn([x, y, name, value]: Field): string {
  return text(x, y - 40, 20, name, small) + text(x, y, 34, value);
}

function english(day: string): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return `${date} ${months[Number(month) - 1]} ${year}`;
}

function chinese(day: string): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return `${date} ${Number(month)}月/${months[Number(month) - 1]} ${year}`;
}
