import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isDone,
  isOpen,
  nextStep,
  pathOf,
  type CaseScope,
  type CaseView,
  type DocumentType,
  type ImageKind,
  type ReviewPart,
  type StepName,
} from '../../src/verification/index.ts';
import { caseScopes, imageKinds, reviewParts, stepNames } from '../../src/verification/case.ts';
import { isComplete, stepsOfParts } from '../../src/verification/steps.ts';

type Given = {
  scope: CaseScope;
  company: boolean;
  consent: boolean;
  type: DocumentType | undefined;
  person: boolean;
  withoutSupporting: boolean;
  route: 'face' | 'hand_held' | undefined;
  face: boolean;
  images: ImageKind[];
  complained: ImageKind[];
  insisted: ImageKind[];
  state: CaseView['case']['state'];
  parts: ReviewPart[];
  redo: StepName[];
};

function view(given: Given): CaseView {
  return {
    case: {
      state: given.state,
      scope: given.scope,
      route: given.route,
      redo: given.redo,
      consents: { ...(given.consent ? { id_images: 'r' } : {}), ...(given.face ? { face: 'r' } : {}) },
      answers: {
        ...(given.company ? { company: {} } : {}),
        ...(given.type ? { documentType: given.type } : {}),
        ...(given.person && given.type ? { person: { document: { type: given.type } } } : {}),
        ...(given.withoutSupporting ? { withoutSupporting: true } : {}),
      },
      decision: given.parts.length
        ? { reasons: given.parts.map((step) => ({ reason: 'x', step })) }
        : undefined,
    } as never,
    images: given.images.map((kind) => ({
      kind,
      complaint: given.complained.includes(kind) ? 'blurred' : undefined,
      insisted: given.insisted.includes(kind),
    })) as never,
  };
}

const anyCase = fc.record<Given>({
  scope: fc.constantFrom(...caseScopes),
  company: fc.boolean(),
  consent: fc.boolean(),
  type: fc.constantFrom(undefined, 'resident_id', 'passport_cn'),
  person: fc.boolean(),
  withoutSupporting: fc.boolean(),
  route: fc.constantFrom(undefined, 'face', 'hand_held'),
  face: fc.boolean(),
  images: fc.subarray([...imageKinds]),
  complained: fc.subarray([...imageKinds]),
  insisted: fc.subarray([...imageKinds]),
  state: fc.constantFrom('open', 'resubmission'),
  parts: fc.subarray([...reviewParts]),
  redo: fc.subarray([...stepNames]),
});

describe('the steps, whatever has been answered', () => {
  it('always have a next one, which is open', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const one = view(given);
        const next = nextStep(one);
        expect(next).toBeDefined();
        expect(isOpen(one, next as StepName)).toBe(true);
      }),
    );
  });

  it('never open the pictures of a document before the consent, nor the face before its own', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        fc.pre(given.state === 'open');
        const one = view(given);
        for (const step of ['document_type', 'document_front', 'document_page', 'hand_held'] as const) {
          if (isOpen(one, step)) expect(given.consent).toBe(true);
        }
        if (isOpen(one, 'selfie')) expect(given.face).toBe(true);
      }),
    );
  });

  it('let everything that is done be changed again', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const one = view(given);
        const path = pathOf(one);
        const until = path.indexOf(nextStep(one) as StepName);
        for (const step of path.slice(0, until + 1)) expect(isOpen(one, step)).toBe(true);
        for (const step of path.slice(until + 1)) expect(isOpen(one, step)).toBe(false);
      }),
    );
  });

  it('are complete exactly when an open case has only the check left', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        fc.pre(given.state === 'open');
        const one = view(given);
        expect(isComplete(one)).toBe(nextStep(one) === 'check');
      }),
    );
  });

  it('take a picture that was complained about only once the person insists', () => {
    fc.assert(
      fc.property(anyCase, fc.constantFrom(...imageKinds), (given, kind) => {
        fc.pre(given.images.includes(kind) && !(kind === 'supporting' && given.withoutSupporting));
        const accepted = !given.complained.includes(kind) || given.insisted.includes(kind);
        expect(isDone(view({ ...given, redo: [] }), kind)).toBe(accepted);
      }),
    );
  });

  it('open only what was asked for again and what is missing besides, in a resubmission', () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        fc.pre(given.state === 'resubmission');
        const path = pathOf(view(given));
        if (!given.parts.includes('company') && given.company) expect(path).not.toContain('company');
        if (!given.parts.includes('document') && given.person && given.type)
          expect(path).not.toContain('person');
        if (!given.parts.includes('holder') && given.route) expect(path).not.toContain('route');
      }),
    );
  });

  it('ask nobody for what the case is not about', () => {
    const ofCompany: StepName[] = ['licence', 'company', 'supporting'];
    fc.assert(
      fc.property(anyCase, (given) => {
        const path = pathOf(view(given));
        const asked = path.filter((step) => step !== 'check');
        if (given.scope === 'person') expect(asked.filter((step) => ofCompany.includes(step))).toEqual([]);
        if (given.scope === 'company') expect(asked.filter((step) => !ofCompany.includes(step))).toEqual([]);
        expect(path).toContain('check');
      }),
    );
  });

  it('are closed once the case is handed over', () => {
    const handed = view({
      scope: 'person_and_company',
      company: true,
      consent: true,
      type: 'resident_id',
      person: true,
      withoutSupporting: false,
      route: 'face',
      face: true,
      images: [...imageKinds],
      complained: [],
      insisted: [],
      state: 'in_review',
      parts: [],
      redo: [],
    });
    expect(nextStep(handed)).toBeUndefined();
    for (const step of stepNames) expect(isOpen(handed, step)).toBe(false);
  });

  it('are not done while they are asked for again', () => {
    const one = view({
      scope: 'person_and_company',
      company: true,
      consent: true,
      type: 'resident_id',
      person: true,
      withoutSupporting: false,
      route: 'face',
      face: true,
      images: [...imageKinds],
      complained: [],
      insisted: [],
      state: 'resubmission',
      parts: ['document'],
      redo: stepsOfParts(['document']),
    });
    expect(isDone(one, 'person')).toBe(false);
    expect(nextStep(one)).toBe('document_front');
  });
});
