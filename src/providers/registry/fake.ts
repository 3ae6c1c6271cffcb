import type { CompanyRegistry, CompareEntry, RegistryEntry } from '../../companies/index.ts';
import type { Clock } from '../../core/clock.ts';
import type { OperatingStatus, RegistryQuestion } from '../../verification/index.ts';
import { createFailOnce } from '../fail-once.ts';
import { unavailable, without } from './answers.ts';

/** What stands in a company's name → its state in the register; no real company is called 样本. */
const states: Readonly<Record<string, OperatingStatus>> = {
  注销样本: 'deregistered',
  吊销样本: 'licence_revoked',
  撤销样本: 'registration_annulled',
  停业样本: 'closed',
  到期样本: 'term_ended',
};

/** Reads its answer from the company’s name, so that any outcome can be had by hand. Refuses to load in production. */
export function createFakeRegistry(
  mode: 'development' | 'production',
  { clock, compare }: { readonly clock: Clock; readonly compare: CompareEntry },
): CompanyRegistry {
  if (mode === 'production') throw new Error('the fake registry does not exist in production');
  const failsNow = createFailOnce();
  return {
    name: 'fake',
    async look(question) {
      const { name, reference } = question;
      if (name.includes('停用样本')) return unavailable('fake_operator', false);
      if (name.includes('长期故障样本')) return unavailable('fake_later', true);
      if (name.includes('故障样本') && failsNow(reference)) return unavailable('fake_later', true);
      if (name.includes('查无样本')) return without('no_record');
      if (name.includes('格式样本')) return without('malformed');
      return compare(entryFor(question), question, clock.now());
    },
  };
}

function entryFor({ name, legalRepresentative = '' }: RegistryQuestion): RegistryEntry {
  const state = Object.keys(states).find((part) => name.includes(part));
  return {
    name: name.includes('异名样本') ? `${name}（已更名）` : name,
    legalRepresentative: name.includes('异法人样本') ? '他人样本' : legalRepresentative,
    status: states[state ?? ''] ?? 'operating',
    type: '有限责任公司',
  };
}
