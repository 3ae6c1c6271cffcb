import { days, hours, minutes } from '../core/clock.ts';
import type { PromptThresholds } from './faces.ts';
import type { FindingCode, FindingOutcome } from './findings.ts';
import { defaultQualityThresholds, type QualityThresholds } from './reading/index.ts';

/** What a finding means for the verdict. `again`: ask for that part again. `no`: speaks against the person. */
export type Meaning = 'ok' | 'attention' | 'again' | 'no';

/** Bounds of a measured value: at least `ok` is fine, less than `no` speaks against the person, between them a person looks. */
export type Bounds = { readonly ok: number; readonly no?: number };

/** What the machine may conclude from what it saw. */
export type JudgementPolicy = {
  /** Whether the machine may approve at all. */
  readonly machineApproval: boolean;
  /** Checks without which the machine approves nobody; one that is missing or was not run sends the case to a person. */
  readonly required: readonly FindingCode[];
  readonly bounds: { readonly [code in FindingCode]?: Bounds };
  /** Outcomes that mean something else than the rule of the outcome says: `<code>.<outcome>` or `<code>.<outcome>.<detail>`. */
  readonly meanings: Readonly<Record<string, Meaning>>;
};

/** Everything an operator's lawyer may want to change; stored verdicts name the version they were made under. */
export type VerificationPolicy = {
  readonly version: string;
  /** Completed years of age, inclusive. */
  readonly minimumAge: number;
  readonly maximumAge: number;
  /** How often steps of one case may be asked for again. */
  readonly resubmissionsPerCase: number;
  readonly casesPerPeriod: number;
  /** Pictures taken in for one case, replaced ones included. */
  readonly imagesPerCase: number;
  /** Milliseconds. */
  readonly casePeriod: number;
  /** An untouched open case is withdrawn and its pictures destroyed after this many milliseconds. */
  readonly openCaseKept: number;
  /** Pictures of a person outlive the verdict by this many milliseconds, for an objection. */
  readonly personImagesKept: number;
  /** Company evidence is not personal data and is kept longer (human-resources market rules: two years at least). */
  readonly companyImagesKept: number;
  /** The record of a case without pictures: three years. */
  readonly caseKept: number;
  /** A document that ends within this many milliseconds is pointed out to the reviewer. */
  readonly expiresSoon: number;
  /** Milliseconds after which a verified company is looked at again (five-ministry notice: six months). */
  readonly companyRecheck: number;
  /** Milliseconds after which the check of a person no longer counts (five-ministry notice: six months). */
  readonly personRecheck: number;
  /** When a picture is asked for again while it is being handed in. */
  readonly quality: QualityThresholds;
  /** When the prompts of a face check count as followed. */
  readonly prompts: PromptThresholds;
  /** Milliseconds for which the prompts of a face check can be answered. */
  readonly promptsKept: number;
  /** Milliseconds for which an authority or a registry that does not answer is asked again before a person decides without it. */
  readonly authorityPatience: number;
  /** Milliseconds from submission after which a case that no verdict was reached on goes to a person. */
  readonly examinationPatience: number;
  readonly judgement: JudgementPolicy;
};

/** What an outcome means where the policy says nothing else. */
export const ordinaryMeanings: Readonly<Record<Exclude<FindingOutcome, 'measured'>, Meaning>> = {
  ok: 'ok',
  attention: 'attention',
  mismatch: 'no',
  unreadable: 'again',
  not_run: 'ok',
};

export const defaultPolicy: VerificationPolicy = {
  version: '2026-11.3',
  minimumAge: 16,
  maximumAge: 120,
  resubmissionsPerCase: 3,
  casesPerPeriod: 5,
  imagesPerCase: 60,
  casePeriod: hours(24),
  openCaseKept: days(30),
  personImagesKept: days(7),
  companyImagesKept: days(2 * 366),
  caseKept: days(3 * 366),
  expiresSoon: days(30),
  companyRecheck: days(180),
  personRecheck: days(180),
  quality: defaultQualityThresholds,
  prompts: { turn: 12, samePerson: 0.35 },
  promptsKept: minutes(10),
  authorityPatience: minutes(30),
  examinationPatience: hours(2),
  judgement: {
    machineApproval: true,
    required: [
      'number_checksum',
      'document_reading',
      'document_data',
      'document_name',
      'face_match',
      'liveness_prompts',
      'licence_reading',
      'licence_data',
      'membership_evidence',
    ],
    // recognition.md, the table of thresholds: at 0.45 no more than 8 of 10,000 strangers of one group pass.
    bounds: {
      face_match: { ok: 0.45, no: 0.3 },
      hand_held_faces: { ok: 0.45, no: 0.3 },
      liveness_hint: { ok: 0.5 },
    },
    meanings: {
      // A passport number has no check digit of its own that is printed; its machine-readable zone is compared instead.
      'number_checksum.not_run.no_check_digit': 'ok',
      // Nobody turns their head on a photo; a person looks at it in any case.
      'liveness_prompts.not_run.other_route': 'ok',
      // What a person cannot help is never asked of them again.
      'document_reading.not_run': 'attention',
      'licence_reading.unreadable': 'attention',
      // The registry was to be asked and could not be: a person looks. Where there is none, nobody waits for it.
      'company_registry.not_run.outage': 'attention',
      // Codes with a check digit that fails were given out; the registry holds this one.
      'credit_code_checksum.attention.confirmed_by_registry': 'ok',
      'organisation_code_checksum.attention.confirmed_by_registry': 'ok',
      // It helps a reviewer; without it nobody is worse off.
      'supporting_document.attention': 'ok',
    },
  },
};
