/**
 * Verification of a person: from the first question to a decision. A case collects answers and pictures step by step
 * (steps are data, one dispatcher says what is next from the stored state), is checked by rules into findings, and is
 * decided by a reviewer; approval makes the person verified in the same transaction. Pictures are re-encoded, sealed
 * and destroyed on time. Nothing here claims a check that did not run.
 */
export { caseMachine, editableStates, liveStates, type CaseEvent, type CaseState } from './case-machine.ts';
export type { Analyses, AnalysisStore, FaceOnFile, ImageAnalysis } from './analysis.ts';
export { LONGEST_APPEAL } from './appeal.ts';
export type {
  Authority,
  AuthorityAnswer,
  AuthorityCheck,
  AuthorityCheckStore,
  AuthorityQuestion,
} from './authority.ts';
export type { RegistryCheck, RegistryCheckStore } from './ask-registry.ts';
export type { AnswerResult, Answers, Editor, SaveResult } from './answers.ts';
export {
  imageKinds,
  imageParts,
  caseScopes,
  reviewParts,
  type CaseActor,
  type CaseAnswers,
  type CaseDecision,
  type CaseEntry,
  type CaseImage,
  type CaseOrigin,
  type CaseScope,
  type CompanyAnswers,
  type DecisionReason,
  type HolderRoute,
  type ImageKind,
  type PersonAnswers,
  type ReviewPart,
  type StepName,
  type VerificationCase,
} from './case.ts';
export type { CompanyDesk, JoinedCompany, KnownCompany } from './company-desk.ts';
export { createCompanyPapers, type CompanyPapers, type TakenPaper } from './company-papers.ts';
export type { VerificationDeps } from './dependencies.ts';
export { ageOn, chinaDay, parseDay } from './documents/calendar.ts';
export { readCreditCode } from './documents/credit-code.ts';
export { nameKey } from './documents/names.ts';
export { documentRule, documentTypeNames, type DocumentType } from './documents/document-types.ts';
export type { AnswerError, AnswerField, CompanyEntry, PersonEntry } from './entries.ts';
export type { Evidence } from './evidence.ts';
export type { ExaminationResult } from './examination.ts';
export { findingParts, type Finding, type FindingCode, type FindingOutcome } from './findings.ts';
export { judge, meaningOf, type Judgement, type Verdict } from './judge.ts';
export { imageLimits, type ImageProcessor, type ImageReason, type NormalisedImage } from './images.ts';
export type { ObjectStore } from './objects.ts';
export { endOf, licenceRecord } from './licence-record.ts';
export { policyFromFile } from './policy-file.ts';
export type {
  OperatingStatus,
  Registered,
  RegistryAnswer,
  RegistryField,
  RegistryQuestion,
  RegistrySaid,
} from './registry-answer.ts';
export { replay, type Replayed } from './replay.ts';
export type { PersonClaims, PersonVerification } from './person.ts';
export { defaultPolicy, type JudgementPolicy, type Meaning, type VerificationPolicy } from './policy.ts';
export type { Prompt } from './faces.ts';
export { PROMPTS_ASKED, type IssuedPrompts, type PromptsOutcome } from './prompts.ts';
export { companyKey, compareWithRead } from './reading/index.ts';
export type {
  Difference,
  Doubt,
  FieldReading,
  PictureComplaint,
  PictureReading,
  ReadField,
  Readings,
  Shown,
} from './reading/index.ts';
export type {
  Box,
  DocumentSeen,
  FacesSeen,
  PictureQuality,
  Point,
  Quad,
  Recogniser,
  RecogniserFailure,
  RecogniserModels,
  SeenFace,
  TextLine,
} from './recogniser.ts';
export type { CaseForReview, CaseReview, DecideInput, DecideResult } from './review.ts';
export { isAboutCompany, isAboutPerson, partsOf, settleScope, type Scoping, type Standing } from './scope.ts';
export { isDone, isOpen, nextStep, pathOf, steps, type CaseView } from './steps.ts';
export type {
  CaseChange,
  CaseStore,
  ImageStore,
  NewImage,
  PersonStore,
  VerificationStores,
} from './stores.ts';
export type { SourceCheck, SourceCheckStore } from './source-check.ts';
export type { SubmitFailure } from './submission.ts';
export { createVerification, type Verification } from './verification.ts';
