import { testPictures } from '../../src/testkit/index.ts';
import { specimenCompany, specimenPerson, type SpecimenCompany, type SpecimenPerson } from './specimens.ts';

/** Pictures of a specimen and the company whose legal representative they are, as a machine reads them without a doubt. */
export function readablePictures(
  person: SpecimenPerson = specimenPerson(),
  company: SpecimenCompany = specimenCompany({ legalRepresentative: person.name }),
) {
  return { person, company, ...testPictures(person, company) };
}

export type ReadablePictures = ReturnType<typeof readablePictures>;

/** Somebody else before the camera. */
export const ofSomebodyElse = ({ selfie, following }: ReadablePictures): Partial<ReadablePictures> => ({
  selfie: () => selfie({ faces: [{ seed: 'somebody else' }] }),
  following: (prompt) => following(prompt, 'somebody else'),
});
