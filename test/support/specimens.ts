/**
 * Pictures of documents and faces that nobody has, drawn on the spot and marked as specimens: people and companies with
 * valid numbers, their documents, photographs as people take them, and what goes wrong with photographs.
 */
export {
  specimenCompany,
  specimenName,
  specimenPerson,
  variousCompany,
  variousPerson,
} from './specimens/people.ts';
export type { NameKind, SpecimenCompany, SpecimenPerson } from './specimens/people.ts';
export { creditCode } from './specimens/numbers.ts';
export { seededDice, type Dice } from './specimens/dice.ts';
export { idCardBack, idCardFront, residencePermitBack, residencePermitFront } from './specimens/cards.ts';
export type { DocumentOptions } from './specimens/cards.ts';
export {
  hkMacaoPermitBack,
  hkMacaoPermitFront,
  permanentResidentBack,
  permanentResidentFront,
  taiwanPermitBack,
  taiwanPermitFront,
} from './specimens/permits.ts';
export { passportPage } from './specimens/passport.ts';
export { businessCard, businessLicence, workBadge } from './specimens/company-papers.ts';
export { enlarge, handHeld, selfie, turnedByExif, withGps } from './specimens/photos.ts';
export { FAKE_PREFIX as fakePrefix } from '../../src/providers/recognition/fake-recogniser.ts';
export { withFakeCode } from './specimens/fake-code.ts';
export { distort, distortionNames, snapshot, type Distortion } from './specimens/distortion.ts';
