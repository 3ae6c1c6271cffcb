import { tencentPlatformCodes } from '../tencent/platform-codes.ts';
import type { Codes } from './meaning.ts';

/**
 * Tencent Cloud FaceID, version 2018-03-01: results of `IdCardVerification` (`Result.…`) and `ImageRecognitionV2`
 * (`Result.Success`, `FailedOperation.…`), then the errors of both and those common to the platform.
 * https://www.tencentcloud.com/zh/document/api/1061/79049, https://cloud.tencent.com/document/api/1007/102203 and
 * https://cloud.tencent.com/api/error-center?product=faceid.
 */
export const tencentCodes: Codes = {
  'Result.0': ['match', 'name and number agree (charged)'],
  'Result.-1': ['mismatch', 'name and number do not agree (charged)'],
  'Result.-2': ['malformed', 'not a number: its length or its check digit'],
  'Result.-3': ['malformed', 'not a name: its length or its form'],
  'Result.-4': ['later', 'the register of documents does not answer'],
  'Result.-5': ['no_record', 'the register holds no such number'],
  'Result.-6': ['later', 'the register is being upgraded'],
  'Result.-7': ['operator', 'this person was asked about too often today'],
  'Result.Success': ['match', 'name, number and face agree (charged)'],

  'FailedOperation.CompareLowSimilarity': ['mismatch', 'the face is less like the register’s than 70 of 100'],
  'FailedOperation.IdNameMisMatch': ['mismatch', 'name and number do not agree'],
  'FailedOperation.IdNoExistSystem': ['no_record', 'the register holds no such number'],
  'FailedOperation.IdPhotoNoExist': ['no_record', 'the register holds no photo for the number'],
  'FailedOperation.IdPhotoPoorQuality': ['no_record', 'the register’s photo cannot be compared with'],
  'FailedOperation.IdFormatError': ['malformed', 'not a number'],
  'FailedOperation.NameFormatError': ['malformed', 'not a name'],
  'FailedOperation.LifePhotoDetectFaces': ['malformed', 'several faces in the picture sent'],
  'FailedOperation.LifePhotoDetectNoFaces': ['malformed', 'no complete face in the picture sent'],
  'FailedOperation.LifePhotoDetectFake': ['malformed', 'the picture sent may not be of a living person'],
  'FailedOperation.LifePhotoPoorQuality': ['malformed', 'the picture sent has too few pixels'],
  'FailedOperation.LifePhotoSizeError': ['malformed', 'the picture sent is too large or too small'],
  'FailedOperation.CompareFail': ['later', 'the comparison failed'],
  'FailedOperation.CompareLibServiceUnavailable': ['later', 'the register is being maintained'],
  'FailedOperation.CompareSystemError': ['later', 'the comparing engine failed'],
  'FailedOperation.IdPhotoSystemNoanswer': ['later', 'the register gave no photo'],
  'FailedOperation.IdentityAuthLimitExceeded': ['operator', 'this person was asked about too often today'],
  'FailedOperation.DecryptSystemError': ['operator', 'fields could not be decrypted'],
  'FailedOperation.StsUnAuthErrError': ['operator', 'the temporary credentials are not authorised'],
  'FailedOperation.UnKnown': ['later', 'an unknown fault of the vendor'],
  FailedOperation: ['operator', 'the operation failed for a reason that is not listed here'],

  'InvalidParameter.UnsupportEncryptField': ['operator', 'the account demands encrypted fields'],
  'UnauthorizedOperation.Arrears': ['operator', 'the account owes money'],
  'UnauthorizedOperation.ChargeStatusException': ['operator', 'the billing of the account is in disorder'],
  'UnauthorizedOperation.NonAuthorize': ['operator', 'the account holder is not verified'],
  'UnauthorizedOperation.Nonactivated': ['operator', 'the service is not activated'],
  'ResourceUnavailable.ChargeStatusException': ['operator', 'the billing of the account is in disorder'],
  ...tencentPlatformCodes,
};
