import { readingsOf } from './analysis.ts';
import type { CaseImage, ImageKind } from './case.ts';
import { pictureFinding, type Finding, type FindingCode } from './findings.ts';
import type { Inspected, OfCompany, OfPerson } from './inspect.ts';
import { nameKey } from './documents/names.ts';
import { compareWithRead, type Difference, type ReadField } from './reading/index.ts';

const documentKinds = ['document_front', 'document_back', 'document_page'] as const;

/** The field without which a picture of that kind was not read. */
const essential: { readonly [kind in ImageKind]?: ReadField } = {
  document_front: 'number',
  document_page: 'number',
  document_back: 'expiresOn',
  licence: 'creditCode',
};

/** Whether the document could be read, and what was typed agrees with it. */
export function documentReading(input: OfPerson): Finding[] {
  const kinds = documentKinds.filter((kind) => input.images.some((image) => image.kind === kind));
  const differences = compareWithRead(input.case.answers, readingsOf(input.analyses));
  const source = sourceOf(input, kinds[0]);
  return [
    pictureReading('document_reading', input, kinds),
    pictureFinding('document_picture', complaintOn(input, kinds)),
    compared('document_data', differences, documentFields, source),
    compared('document_name', differences, ['name'], source),
  ];
}

/** Whether the licence could be read, agrees with what was typed, and says something about this person. */
export function companyReading(input: OfCompany): Finding[] {
  const differences = compareWithRead(input.case.answers, readingsOf(input.analyses));
  const source = sourceOf(input, 'licence');
  return [
    pictureReading('licence_reading', input, ['licence']),
    pictureFinding('licence_picture', complaintOn(input, ['licence'])),
    compared('licence_data', differences, ['creditCode', 'companyName'], source),
    membershipEvidence(input, source),
    supporting(input),
  ];
}

const documentFields: readonly ReadField[] = ['number', 'birthDate', 'sex', 'expiresOn', 'issuingState'];

function pictureReading(code: FindingCode, input: Inspected, kinds: readonly ImageKind[]): Finding {
  const source = sourceOf(input, kinds[0]);
  const failure = kinds.map(
    (kind) => input.analyses[kind]?.failure ?? (input.analyses[kind] ? undefined : 'unseen'),
  );
  const failed = failure.find((one) => one !== undefined);
  if (failed !== undefined) return { code, outcome: 'not_run', detail: failed };
  const unread = kinds.find((kind) => {
    const field = essential[kind];
    return field !== undefined && input.analyses[kind]?.reading?.fields[field] === undefined;
  });
  return { code, outcome: unread ? 'unreadable' : 'ok', ...(unread ? { detail: unread } : {}), ...source };
}

const complaintOn = ({ images }: Inspected, kinds: readonly ImageKind[]): CaseImage['complaint'] =>
  images.find(({ kind, complaint }) => complaint && kinds.includes(kind))?.complaint;

function compared(
  code: FindingCode,
  differences: readonly Difference[],
  fields: readonly ReadField[],
  source: { source?: string },
): Finding {
  const own = differences.filter(({ field }) => fields.includes(field));
  const differing = own.find(({ kind, matters }) => kind === 'differs' && matters);
  if (differing) return { code, outcome: 'attention', detail: `${differing.field}_differs`, ...source };
  const unread = own.find(({ matters }) => matters);
  if (unread) return { code, outcome: 'attention', detail: `${unread.field}_${unread.kind}`, ...source };
  return { code, outcome: 'ok', ...source };
}

/**
 * A licence proves the company, not that this person may act for it. Only where it names the verified person as legal
 * representative does the machine need nobody else, and only for a company that nobody else acts for: two people may
 * have the same name, and a copy of a licence is easily had. A registry that names the same one supports it, one that
 * names another takes it away.
 */
function membershipEvidence(
  { analyses, actor, company, registry }: OfCompany,
  source: { source?: string },
): Finding {
  if (company?.actedFor) {
    return { code: 'membership_evidence', outcome: 'attention', detail: 'company_taken', ...source };
  }
  if (actor === undefined) {
    return { code: 'membership_evidence', outcome: 'attention', detail: 'person_not_verified', ...source };
  }
  const representative = analyses.licence?.reading?.fields.legalRepresentative;
  // What was read faintly and is the very name of the document was read right.
  const contradicted = representative?.doubt === 'sources_differ';
  const same = representative && !contradicted && nameKey(representative.value) === nameKey(actor);
  const registered = registry === 'none' ? undefined : registry.registered.legalRepresentative;
  if (same && registered === 'agrees')
    return { code: 'membership_evidence', outcome: 'ok', detail: 'registered_representative', ...source };
  return same && registered !== 'differs'
    ? { code: 'membership_evidence', outcome: 'ok', detail: 'legal_representative', ...source }
    : { code: 'membership_evidence', outcome: 'attention', detail: 'not_representative', ...source };
}

/** A business card or badge supports a claim; its absence says nothing. */
function supporting({ analyses, actor, named }: OfCompany): Finding {
  const supports = analyses.supporting?.supports;
  if (!supports) return { code: 'supporting_document', outcome: 'not_run', detail: 'none' };
  const { sought } = supports;
  if (nameKey(sought.name) !== nameKey(actor ?? '') || sought.company !== named.name)
    return { code: 'supporting_document', outcome: 'attention', detail: 'answers_changed' };
  if (supports.name && supports.company) return { code: 'supporting_document', outcome: 'ok' };
  const detail = supports.name ? 'company_not_seen' : 'name_not_seen';
  return { code: 'supporting_document', outcome: 'attention', detail };
}

function sourceOf({ analyses }: Inspected, kind: ImageKind | undefined): { source?: string } {
  const models = kind && analyses[kind]?.models;
  return models ? { source: models.text } : {};
}
