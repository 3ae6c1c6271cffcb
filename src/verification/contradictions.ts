import { readingsOf, type Analyses } from './analysis.ts';
import type { CaseAnswers } from './case.ts';
import type { AnswerError, AnswerField } from './entries.ts';
import { compareWithRead, numberGroupOfDifference, type ReadField } from './reading/index.ts';

/** Field that was read → the answer it belongs to. */
const asked: { readonly [part in 'person' | 'company']: { readonly [field in ReadField]?: AnswerField } } = {
  person: { number: 'number', expiresOn: 'expiresOn', birthDate: 'birthDate' },
  company: { creditCode: 'creditCode' },
};

/**
 * Where an answer contradicts what was read without doubt: `differs_from_picture`. Most are slips of the keyboard; who
 * confirms the answer goes on, and a reviewer looks. For an identity number the group of digits is named.
 */
export function contradictions(
  typed: CaseAnswers,
  analyses: Analyses,
  part: 'person' | 'company',
): AnswerError[] {
  const readings = readingsOf(analyses);
  const errors = compareWithRead(typed, readings).flatMap(({ field, kind, matters }) => {
    const answer = asked[part][field];
    if (answer === undefined || kind !== 'differs' || !matters) return [];
    const read = Object.values(readings).find((one) => one.fields[field])?.fields[field];
    if (!read || read.doubt) return [];
    const number = field === 'number' ? typed.person?.document.number : undefined;
    const group = number && number.length === 18 ? numberGroupOfDifference(number, read.value) : undefined;
    return [{ field: answer, reason: group ? `differs_${group}` : 'differs_from_picture', params: {} }];
  });
  // A birth date that comes from the number is wrong with it, and stands in no field of its own.
  return errors.some(({ field }) => field === 'number')
    ? errors.filter(({ field }) => field !== 'birthDate')
    : errors;
}
