import type { CompanyId } from '../../core/ids.ts';
import type { State } from '../context.ts';
import { formatDay } from '../dates.ts';
import { askRepresentatives, stepHref } from './company/wording.ts';
import type { OwnCompany } from './company/own-companies.ts';

/** What the overview says about recruiting; the entitlements feature knows it. */
export type RecruiterStanding = {
  readonly status: 'eligible' | 'limited' | 'in_review' | 'suspended' | 'ineligible';
  /** What the person can do about it, as the entitlements name it. */
  readonly nextStep: string;
  readonly reasons: readonly string[];
  readonly company?: string;
  /** The same for each company they have to do with. */
  readonly companies: readonly { readonly companyId: CompanyId; readonly nextStep: string }[];
};

/** Steps that are done at a company. */
const companySteps = [
  'ask_administrator',
  'join_company',
  'prove_membership',
  'renew_membership',
  'renew_company',
  'show_company_licence',
];

/** Where the next step is done: at the one company that it is about where there is one, else in the list of them. */
export function sayStep(
  { t, lang }: Pick<State, 't' | 'lang'>,
  { nextStep, reasons, companies }: RecruiterStanding,
  own: readonly OwnCompany[],
) {
  if (reasons.includes('person_rejected')) {
    const [title, body, action] = ['title', 'body', 'action'].map((part) =>
      t(`account.next.rejected_${part}`),
    );
    return { href: '/verify', title, body, action };
  }
  // A letter of authorisation under review is looked at from the company's page.
  const waits = nextStep === 'wait' && reasons.includes('membership_in_review');
  if (waits) return { href: '/company' };
  if (!companySteps.includes(nextStep)) return { href: '/verify' };
  const [only, ...others] = companies.filter((one) => one.nextStep === nextStep);
  if (!only || others.length > 0) return { href: '/company' };
  const home = `/company/${only.companyId}`;
  const company = own.find(({ id }) => id === only.companyId);
  if (!company) return { href: home };
  const { name, recheckAt, represents, representatives } = company;
  const lapsed =
    nextStep === 'renew_company' && recheckAt !== undefined
      ? t('account.next.lapsed', { company: name, date: formatDay(lang, recheckAt) })
      : undefined;
  const told = lapsed === undefined ? {} : { body: lapsed };
  if (represents) {
    const then = lapsed === undefined ? {} : { then: t('account.next.lapsed_renew') };
    return { href: stepHref(nextStep, company) ?? home, ...told, ...then };
  }
  if (!['renew_company', 'show_company_licence'].includes(nextStep)) return { href: home };
  return {
    href: home,
    ...told,
    then: askRepresentatives(t, representatives),
    action: t('account.next.see_company'),
  };
}

/** The companies somebody acts for that have to be verified again soon. */
export function sayDue({ t, lang }: Pick<State, 't' | 'lang'>, own: readonly OwnCompany[]) {
  return own
    .filter(({ state }) => state === 'due')
    .map(({ id, name, recheckAt, represents, representatives }) => ({
      title: t('account.due', {
        company: name,
        date: recheckAt === undefined ? '' : formatDay(lang, recheckAt),
      }),
      renew: represents ? `/company/${id}/renew` : undefined,
      ask: askRepresentatives(t, representatives),
    }));
}
