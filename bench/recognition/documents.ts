import type { ImageKind } from '../../src/verification/case.ts';
import type { DocumentType } from '../../src/verification/documents/document-types.ts';
import type { ReadField, Shown } from '../../src/verification/reading/picture-reading.ts';
import { portrait, variations, type Person } from '../../test/support/faces.ts';
import * as specimens from '../../test/support/specimens.ts';
import type { Dice, SpecimenCompany, SpecimenPerson } from '../../test/support/specimens.ts';

/** One document with everything that is printed on it. */
export type Sample = { readonly picture: Buffer; readonly truth: Truth };
export type Truth = { readonly [field in ReadField]?: string };

export type DocumentKind = {
  readonly image: ImageKind;
  readonly expected?: DocumentType;
  readonly shows: Shown;
  draw(dice: Dice): Promise<Sample>;
};

const portraits = new Map<string, Promise<Buffer>>();

/** A photo of one of the two people whose pictures may be passed on. */
export function photoOf(person: Person, variation: number): Promise<Buffer> {
  const key = `${person}${variation}`;
  const made = portraits.get(key) ?? portrait({ person, variation });
  portraits.set(key, made);
  return made;
}

const anyPhoto = (dice: Dice) => photoOf(dice.int(2) === 0 ? 'a' : 'b', dice.int(variations));

type Drawing = (person: SpecimenPerson, options: specimens.DocumentOptions) => Promise<Buffer>;
type Said = (person: SpecimenPerson) => Truth;

function personal(
  [image, expected, shows]: readonly [ImageKind, DocumentType, Shown],
  drawing: Drawing,
  truth: Said,
  over: (dice: Dice) => Partial<SpecimenPerson> = () => ({}),
): DocumentKind {
  return {
    image,
    expected,
    shows,
    async draw(dice) {
      const person = specimens.variousPerson(over(dice), dice);
      return { picture: await drawing(person, { portrait: await anyPhoto(dice) }), truth: truth(person) };
    },
  };
}

const core = ({ name, sex, birthdate: birthDate }: SpecimenPerson): Truth => ({ name, sex, birthDate });
const validity = ({ validFrom, expiresOn }: SpecimenPerson): Truth => ({ validFrom, expiresOn });
const zone = ({ birthdate: birthDate, sex, expiresOn }: SpecimenPerson): Truth => ({
  birthDate,
  sex,
  expiresOn,
});
const latin = ({ latin: { surname, given } }: SpecimenPerson, between = ' '): string =>
  surname + between + given;
const cardFront: Said = (person) => ({
  ...core(person),
  ethnicity: person.ethnicity,
  address: person.address,
  number: person.number,
});

/** Between eight years ago and twelve ahead of the specimens' today, in whole years; every fourth without end. */
const anyValidity = (dice: Dice, longTerm = false): Partial<SpecimenPerson> => {
  const day = `-0${1 + dice.int(9)}-${10 + dice.int(18)}`;
  const from = 2018 + dice.int(8);
  const unending = longTerm && dice.int(4) === 0;
  return { validFrom: `${from}${day}`, expiresOn: unending ? 'long_term' : `${from + 10}${day}` };
};
const named = (kind: specimens.NameKind) => (dice: Dice) => specimens.specimenName(kind, dice);
const idFront = ['document_front', 'resident_id', 'resident_id_front'] as const;

function licence(register: boolean): DocumentKind {
  return {
    image: 'licence',
    shows: 'licence',
    async draw(dice) {
      const company = specimens.variousCompany({}, dice);
      return {
        picture: await specimens.businessLicence(company, { register }),
        truth: licenceTruth(company),
      };
    },
  };
}

const licenceTruth = (company: SpecimenCompany): Truth => ({
  companyName: company.name,
  creditCode: company.code,
  companyType: company.type,
  legalRepresentative: company.legalRepresentative,
  validFrom: company.foundedOn,
  expiresOn: company.expiresOn,
});

export const documentKinds = {
  id_front: personal(idFront, specimens.idCardFront, cardFront),
  id_front_rare: personal(idFront, specimens.idCardFront, cardFront, named('rare')),
  id_front_dotted: personal(idFront, specimens.idCardFront, cardFront, named('dotted')),
  id_front_long: personal(idFront, specimens.idCardFront, cardFront, named('long')),
  id_back: personal(
    ['document_back', 'resident_id', 'resident_id_back'],
    specimens.idCardBack,
    (person) => ({ authority: person.authority, ...validity(person) }),
    (dice) => anyValidity(dice, true),
  ),
  residence_front: personal(
    ['document_front', 'residence_permit', 'residence_permit_front'],
    specimens.residencePermitFront,
    (person) => ({ ...core(person), address: person.address, number: person.residenceNumber }),
  ),
  residence_back: personal(
    ['document_back', 'residence_permit', 'residence_permit_back'],
    specimens.residencePermitBack,
    (person) => ({ authority: person.authority, ...validity(person) }),
    anyValidity,
  ),
  hk_macao_front: personal(
    ['document_front', 'hk_macao_permit', 'hk_macao_permit_front'],
    specimens.hkMacaoPermitFront,
    (person) => ({ ...core(person), number: person.hkMacaoPermit, ...validity(person) }),
    anyValidity,
  ),
  hk_macao_back: personal(
    ['document_back', 'hk_macao_permit', 'hk_macao_permit_back'],
    specimens.hkMacaoPermitBack,
    (person) => ({ ...zone(person), number: person.hkMacaoPermit }),
    anyValidity,
  ),
  taiwan_front: personal(
    ['document_front', 'taiwan_permit', 'taiwan_permit_front'],
    specimens.taiwanPermitFront,
    (person) => ({ ...core(person), number: person.taiwanPermit, ...validity(person) }),
    anyValidity,
  ),
  taiwan_back: personal(
    ['document_back', 'taiwan_permit', 'taiwan_permit_back'],
    specimens.taiwanPermitBack,
    (person) => ({ ...zone(person), number: person.taiwanPermit }),
    anyValidity,
  ),
  permanent_front: personal(
    ['document_front', 'permanent_resident', 'permanent_resident_front'],
    specimens.permanentResidentFront,
    // The card names its holder in Latin letters first.
    (person) => ({
      ...core(person),
      name: latin(person, ', '),
      number: person.permanentNumber,
      ...validity(person),
    }),
    anyValidity,
  ),
  permanent_back: personal(
    ['document_back', 'permanent_resident', 'permanent_resident_back'],
    specimens.permanentResidentBack,
    (person) => ({ ...zone(person), number: person.permanentNumber }),
    anyValidity,
  ),
  passport_cn: personal(
    ['document_page', 'passport_cn', 'passport_page'],
    specimens.passportPage,
    (person) => ({ ...zone(person), name: person.name, number: person.passport, issuingState: 'CHN' }),
    anyValidity,
  ),
  passport_other: personal(
    ['document_page', 'passport_other', 'passport_page'],
    (person, options) => specimens.passportPage(person, { ...options, foreign: true }),
    (person) => ({
      ...zone(person),
      name: latin(person),
      number: person.foreignPassport,
      issuingState: 'UTO',
    }),
    anyValidity,
  ),
  licence: licence(true),
  licence_no_code: licence(false),
} as const satisfies Record<string, DocumentKind>;

export type DocumentKindName = keyof typeof documentKinds;
