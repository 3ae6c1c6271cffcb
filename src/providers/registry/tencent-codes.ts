import type { OperatingStatus, RegistrySaid } from '../../verification/index.ts';
import { tencentPlatformCodes } from '../tencent/platform-codes.ts';

/** What a code says: an answer about the company, or that there is none, for a while or until the operator acts. */
export type RegistryMeaning = RegistrySaid['outcome'] | 'later' | 'operator';

/** A vendor's code → its meaning, and the vendor's explanation in our words. Printed in docs/authority-codes.md. */
export type RegistryCodes = Readonly<Record<string, readonly [meaning: RegistryMeaning, says: string]>>;

/**
 * Tencent Cloud OCR, version 2018-11-19, operation `VerifyBizLicenseEnterprise3`: its results, then the errors of the
 * product and those common to the platform. https://cloud.tencent.com/document/api/866/132862 and
 * https://cloud.tencent.com/document/product/866/45470.
 */
export const tencentRegistryCodes: RegistryCodes = {
  'VerifyResult.1': ['match', 'all that was asked agrees (charged)'],
  'VerifyResult.0': ['mismatch', 'something does not agree (charged)'],
  'StatusCode.1': ['later', 'a fault of the vendor (not charged)'],
  'StatusCode.2': ['no_record', 'no such company is found (not charged)'],
  'OperatingStatus.0': ['not_operating', 'another state than those that follow'],
  'OperatingStatus.2': [
    'not_operating',
    'moved out; where the legal representative is asked about: not in operation',
  ],
  'OperatingStatus.3': ['not_operating', 'deregistered (注销)'],
  'OperatingStatus.4': ['not_operating', 'licence revoked (吊销)'],
  'OperatingStatus.5': ['not_operating', 'registration annulled (撤销)'],
  'OperatingStatus.6': ['not_operating', 'business stopped (停业)'],
  'OperatingStatus.7': ['not_operating', 'registration annulled (撤销登记)'],
  'OperatingStatus./': [
    'operator',
    'all agrees, and the vendor cannot tell whether the company is in operation',
  ],

  'FailedOperation.QueryNoRecord': ['no_record', 'no such company is found'],
  'FailedOperation.ArrearsError': ['operator', 'the account owes money'],
  'FailedOperation.CountLimitError': ['operator', 'the quota of today is used up'],
  'FailedOperation.UnOpenError': ['operator', 'the service is not activated'],
  'FailedOperation.UnKnowError': ['later', 'an unknown fault of the vendor'],
  'FailedOperation.UnKnown': ['later', 'an unknown fault of the vendor'],
  'FailedOperation.DetectFailed': ['later', 'the look-up failed'],
  'FailedOperation.EngineRecognizeTimeout': ['later', 'the vendor ran out of time'],
  FailedOperation: ['operator', 'the operation failed for a reason that is not listed here'],
  'InvalidParameterValue.InvalidParameterValueLimit': ['malformed', 'a value the vendor does not take'],
  'ResourcesSoldOut.ChargeStatusException': ['operator', 'the billing of the account is in disorder'],
  ResourcesSoldOut: ['operator', 'the package of calls is used up'],
  'ResourceUnavailable.InArrears': ['operator', 'the account owes money'],
  ...tencentPlatformCodes,
};

/** `OperatingStatus` of an answer about name and code. */
export const tencentStatuses: Readonly<Record<string, OperatingStatus>> = {
  '0': 'other',
  '1': 'operating',
  '2': 'moved_out',
  '3': 'deregistered',
  '4': 'licence_revoked',
  '5': 'registration_annulled',
  '6': 'closed',
  '7': 'registration_annulled',
};
