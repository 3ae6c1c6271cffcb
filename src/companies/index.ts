/**
 * Companies and their recruiters. A company is one row per unified social credit code, however often it is named;
 * a membership says who acts for it and since when. Company evidence is not personal data and is kept apart.
 */
export {
  companyMachine,
  membershipMachine,
  type Company,
  type CompanyState,
  type Membership,
  type MembershipState,
} from './company.ts';
export type { CompanyStore, CompanyStores, MembershipStore } from './company-store.ts';
export { createCompanies, type Companies, type CompaniesDeps } from './companies.ts';
