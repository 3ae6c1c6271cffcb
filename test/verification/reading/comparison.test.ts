import { describe, expect, it } from 'vitest';
import type { CaseAnswers } from '../../../src/verification/case.ts';
import {
  compareWithRead,
  numberGroupOfDifference,
  type Readings,
} from '../../../src/verification/reading/comparison.ts';
import type { Doubt, PictureReading, ReadField } from '../../../src/verification/reading/picture-reading.ts';

type Values = { readonly [field in ReadField]?: string | readonly [string, Doubt] };

const reading = (shows: PictureReading['shows'], values: Values): PictureReading => ({
  shows,
  fields: Object.fromEntries(
    Object.entries(values).map(([field, value]) => [
      field,
      typeof value === 'string'
        ? { value, confidence: 0.97 }
        : { value: value[0], confidence: 0.97, doubt: value[1] },
    ]),
  ),
});
const person = (name: string, number = '11010519491231002X'): CaseAnswers => ({
  person: {
    name,
    document: { type: 'resident_id', number, birthDate: '1949-12-31', expiresOn: '2040-03-02' },
  },
});
const read = (front: Values, back: Values = { expiresOn: '2040-03-02' }): Readings => ({
  document_front: reading('resident_id_front', {
    name: '范例',
    number: '11010519491231002X',
    birthDate: '1949-12-31',
    ...front,
  }),
  document_back: reading('resident_id_back', back),
});
const namesDiffer = (typed: string, seen: Values['name']) =>
  compareWithRead(person(typed), read(seen === undefined ? {} : { name: seen }));

describe('what was typed against what was read', () => {
  it('finds nothing where both agree', () => {
    expect(compareWithRead(person('范例'), read({}))).toEqual([]);
  });

  it('finds nothing to compare without pictures', () => {
    expect(compareWithRead(person('范例'), {})).toEqual([]);
  });

  it.each([
    ['阿卜杜拉·样本', '阿卜杜拉样本'],
    ['阿卜杜拉·样本', '阿卜杜拉•样本'],
    ['范 例', '范例'],
    ['Anna Maria Eriksson', 'ERIKSSON ANNA MARIA'],
    ['ＥＲＩＫＳＳＯＮ Anna-Maria', 'ERIKSSON ANNA MARIA'],
    ['Jürgen Müller', 'MUELLER JUERGEN'],
    ['Jürgen Müller', 'MULLER JURGEN'],
    ["Sinéad O'Connor", 'OCONNOR SINEAD'],
    ['Zhang Sanfeng', 'ZHANG SAN FENG'],
  ])('takes the name %s for %s', (typed, seen) => {
    expect(namesDiffer(typed, seen)).toEqual([]);
  });

  it.each([
    ['范例', '苑例', 'differs', true],
    ['范例', '测试', 'differs', true],
    ['Anna Eriksson', 'ERIKSSON ANNA MARIA', 'differs', true],
    ['范例', 'FAN LI', 'not_read', true],
    ['范赟例', '范例', 'read_doubtful', true],
    ['赟例', ['例', 'rare_character'], 'read_doubtful', true],
    ['范例', ['范例', 'rare_character'], 'read_doubtful', false],
  ] as const)('tells the name %s from %s', (typed, seen, kind, matters) => {
    expect(namesDiffer(typed, seen)).toEqual([{ field: 'name', kind, matters }]);
  });

  it('lets a faint reading be settled by the same value typed', () => {
    expect(namesDiffer('范例', ['范例', 'faint'])).toEqual([]);
  });

  it('says that a number differs, or that its reading is no evidence', () => {
    expect(compareWithRead(person('范例', '110105194912310038'), read({}))).toContainEqual({
      field: 'number',
      kind: 'differs',
      matters: true,
    });
    expect(compareWithRead(person('范例'), read({ number: ['110105194912310027', 'check_digit'] }))).toEqual([
      { field: 'number', kind: 'read_doubtful', matters: true },
    ]);
  });

  it('never takes the word of a document that contradicts itself', () => {
    const number = '11010519491231002X';
    expect(compareWithRead(person('范例', number), read({ number: [number, 'sources_differ'] }))).toEqual([
      { field: 'number', kind: 'read_doubtful', matters: true },
    ]);
  });

  it('asks for the birth date and the issuing state of whoever only typed them', () => {
    const traveller: CaseAnswers = {
      person: {
        name: 'ANNA ERIKSSON',
        document: {
          type: 'passport_other',
          number: 'L898902C3',
          birthDate: '1974-08-12',
          expiresOn: '2040-03-02',
        },
        issuingState: 'UTO',
      },
    };
    const page = reading('passport_page', {
      name: 'ERIKSSON ANNA',
      number: 'L898902C3',
      expiresOn: '2040-03-02',
    });
    expect(compareWithRead(traveller, { document_page: page })).toEqual([
      { field: 'birthDate', kind: 'not_read', matters: true },
      { field: 'issuingState', kind: 'not_read', matters: true },
    ]);
  });

  it('compares the validity with the back', () => {
    expect(compareWithRead(person('范例'), read({}, { expiresOn: 'long_term' }))).toEqual([
      { field: 'expiresOn', kind: 'differs', matters: true },
    ]);
    expect(compareWithRead(person('范例'), read({}, {}))).toEqual([
      { field: 'expiresOn', kind: 'not_read', matters: true },
    ]);
  });

  it('compares the company with the licence, whatever the brackets', () => {
    const company = {
      name: '样本（北京）科技有限公司',
      creditCode: '91440300192317458F',
      checkDigitMatches: true,
      organisationCheckMatches: true,
    };
    const licence = (companyName: string, creditCode = company.creditCode) =>
      compareWithRead({ company }, { licence: reading('licence', { companyName, creditCode }) });
    expect(licence('样本(北京)科技有限公司')).toEqual([]);
    expect(licence('样本（上海）科技有限公司', '914403001922038216')).toEqual([
      { field: 'companyName', kind: 'differs', matters: true },
      { field: 'creditCode', kind: 'differs', matters: true },
    ]);
  });

  it.each([
    ['11010619491231002X', 'region'],
    ['11010519491230002X', 'birth'],
    ['11010519491231003X', 'sequence'],
    ['110105194912310021', 'check'],
    ['11010519491231002X', undefined],
    ['1101051949123100', undefined],
  ])('names the group in which %s is wrong', (typed, group) => {
    expect(numberGroupOfDifference(typed, '11010519491231002X')).toBe(group);
  });
});
