import { isMasked, type OpenedCase } from '../../../review/index.ts';
import type {
  CaseAnswers,
  CaseImage,
  FindingCode,
  ImageKind,
  ReadField,
} from '../../../verification/index.ts';
import type { Context } from '../../context.ts';
import { maskAddress, maskDate, maskNumber, groupNumber } from './masking.ts';

type Compared = {
  readonly field: ReadField;
  readonly label: string;
  readonly typed?: (answers: CaseAnswers) => string | undefined;
  readonly mask?: (value: string) => string;
  readonly full?: (value: string) => string;
};

/** What is laid side by side, in the order of a document; what is only read is there for the reviewer to know. */
const compared: readonly Compared[] = [
  { field: 'name', label: 'name', typed: ({ person }) => person?.name },
  {
    field: 'number',
    label: 'document_number',
    typed: ({ person }) => person?.document.number,
    mask: maskNumber,
    full: groupNumber,
  },
  { field: 'sex', label: 'sex', typed: ({ person }) => person?.document.sex },
  {
    field: 'birthDate',
    label: 'birth_date',
    typed: ({ person }) => person?.document.birthDate,
    mask: maskDate,
  },
  { field: 'address', label: 'address', mask: maskAddress },
  { field: 'issuingState', label: 'issuing_state', typed: ({ person }) => person?.issuingState },
  {
    field: 'expiresOn',
    label: 'expires_on',
    typed: ({ person }) => person && (person.document.expiresOn ?? 'long_term'),
  },
  { field: 'authority', label: 'authority' },
  { field: 'companyName', label: 'company_name', typed: ({ company }) => company?.name },
  { field: 'creditCode', label: 'credit_code', typed: ({ company }) => company?.creditCode },
  { field: 'legalRepresentative', label: 'legal_representative' },
];

/** A licence has a last day of its own, which is not the document's. */
const ofCompany: readonly ReadField[] = ['companyName', 'creditCode', 'legalRepresentative'];
const documentSides: readonly ImageKind[] = ['document_front', 'document_page', 'document_back'];

/** Typed beside read beside the part of the picture it was read from; masked unless it was asked for. */
export function comparison({ evidence }: OpenedCase, { state: { t } }: Context, isRevealed: boolean) {
  const { analyses, images, differences, case: found } = evidence;
  // Where nothing was read at all, every field would carry the same mark.
  const wasRead = Object.values(analyses).some(({ reading }) => reading);
  return compared.flatMap(({ field, label, typed, mask, full }) => {
    const kinds = ofCompany.includes(field) ? ['licence'] : documentSides;
    const source = images.find(({ kind }) => kinds.includes(kind) && analyses[kind]?.reading?.fields[field]);
    const read = source && analyses[source.kind]?.reading?.fields[field];
    const answer = typed?.(found.answers);
    if (answer === undefined && read === undefined) return [];
    const show = (value: string | undefined) => {
      if (value === undefined) return undefined;
      if (field === 'sex') return t(`review.sex.${value}`);
      if (field === 'expiresOn' && value === 'long_term') return t('review.field.no_expiry');
      if (!mask) return value;
      return isRevealed ? (full?.(value) ?? value) : mask(value);
    };
    const hasCrop = source !== undefined && analyses[source.kind]?.crops[field] !== undefined;
    const difference = wasRead ? differences.find((one) => one.field === field) : undefined;
    return [
      {
        label: t(`review.field.${label}`),
        typed: show(answer),
        read: show(read?.value),
        confidence: read && Math.round(read.confidence * 100),
        doubt: read?.doubt && t(`review.doubt.${read.doubt}`),
        difference: difference && { kind: difference.kind, text: t(`review.difference.${difference.kind}`) },
        crop:
          hasCrop && (isRevealed || !isMasked(field))
            ? `/staff/images/${source.id}/parts/${field}`
            : undefined,
      },
    ];
  });
}

const portraits = ['document_front', 'document_page', 'selfie', 'hand_held'] as const;

/** The faces, turned upright and cropped alike, in the order in which they are compared. */
export function faces({ evidence }: OpenedCase, { state: { t } }: Context) {
  const { analyses, images } = evidence;
  const source = (kind: (typeof portraits)[number]): CaseImage | undefined =>
    images.find((image) => image.kind === kind);
  const shown = portraits.flatMap((kind) => {
    const image = source(kind);
    const limit = kind === 'hand_held' ? 2 : 1;
    return (analyses[kind]?.faces ?? []).slice(0, limit).map((_, at) => ({
      src: `/staff/images/${image?.id ?? ''}/parts/face-${at}`,
      label: at === 0 ? t(`review.image.${kind}`) : t('review.faces.card'),
      isThere: image !== undefined,
    }));
  });
  return {
    shown: shown.filter(({ isThere }) => isThere),
    likeness: likenesses.flatMap((code) => {
      const measured = evidence.case.findings.find((one) => one.code === code && one.value !== undefined);
      return measured?.value === undefined
        ? []
        : [{ label: t(`review.finding.${code}`), text: measuredText(evidence, code, measured.value, t) }];
    }),
  };
}

const likenesses = ['face_match', 'hand_held_faces'] as const satisfies readonly FindingCode[];

/** "0.62; the same from 0.45, another below 0.30". */
export function measuredText(
  { bounds }: Pick<OpenedCase['evidence'], 'bounds'>,
  code: FindingCode,
  value: number,
  t: Context['state']['t'],
): string {
  const set = bounds[code];
  const measured = value.toFixed(2);
  if (!set) return measured;
  const ok = set.ok.toFixed(2);
  return set.no === undefined
    ? t('review.measured.from', { value: measured, ok })
    : t('review.measured.between', { value: measured, ok, no: set.no.toFixed(2) });
}
