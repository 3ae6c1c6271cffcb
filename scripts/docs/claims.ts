import { claimTable } from '../../src/oidc/index.ts';
import { platformResource, reasons, scopeTable, type Requirement } from '../../src/entitlements/index.ts';
import { code, heading, table } from './markdown.ts';

const meanings: Readonly<Record<Requirement, string>> = {
  phone_verified: 'the account’s phone number was proven by a code',
  resume_complete: 'the résumé app attested a complete résumé',
  person_verified: 'the person is verified to a level whose checks ran, and the proof is in date',
  company_member: 'the person acts for a verified company',
  company_admin: 'the person administers a verified company',
  recruiter_eligible: 'the recruiter status is `eligible`',
};

/** docs/claims.md, from the scope table, the claim table, the requirements and the reasons. */
export function claimsDocument(): string {
  const intro = `A scope the account is not entitled to is not granted, even if it was asked for and consented to; the token response says so.
When a status is lost the next refresh narrows the grant, when it is gained the next refresh widens it, up to what was consented to.
A claim comes with its scope, or by name in the \`claims\` parameter.`;
  return [
    heading('Scopes and claims', 'the scope and claim tables', intro),
    '## Scopes\n',
    table(
      ['scope', 'requires', 'resource'],
      scopeTable.map(({ scope, requires, resource }) => [
        code(scope),
        list(requires),
        resource ? code(resource) : '–',
      ]),
    ),
    `A scope with a resource goes into access tokens made out to it (RFC 8707, RFC 9068), which live ${platformResource.tokenLifetime / 60} minutes
at most. The rows with a resource are where an installation starts: an operator changes and extends them in the database.\n`,
    '## Claims\n',
    table(
      ['claim', 'scope', 'requires', 'category'],
      claimTable.map(({ claim, scope, requires, category }) => [
        code(claim),
        code(scope),
        list(requires),
        category,
      ]),
    ),
    '## Requirements\n',
    table(
      ['requirement', 'means'],
      Object.entries(meanings).map(([requirement, meaning]) => [code(requirement), meaning]),
    ),
    '## Recruiter status\n',
    `\`recruiter_status\` is derived, never edited. It is \`eligible\` exactly when no reason below holds; else the worst of them decides,
and \`recruiter_reasons\` lists all of them in the order in which to deal with them.\n`,
    table(
      ['reason', 'status', 'smallest next step'],
      Object.entries(reasons).map(([reason, { status, nextStep }]) => [
        code(reason),
        code(status),
        code(nextStep),
      ]),
    ),
  ].join('\n');
}

function list(requires: readonly Requirement[]): string {
  return requires.map(code).join(', ') || '–';
}
