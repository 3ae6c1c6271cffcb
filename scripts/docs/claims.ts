import { claimTable } from '../../src/oidc/index.ts';
import {
  companyRequirements,
  platformResource,
  reasons,
  scopeTable,
  signalScopes,
  type Requirement,
} from '../../src/entitlements/index.ts';
import { code, heading, table } from './markdown.ts';

const meanings: Readonly<Record<Requirement, string>> = {
  phone_verified: 'the account’s phone number was proven by a code',
  resume_complete: 'the résumé app attested a complete résumé',
  person_verified: 'the person is verified to a level whose checks ran, and the proof is in date',
  company_member: 'the person acts for a verified company',
  company_admin: 'the person administers the verified company they act for',
  recruiter_eligible: 'the recruiter status is `eligible`',
};

const acting = `Who belongs to several companies chooses one in the sign-in, where what is asked for depends on it: a scope or claim that requires
${list([...companyRequirements])}, or an essential \`recruiter_status\`. Scopes, \`company\`, \`recruiter_status\` and \`recruiter_reasons\`
are then those of that company, in every token of the sign-in. An access token with a scope that depends on the company names
it in \`company_code\` (its unified social credit code, also in introspection); bind what it is used for to that code.

- The choice holds as long as the grant. When the person may no longer act for the company, the next refresh loses what
  depends on it, opaque tokens with it end at once, and the next sign-in asks again: tokens never come to stand for another one.
- \`prompt=select_account\`, \`consent\` or \`login\` lets the person choose anew; choosing another company ends the grant before.
  \`select_account\` leads whoever has no companies to choose between to the choice of the account.
- The authorization parameter \`company\`, a unified social credit code, chooses beforehand: no question is asked if the person acts
  for it. If they do not, they are told so and may choose another or go back (\`access_denied\`); look at \`company_code\`.
- With \`prompt=none\` an open choice is answered \`account_selection_required\`, whatever \`company\` says, unless it names the company of the grant.
`;

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
    `Apps ask for the scopes of the signals API for themselves, by client credentials with the resource \`<issuer>/ssf\`; no sign-in yields them.\n`,
    table(
      ['scope', 'lets an app'],
      signalScopes.map(({ scope, meaning }) => [code(scope), meaning]),
    ),
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
    '## Acting for a company\n',
    acting,
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
