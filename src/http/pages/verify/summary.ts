import {
  compareWithRead,
  isAboutCompany,
  isAboutPerson,
  pathOf,
  steps,
  type CaseView,
  type PersonAnswers,
  type Readings,
  type StepName,
} from '../../../verification/index.ts';
import type { Context } from '../../context.ts';
import { stepPaths } from './journey.ts';
import { maskNumber, sayDay } from './wording.ts';

/** Row of the page → what it is called where it was read. */
const readAs = {
  company_name: 'companyName',
  credit_code: 'creditCode',
  name: 'name',
  number: 'number',
  birth_date: 'birthDate',
  expires_on: 'expiresOn',
  issuing_state: 'issuingState',
} as const;

/** What was answered, with a link to change it where that is possible now, and where the pictures say otherwise. */
export function summary(ctx: Context, view: CaseView, readings: Readings) {
  const { t } = ctx.state;
  const { answers, route, consents } = view.case;
  const compares = consents.face === undefined ? 'no' : 'yes';
  const { company, person } = answers;
  const open = pathOf(view);
  const href = (step: StepName) => (open.includes(step) ? stepPaths[step] : undefined);
  const differing = compareWithRead(view.case.answers, readings).filter(({ kind }) => kind === 'differs');
  const row = (
    key: keyof typeof readAs | 'document_type' | 'route' | 'compares',
    value: string | undefined,
    step: StepName,
  ) => {
    const differs = differing.some(
      ({ field }) => key in readAs && field === readAs[key as keyof typeof readAs],
    );
    return {
      key: t(`verify.field.${key}`),
      value,
      hint: differs ? t('verify.check.differs') : undefined,
      href: href(step),
    };
  };
  return {
    companyRows: company &&
      isAboutCompany(view.case) && [
        row('company_name', company.name, 'company'),
        row('credit_code', company.creditCode, 'company'),
      ],
    personRows: person && isAboutPerson(view.case) && personRows(person),
    holderRows: route &&
      isAboutPerson(view.case) && [
        row('route', t(`verify.route.${route}`), 'route'),
        ...(route === 'hand_held' ? [row('compares', t(`verify.compare.${compares}`), 'hand_held')] : []),
      ],
    pictures: open.concat(Object.keys(steps) as StepName[]).flatMap((step, at, all) => {
      const image = view.images.find(({ kind }) => kind === steps[step].image);
      if (!image || all.indexOf(step) !== at || !steps[step].applies(view)) return [];
      return [
        { name: t(`verify.picture.${image.kind}`), src: `/verify/images/${image.id}`, href: href(step) },
      ];
    }),
  };

  function personRows({ name, document, issuingState }: PersonAnswers) {
    return [
      row('name', name, 'person'),
      row('document_type', t(`verify.document.${document.type}`), 'person'),
      row('number', maskNumber(document.type, document.number), 'person'),
      row('birth_date', sayDay(ctx, document.birthDate), 'person'),
      row(
        'expires_on',
        document.expiresOn ? sayDay(ctx, document.expiresOn) : t('verify.long_term'),
        'person',
      ),
      ...(issuingState ? [row('issuing_state', issuingState, 'person')] : []),
    ];
  }
}
