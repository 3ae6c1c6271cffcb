import type { DataCategory } from '../privacy/index.ts';
import type { ProfileField } from './profile.ts';

/** What information is used for. `personalised`: a more personal service, by choice. */
export type AccountPurpose = 'sign_in' | 'contact' | 'personalised';

export type AccountDatum = {
  /** The category of the policy's section (一). */
  readonly category: DataCategory;
  readonly purpose: AccountPurpose;
  /** `mandatory`: no account without it. `optional`: given and withdrawn field by field. */
  readonly basis: 'mandatory' | 'optional';
};

/** Everything personal this feature keeps, with its category and purpose; export, receipts and erasure start from here. */
export const accountData = {
  phone: { category: 'basic', purpose: 'sign_in', basis: 'mandatory' },
  password: { category: 'account', purpose: 'sign_in', basis: 'optional' },
  user_name: { category: 'account', purpose: 'personalised', basis: 'optional' },
  name: { category: 'basic', purpose: 'personalised', basis: 'optional' },
  sex: { category: 'basic', purpose: 'personalised', basis: 'optional' },
  birthdate: { category: 'basic', purpose: 'personalised', basis: 'optional' },
  industry: { category: 'basic', purpose: 'personalised', basis: 'optional' },
  work_history: { category: 'basic', purpose: 'personalised', basis: 'optional' },
  skills: { category: 'basic', purpose: 'personalised', basis: 'optional' },
  company: { category: 'basic', purpose: 'personalised', basis: 'optional' },
  email: { category: 'account', purpose: 'contact', basis: 'optional' },
} as const satisfies Readonly<Record<ProfileField | 'phone' | 'password', AccountDatum>>;
