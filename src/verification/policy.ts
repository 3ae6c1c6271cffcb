import { days, hours } from '../core/clock.ts';

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
};

export const defaultPolicy: VerificationPolicy = {
  version: '2026-11',
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
};
