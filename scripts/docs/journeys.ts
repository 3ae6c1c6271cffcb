import { companyCheckMachine, companyMachine, membershipMachine } from '../../src/companies/index.ts';
import { toMermaid } from '../../src/core/machine.ts';
import { caseMachine } from '../../src/verification/index.ts';
import { keyMachine } from '../../src/oidc/index.ts';
import { heading } from './markdown.ts';

/** Every state machine of the program; a test compares this list with the sources. */
const journeys = [
  {
    title: 'A verification case',
    source: 'src/verification/case-machine.ts',
    says: 'One attempt of a recruiter to be verified, person and company together.',
    diagram: toMermaid(caseMachine),
  },
  {
    title: 'A company',
    source: 'src/companies/company.ts',
    says: 'An organisation, known by its unified social credit code.',
    diagram: toMermaid(companyMachine),
  },
  {
    title: 'A membership',
    source: 'src/companies/company.ts',
    says: 'A person’s right to act for a company.',
    diagram: toMermaid(membershipMachine),
  },
  {
    title: 'A company check',
    source: 'src/companies/company-check.ts',
    says: 'Evidence about a company or a membership, handed in outside a personal verification.',
    diagram: toMermaid(companyCheckMachine),
  },
  {
    title: 'A signing key',
    source: 'src/oidc/keys.ts',
    says: 'Published before it signs and after, so that no app meets a signature it cannot check.',
    diagram: toMermaid(keyMachine),
  },
];

/** docs/journeys.md, from the state machines. */
export function journeysDocument(): string {
  const intro = `State machines are data in the program; the pages ask the stored state what comes next, and so do these diagrams. How a
recruiter's status is derived from the three of them is in [claims.md](claims.md).`;
  const sections = journeys.map(
    ({ title, source, says, diagram }) =>
      `## ${title}\n\n${says} From \`${source}\`.\n\n\`\`\`mermaid\n${diagram}\n\`\`\`\n`,
  );
  return `${heading('Journeys', 'the state machines', intro)}\n${sections.join('\n')}`;
}
