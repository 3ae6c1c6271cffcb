import { describe, expect, it } from 'vitest';
import { readPicture } from '../../../src/verification/reading/read-picture.ts';
import { seenOf, type Run } from './layout.ts';

const today = '2026-06-01';
const travel = (title: string, number: string): Run[] => [
  [200, 80, title, 50],
  [420, 180, '姓名'],
  [560, 180, '范例'],
  [420, 240, 'SPECIMEN, PERSON'],
  [420, 310, '出生日期'],
  [640, 310, '1988.05.06'],
  [900, 310, '性别'],
  [1000, 310, '女'],
  [420, 420, '有效期限'],
  [640, 420, '2020.03.02-2030.03.01'],
  [420, 520, '签发机关'],
  [640, 520, '公安部出入境管理局'],
  [420, 620, '证件号码'],
  [640, 620, number],
];
const front = (runs: readonly Run[]) => readPicture('document_front', seenOf(runs), today);

describe('the front of a travel permit', () => {
  it.each([
    ['港澳居民来往内地通行证', 'H12345678', 'hk_macao_permit'],
    ['台湾居民来往大陆通行证', '12345678', 'taiwan_permit'],
  ])('%s is read', (title, number, documentType) => {
    const reading = front(travel(title, number));
    expect(reading).toMatchObject({
      shows: `${documentType}_front`,
      documentType,
      fields: {
        name: { value: '范例' },
        sex: { value: 'female' },
        birthDate: { value: '1988-05-06' },
        number: { value: number },
        expiresOn: { value: '2030-03-01' },
      },
    });
    expect(reading.fields.number?.doubt).toBeUndefined();
    expect(reading.fields.expiresOn?.doubt).toBeUndefined();
  });

  it('finds the name where its label was not read', () => {
    const runs = travel('台湾居民来往大陆通行证', '12345678').filter(([, , text]) => text !== '姓名');
    expect(front(runs).fields.name?.value).toBe('范例');
  });

  it('doubts a number in which a letter was taken for a digit: it has no check digit', () => {
    expect(front(travel('港澳居民来往内地通行证', 'H1234567O')).fields.number).toMatchObject({
      value: 'H12345670',
      doubt: 'corrected',
    });
  });

  it('does not take part of a date for the number', () => {
    const runs = travel('台湾居民来往大陆通行证', '').filter(
      ([, , text]) => text !== '' && text !== '证件号码',
    );
    expect(front(runs).fields.number).toBeUndefined();
  });
});

describe('the permanent resident card', () => {
  const runs: Run[] = [
    [200, 60, '中华人民共和国外国人永久居留身份证', 44],
    [200, 120, 'FOREIGN PERMANENT RESIDENT ID CARD', 30],
    [420, 200, '姓名/Name', 26],
    [420, 240, 'SPECIMEN, PERSON'],
    [420, 310, '性别/Sex', 26],
    [700, 310, '出生日期/Date of Birth', 26],
    [420, 350, '女/F'],
    [700, 350, '1981.08.03'],
    [420, 420, '国籍/Nationality', 26],
    [420, 460, '加拿大/CAN'],
    [420, 520, '有效期限/Period of Validity', 26],
    [420, 560, '2023.12.01-2033.11.30'],
    [420, 700, '证件号码/ID No.', 26],
    [700, 700, '911124198108030024'],
  ];

  it('is read, with values below their labels', () => {
    const reading = front(runs);
    expect(reading).toMatchObject({
      shows: 'permanent_resident_front',
      documentType: 'permanent_resident',
      fields: {
        name: { value: 'SPECIMEN, PERSON' },
        sex: { value: 'female' },
        birthDate: { value: '1981-08-03' },
        expiresOn: { value: '2033-11-30' },
        number: { value: '911124198108030024' },
      },
    });
    expect(reading.fields.birthDate?.doubt).toBeUndefined();
  });
});
