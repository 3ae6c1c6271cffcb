import { editableStates } from './case-machine.ts';
import type { CaseImage, ImageKind, ReviewPart, StepName, VerificationCase } from './case.ts';
import { documentRule, type DocumentSide } from './documents/document-types.ts';
import { isAboutCompany, isAboutPerson } from './scope.ts';

/** A case with what the steps need to know of its pictures. */
export type CaseView = { readonly case: VerificationCase; readonly images: readonly CaseImage[] };

type Step = {
  /** The part of the case that a reviewer asks for again; absent for steps that are never asked for again. */
  readonly part?: ReviewPart;
  /** The picture this step takes. */
  readonly image?: ImageKind;
  /** Whether the step belongs to this case at all. */
  readonly applies: (view: CaseView) => boolean;
  /** Whether what the step asks for is there. */
  readonly done: (view: CaseView) => boolean;
};

const always = (): boolean => true;
const ofPerson = (view: CaseView): boolean => isAboutPerson(view.case);
const ofCompany = (view: CaseView): boolean => isAboutCompany(view.case);
const hasImage = ({ images }: CaseView, kind: ImageKind): boolean =>
  images.some((image) => image.kind === kind && (image.complaint === undefined || image.insisted));

const side = (kind: DocumentSide): Step => ({
  part: 'document',
  image: kind,
  applies: ({ case: { answers, scope } }) =>
    isAboutPerson({ scope }) &&
    answers.documentType !== undefined &&
    documentRule(answers.documentType).sides.includes(kind),
  done: (view) => hasImage(view, kind),
});

/** The journey: which step applies when, and when it is done. Order is that of `stepNames`; nothing else routes. */
export const steps: { readonly [name in StepName]: Step } = {
  licence: {
    part: 'company',
    image: 'licence',
    applies: ofCompany,
    done: (view) => hasImage(view, 'licence'),
  },
  company: { part: 'company', applies: ofCompany, done: (view) => view.case.answers.company !== undefined },
  image_consent: { applies: ofPerson, done: (view) => view.case.consents.id_images !== undefined },
  document_type: {
    part: 'document',
    applies: ofPerson,
    done: (view) => view.case.answers.documentType !== undefined,
  },
  document_front: side('document_front'),
  document_back: side('document_back'),
  document_page: side('document_page'),
  person: { part: 'document', applies: ofPerson, done: (view) => view.case.answers.person !== undefined },
  supporting: {
    image: 'supporting',
    applies: ofCompany,
    done: (view) => view.case.answers.withoutSupporting === true || hasImage(view, 'supporting'),
  },
  route: { part: 'holder', applies: ofPerson, done: (view) => view.case.route !== undefined },
  face_consent: {
    part: 'holder',
    applies: (view) => ofPerson(view) && view.case.route === 'face',
    done: (view) => view.case.consents.face !== undefined,
  },
  selfie: {
    part: 'holder',
    image: 'selfie',
    applies: (view) => ofPerson(view) && view.case.route === 'face',
    done: (view) => hasImage(view, 'selfie'),
  },
  hand_held: {
    part: 'holder',
    image: 'hand_held',
    applies: (view) => ofPerson(view) && view.case.route === 'hand_held',
    done: (view) => hasImage(view, 'hand_held'),
  },
  check: { applies: always, done: () => false },
};

const order = Object.keys(steps) as StepName[];

/** The one dispatcher: what the person does next, from the stored state alone; undefined when nothing can be done. */
export function nextStep(view: CaseView): StepName | undefined {
  return pathOf(view).find((name) => !isDone(view, name));
}

/** Whether `name` may be shown now: it applies and everything before it is there. Going back is always allowed. */
export function isOpen(view: CaseView, name: StepName): boolean {
  const path = pathOf(view);
  const at = path.indexOf(name);
  return at >= 0 && path.slice(0, at).every((earlier) => isDone(view, earlier));
}

/** The steps of this case in order; when parts were asked for again, theirs, what is missing besides, and the check. */
export function pathOf(view: CaseView): StepName[] {
  const { state } = view.case;
  if (!editableStates.includes(state)) return [];
  const asked = askedParts(view.case);
  return order.filter((name) => {
    const step = steps[name];
    if (!step.applies(view)) return false;
    if (state === 'open' || name === 'check' || !step.done(view)) return true;
    return step.part !== undefined && asked.has(step.part);
  });
}

export function isDone(view: CaseView, name: StepName): boolean {
  return steps[name].done(view) && !view.case.redo.includes(name);
}

/** Everything that is there, whatever was asked for again; a case is submitted only when this holds. */
export function isComplete(view: CaseView): boolean {
  return order.every((name) => name === 'check' || !steps[name].applies(view) || isDone(view, name));
}

/** Consent and the kinds of things are asked once; a picture that is missing asks for itself. */
const askedOnce: readonly StepName[] = ['face_consent', 'route', 'document_type'];

/** The steps that the named parts ask to be done again. */
export function stepsOfParts(parts: readonly ReviewPart[]): StepName[] {
  return order.filter((name) => {
    const { part } = steps[name];
    return part !== undefined && parts.includes(part) && !askedOnce.includes(name);
  });
}

/** The steps still to be redone once `done` was done again. */
export function withoutRedo(current: VerificationCase, done: StepName): StepName[] {
  return current.redo.filter((name) => name !== done);
}

/** The step that takes pictures of `kind`. */
export function stepOfImage(kind: ImageKind): StepName {
  return order.find((name) => steps[name].image === kind) as StepName;
}

function askedParts({ decision }: VerificationCase): ReadonlySet<ReviewPart> {
  return new Set(decision?.reasons.flatMap(({ step }) => step ?? []) ?? []);
}
