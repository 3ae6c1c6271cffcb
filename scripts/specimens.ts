import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { blinking, portrait, turned } from '../test/support/faces.ts';
import {
  businessCard,
  businessLicence,
  handHeld,
  idCardBack,
  idCardFront,
  passportPage,
  selfie,
  specimenCompany,
  specimenPerson,
} from '../test/support/specimens.ts';

/**
 * `npm run specimens -- [folder]`: pictures of documents that nobody has, marked as specimens, to try the verification
 * with. The person is the legal representative of the company, so that the machine can approve them.
 */
const folder = resolve(process.argv[2] ?? 'specimens');
mkdirSync(folder, { recursive: true });

const person = specimenPerson();
const company = specimenCompany({ legalRepresentative: person.name });
const face = { portrait: await portrait({ person: 'a', variation: 0 }) };
const pictures = {
  licence: await businessLicence(company),
  'card-front': await idCardFront(person, face),
  'card-back': await idCardBack(person),
  passport: await passportPage(person, face),
  'business-card': await businessCard(person, company),
  'holding-the-card': await handHeld(person, face),
  'face-straight': await selfie(person, { portrait: await portrait({ person: 'a', variation: 1 }) }),
  'face-left': await turned('a', 'left'),
  'face-right': await turned('a', 'right'),
  'face-eyes-closed': await blinking('a'),
};
for (const [name, picture] of Object.entries(pictures)) writeFileSync(join(folder, `${name}.jpg`), picture);
console.log(`${Object.keys(pictures).length} pictures of ${person.name} (${person.number}) in ${folder}`);
