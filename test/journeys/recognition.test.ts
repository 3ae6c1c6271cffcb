import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backLines, readableVisitor } from '../support/readable-visitor.ts';
import { specimenPerson, type SpecimenPerson } from '../support/specimens.ts';
import { openVerifySite, type OpenVerifySite } from '../support/verify-site.ts';

let site: OpenVerifySite;
beforeAll(async () => {
  site = await openVerifySite();
});
afterAll(() => site.close());

const someone = (person?: SpecimenPerson, language?: string) => readableVisitor(site, person, language);

describe('what was read', () => {
  it('fills the form of the company, with the picture of each line beside it', async () => {
    const one = someone();
    expect((await one.start()).location).toBe('/verify/company');
    const page = await one.browser.get('/verify/company');
    expect(page.html).toContain(`value="${one.company.name}"`);
    expect(page.html).toContain(`value="${one.company.code}"`);
    expect(page.html).toContain('/verify/read/licence/credit_code');
    expect((await one.confirm('/verify/company')).location).toBe('/verify/consent/images');
  });

  it('fills the form of the person, asks for the name to be checked, and goes on when confirmed', async () => {
    const one = someone();
    await one.toPerson();
    const page = await one.browser.get('/verify/person');
    const { name, number } = one.person;
    expect(page.html).toContain(`value="${name}"`);
    expect(page.html).toContain(`value="${number}"`);
    expect(page.html).toContain('value="2040-01-01"');
    expect(page.html).toContain(`${number.slice(0, 6)} ${number.slice(6, 14)} ${number.slice(14)}`);
    expect(page.html).toContain('逐字核对');
    expect((await one.confirm('/verify/person')).location).toBe('/verify/photo/supporting');
  });

  it('is shown to its owner only, and never cached', async () => {
    const one = someone();
    await one.toPerson();
    const crop = await one.browser.get('/verify/read/document-front/number');
    expect(crop.status).toBe(200);
    expect(crop.headers.get('content-type')).toBe('image/jpeg');
    expect(crop.headers.get('cache-control')).toBe('no-store');
    const other = someone();
    await other.toDocument();
    expect((await other.browser.get('/verify/read/document-front/number')).status).toBe(404);
    expect((await one.browser.get('/verify/read/document-front/address')).status).toBe(404);
    expect((await one.browser.get('/verify/read/document-front/__proto__')).status).toBe(404);
    expect((await one.browser.get('/verify/read/nothing/number')).status).toBe(404);
  });

  it('that differs from what is typed is told by the group of digits; who insists goes on', async () => {
    const one = someone(specimenPerson({ number: '11010519491231002X' }));
    await one.toPerson();
    const cases = [
      ['310105194912310027', '前 6 位（地区）'],
      ['110105195012310029', '第 7 至 14 位（出生日期）'],
      ['110105194912310134', '第 15 至 17 位（顺序码）'],
    ] as const;
    for (const [number, message] of cases) {
      const refused = await one.confirm('/verify/person', { number });
      expect(refused.status).toBe(422);
      expect(refused.html).toContain(message);
      expect(refused.html).toContain('name="confirmed"');
      expect(refused.html).not.toContain('#f-birth_date');
    }
    const [number] = cases[0];
    const accepted = await one.confirm('/verify/person', { number, confirmed: '1' });
    expect(accepted.location).toBe('/verify/photo/supporting');
  });

  it('tells at once that the document ran out, with the date', async () => {
    const one = someone();
    await one.toDocument();
    await one.front();
    await one.back('2021.05.06');
    const page = await one.browser.get('/verify/person');
    expect(page.html).toContain('有效期到 2021年5月6日');
    expect((await one.confirm('/verify/person')).status).toBe(422);
  });

  it('tells at once that somebody is too young', async () => {
    const one = someone(specimenPerson({ birthdate: '2018-02-03' }), 'en');
    await one.toPerson();
    expect((await one.browser.get('/verify/person')).html).toContain('16 or older');
  });
});

describe('a picture that cannot be used', () => {
  it('is shown with what to do, and taken again', async () => {
    const one = someone();
    await one.toDocument();
    const refused = await one.front({ lines: [], quality: { brightness: 0.05 } });
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('照片太暗');
    expect(refused.html).toMatch(/class="complaint"[\s\S]*\/verify\/images\/img_/);
    expect(refused.html).toContain('action="/verify/insist/document-front"');
    expect((await one.browser.get('/verify')).location).toBe('/verify/photo/document-front');
    expect((await one.front()).location).toBe('/verify/photo/document-back');
    expect((await one.browser.get('/verify/photo/document-front')).html).not.toContain('class="complaint"');
  });

  it('of the wrong side says so', async () => {
    const one = someone();
    await one.toDocument();
    const refused = await one.front({ lines: backLines() });
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('另一面');
  });

  it('is used all the same when the person insists, and a person looks', async () => {
    const one = someone();
    await one.toDocument();
    const refused = await one.front({ lines: [], quality: { brightness: 0.05 } });
    const insisted = await one.browser.submit(refused, {}, '/verify/insist/document-front');
    expect(insisted.location).toBe('/verify/photo/document-back');
    await one.back();
    const { name, number } = one.person;
    const typed = await one.confirm('/verify/person', { name, number });
    expect(typed.location).toBe('/verify/photo/supporting');
    expect((await site.rig.verification.view(one.accountId))!.images).toContainEqual(
      expect.objectContaining({ kind: 'document_front', insisted: true }),
    );
  });
});
