import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { residentCheckCharacter } from '../../../src/verification/documents/resident-number.ts';
import { readPicture } from '../../../src/verification/reading/read-picture.ts';
import { card, cardBack, cardFront, gluedFront, seenOf, type Card, type Run } from './layout.ts';

const today = '2026-06-01';
const values = (seen: ReturnType<typeof seenOf>) => {
  const { fields } = readPicture('document_front', seen, today);
  return Object.fromEntries(Object.entries(fields).map(([field, { value }]) => [field, value]));
};

const whole = {
  name: '范例',
  sex: 'female',
  ethnicity: '汉',
  birthDate: '1949-12-31',
  address: '北京市朝阳区样本路一号样本小区二号楼三单元',
  number: '11010519491231002X',
};

const people = fc
  .record({
    region: fc.constantFrom('110105', '440524', '310101', '513436'),
    day: fc.date({ min: new Date('1940-01-01'), max: new Date('2008-12-31'), noInvalidDate: true }),
    sequence: fc.integer({ min: 0, max: 999 }),
    name: fc.constantFrom('范例', '样本一', '测试安', '欧阳示范'),
  })
  .map(({ region, day, sequence, name }): Card => {
    const birth = day.toISOString().slice(0, 10);
    const body = region + birth.replaceAll('-', '') + String(sequence).padStart(3, '0');
    return {
      name,
      birth,
      sex: sequence % 2 === 1 ? '男' : '女',
      number: body + residentCheckCharacter(body),
    };
  });

describe('the front of a resident identity card', () => {
  it.each([
    ['labels apart', cardFront()],
    ['labels glued to their values', gluedFront()],
  ])('reads every field with %s', (_, runs) => {
    expect(values(seenOf(runs))).toEqual(whole);
    expect(readPicture('document_front', seenOf(runs), today)).toMatchObject({
      shows: 'resident_id_front',
      documentType: 'resident_id',
    });
  });

  it.each([4, -6, 90, 180, 270])('reads it turned by %d degrees', (angle) => {
    expect(values(seenOf(cardFront(), { angle }))).toEqual(whole);
  });

  it('reads spaced labels, full-width digits and a number in two pieces', () => {
    const runs = cardFront().map(
      ([x, y, text, height]) => [x, y, text.replace('姓名', '姓 名'), height ?? 40] as const,
    );
    const apart = [
      ...runs.slice(0, -1),
      [430, 700, '１１０１０５１９４９'] as const,
      [700, 702, '1231002x'] as const,
    ];
    expect(values(seenOf(apart))).toEqual(whole);
  });

  it('finds the name where the small labels were not read', () => {
    const runs = cardFront().filter(([, , text]) => !/^(姓名|住址|出生)$/.test(text));
    expect(values(seenOf(runs))).toMatchObject({
      name: '范例',
      number: whole.number,
      birthDate: '1949-12-31',
    });
  });

  it('takes letters for the digits they resemble, and says so', () => {
    const runs = cardFront({ ...card, number: '11O10519491231OO2×' });
    expect(readPicture('document_front', seenOf(runs), today).fields.number).toMatchObject({
      value: card.number,
      doubt: 'corrected',
    });
  });

  it('hands on a number that does not fit, with the doubt', () => {
    const runs = cardFront({ ...card, number: '110107194912310021' });
    expect(readPicture('document_front', seenOf(runs), today).fields.number).toMatchObject({
      value: '110107194912310021',
      doubt: 'check_digit',
    });
  });

  it('notices that the printed birth date or sex is not that of the number', () => {
    const { fields } = readPicture(
      'document_front',
      seenOf(cardFront({ ...card, birth: '1950-12-31', sex: '男' })),
      today,
    );
    expect(fields.birthDate).toMatchObject({ value: '1950-12-31', doubt: 'sources_differ' });
    expect(fields.sex).toMatchObject({ value: 'male', doubt: 'sources_differ' });
    expect(fields.number?.doubt).toBeUndefined();
  });

  it('doubts a faint name', () => {
    const confidence = (text: string) => (text === card.name ? 0.7 : 0.98);
    const { fields } = readPicture('document_front', seenOf(cardFront(), { confidence }), today);
    expect(fields.name).toMatchObject({ value: '范例', doubt: 'faint' });
    expect(fields.number?.doubt).toBeUndefined();
  });

  it('doubts a name whose line has room for a character more', () => {
    const seen = seenOf(cardFront({ ...card, name: '范赟例' }));
    const lines = seen.lines.map((line) => (line.text === '范赟例' ? { ...line, text: '范例' } : line));
    const { fields } = readPicture('document_front', { ...seen, lines }, today);
    expect(fields.name).toMatchObject({ value: '范例', doubt: 'rare_character' });
  });

  it('doubts a name of which one character is unsure, however sure the line is as a whole', () => {
    const unsure = (text: string, weakest: number) => {
      const seen = seenOf(cardFront());
      const lines = seen.lines.map((line) => (line.text === text ? { ...line, weakest } : line));
      return readPicture('document_front', { ...seen, lines }, today).fields;
    };
    expect(unsure(card.name, 0.7).name).toMatchObject({ value: '范例', doubt: 'faint' });
    expect(unsure(card.name, 0.95).name?.doubt).toBeUndefined();
    expect(unsure(card.number, 0.7).name?.doubt).toBeUndefined();
  });

  it('doubts a name of a single character', () => {
    const { fields } = readPicture('document_front', seenOf(cardFront({ ...card, name: '周' })), today);
    expect(fields.name).toMatchObject({ value: '周', doubt: 'rare_character' });
  });

  describe('with a name that runs over two lines', () => {
    const [first, second] = ['阿布都热合曼·买买提艾力', '吐尔逊江'];
    const others = cardFront({ ...card, name: first }).filter(([, , text]) => text !== '性别');

    it('reads both', () => {
      const runs: Run[] = [...others, [220, 140, second], [90, 190, '性别']];
      expect(values(seenOf(runs))).toEqual({ ...whole, name: first + second });
    });

    it.each(['女', '女民族汉'])('does not take what stands below for its end: %s', (below) => {
      const runs: Run[] = [...others.filter(([, y]) => y !== 190), [220, 165, below]];
      expect(values(seenOf(runs))).toMatchObject({ name: first });
    });

    it('does not join what stands below a short one to it', () => {
      const runs: Run[] = [...cardFront(), [220, 140, '吐尔']];
      expect(values(seenOf(runs))).toMatchObject({ name: card.name });
    });
  });

  it('reads a character between two overlapping boxes once', () => {
    const runs = cardFront().filter(([, , text]) => text !== '姓名' && text !== card.name);
    const seen = seenOf([...runs, [90, 100, '姓名范'], [182, 100, '范例']]);
    expect(values(seen)).toMatchObject({ name: '范例' });
  });

  it('does not read a mark of the background, nor the band that specimens carry', () => {
    const seen = seenOf([[60, 20, 'SPECIMEN样本·SPECIMEN 样本', 26], ...cardFront(), [160, 370, 'F']], {
      confidence: (text) => (text === 'F' ? 0.54 : 0.98),
    });
    expect(values(seen)).toEqual(whole);
  });

  it('does not read a watermark that runs across it', () => {
    const seen = seenOf(cardFront());
    const mark = seenOf([[300, 400, 'SPECIMEN样本', 100]], { angle: -20 }).lines;
    expect(values({ ...seen, lines: [...seen.lines, ...mark] })).toEqual(whole);
  });

  it('reads any valid card under jitter and a slight turn', () => {
    fc.assert(
      fc.property(
        people,
        fc.integer({ min: -5, max: 5 }),
        fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 13, maxLength: 13 }),
        fc.boolean(),
        (person, angle, jitter, glued) => {
          const runs = glued ? gluedFront(person) : cardFront(person);
          const seen = seenOf(runs, { angle, jitter: (i) => jitter[i] ?? 0 });
          expect(values(seen)).toMatchObject({
            name: person.name,
            number: person.number,
            birthDate: person.birth,
          });
        },
      ),
    );
  });

  it('never takes a wrong number for sure, whichever character was misread', () => {
    const misread = fc.constantFrom(...'0123456789OIBSZX', '');
    fc.assert(
      fc.property(people, fc.nat(17), misread, (person, at, character) => {
        const number = person.number.slice(0, at) + character + person.number.slice(at + 1);
        const { fields } = readPicture('document_front', seenOf(cardFront({ ...person, number })), today);
        if (fields.number && fields.number.doubt === undefined)
          expect(fields.number.value).toBe(person.number);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the front of a residence permit', () => {
  it('is told by the region of its number', () => {
    const runs = cardFront({ name: '范例', sex: '男', birth: '1998-09-02', number: '81000019980902013X' });
    const seen = seenOf(runs.filter(([, , text]) => text !== '民族' && text !== '汉'));
    expect(readPicture('document_front', seen, today)).toMatchObject({
      shows: 'residence_permit_front',
      documentType: 'residence_permit',
      fields: { number: { value: '81000019980902013X' }, name: { value: '范例' } },
    });
  });
});

describe('the back of a resident identity card', () => {
  const back = (validity: string) =>
    readPicture('document_back', seenOf([...cardBack.slice(0, -1), [500, 680, validity]]), today);

  it('reads the authority and the validity', () => {
    const { shows, fields } = back('2020.03.02-2040.03.02');
    expect(shows).toBe('resident_id_back');
    expect(fields).toMatchObject({
      authority: { value: '北京市公安局朝阳分局' },
      validFrom: { value: '2020-03-02' },
      expiresOn: { value: '2040-03-02' },
    });
    expect(fields.expiresOn?.doubt).toBeUndefined();
  });

  it.each([
    ['2020.03.02-长期', 'long_term'],
    ['2020.03.02一长期', 'long_term'],
    ['20200302-20400302', '2040-03-02'],
    ['2O20.03.02 - 2040.03.02', '2040-03-02'],
    ['2020.0302-2040.03.02', '2040-03-02'],
    ['2020.03.02一2040.03.02', '2040-03-02'],
  ])('reads %s', (validity, expiresOn) => {
    expect(back(validity).fields.expiresOn?.value).toBe(expiresOn);
  });

  it('doubts a period that does not run for whole years, as one misread digit makes it', () => {
    expect(back('2020.03.02-2041.03.02').fields.expiresOn?.doubt).toBe('check_digit');
    expect(back('2020.03.02-2040.08.02').fields.expiresOn?.doubt).toBe('check_digit');
  });

  it('reads no date that the calendar does not have', () => {
    expect(back('2020.03.02-2040.13.02').fields.expiresOn).toBeUndefined();
  });
});
