/**
 * For the test suites of relying apps: a whole provider in the test's own process, without network, phones or
 * documents, and people who sign in by script through the same pages as everybody else. The project's own journeys
 * use it, so what it does is what the service does.
 */
export {
  startTestProvider,
  type SentMessage,
  type TestClient,
  type TestProvider,
  type TestProviderOptions,
} from './provider.ts';
export type { PageAnswer, Person, PersonOptions, VerificationState } from './person.ts';
export type { VerificationOutcome, VerificationScript } from './verification-script.ts';
export type { ReviewReason, TestReview } from './review.ts';
export type { TestCompany, TestIdentity } from './identities.ts';
export { testPicture } from './picture-code.ts';
export { pictureFlaws, testPictures, type PictureContent, type TestPictures } from './test-pictures.ts';
export { createVisitor, type VisitedPage, type Visitor, type VisitorOptions } from './visitor.ts';
export { ManualClock } from '../core/clock.ts';
