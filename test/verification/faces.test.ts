import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareFaces,
  judgePrompts as judge,
  likeness,
  pairHandHeld,
  type Prompt,
  type PromptFaces,
} from '../../src/verification/faces.ts';
import type { SeenFace } from '../../src/verification/recogniser.ts';

/** A template whose likeness with `direction(0)` is the cosine of the angle. */
const direction = (degrees: number) =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));

const face = (over: Partial<SeenFace> = {}): SeenFace => ({
  box: { left: 100, top: 100, width: 200, height: 260 },
  score: 1,
  yaw: 1,
  pitch: 0,
  eyesOpen: 1,
  liveness: 1,
  template: direction(0),
  aligned: Buffer.alloc(0),
  ...over,
});
const at = (left: number, top: number, width: number) => ({ left, top, width, height: width * 1.3 });

describe('the comparison of two faces', () => {
  const policy = { match: 0.45, mismatch: 0.3 };

  it('is the cosine: 1 with itself, the same both ways, never beyond ±1', () => {
    const angle = fc.double({ min: -180, max: 180, noNaN: true });
    fc.assert(
      fc.property(angle, angle, (one, other) => {
        const [a, b] = [direction(one), direction(other)];
        expect(likeness(a, a)).toBeCloseTo(1, 5);
        expect(likeness(a, b)).toBe(likeness(b, a));
        expect(likeness(a, b)).toBeCloseTo(Math.cos(((one - other) * Math.PI) / 180), 5);
      }),
    );
  });

  it.each([
    [1, 'match'],
    [0.45, 'match'],
    [0.4499, 'unsure'],
    [0.3, 'unsure'],
    [0.2999, 'mismatch'],
    [-1, 'mismatch'],
    [Number.NaN, 'unsure'],
  ] as const)('calls %d a %s', (value, outcome) => {
    expect(compareFaces(value, policy)).toBe(outcome);
  });
});

describe('the pairing in a hand-held photo', () => {
  const person = face({ box: at(400, 200, 300) });

  it('takes the largest face for the person, and knows when there is no card or nobody', () => {
    expect(pairHandHeld([])).toBeUndefined();
    expect(pairHandHeld([person])).toEqual({ person });
  });

  it('takes a small face near the person for the card, in whatever order they come', () => {
    const card = face({ box: at(500, 900, 50) });
    const poster = face({ box: at(2000, 100, 60) });
    for (const faces of [
      [person, card, poster],
      [poster, card, person],
    ]) {
      expect(pairHandHeld(faces)).toEqual({ person, card });
    }
  });

  it('takes the small face that is most alike to the document, not the nearest and not one alike to the person', () => {
    const badge = face({ box: at(450, 700, 40), template: direction(0) });
    const card = face({ box: at(500, 900, 50), template: direction(80) });
    expect(pairHandHeld([person, badge, card], direction(85))).toEqual({ person, card });
  });

  it('does not take a second person, or somebody far behind, for the card', () => {
    const companion = face({ box: at(800, 220, 260) });
    const behind = face({ box: at(2300, 100, 40) });
    expect(pairHandHeld([person, companion, behind], direction(0))).toEqual({ person });
  });
});

describe('the judgement of prompts', () => {
  const judgePrompts = (prompts: readonly Prompt[], frames: readonly PromptFaces[]) =>
    judge(prompts, frames, { turn: 12, samePerson: 0.4 });
  const front: PromptFaces = { prompt: 'front', faces: [face()] };
  const left = face({ yaw: 21, template: direction(30) });
  const right = face({ yaw: -20, template: direction(-30) });
  const blink = face({ eyesOpen: 0.05, template: direction(20) });
  const good: Record<Prompt, SeenFace> = { left, right, blink };
  const frame = (prompt: Prompt, ...faces: SeenFace[]): PromptFaces => ({ prompt, faces });
  const judged = (prompt: Prompt, ...faces: SeenFace[]) =>
    judgePrompts([prompt], [front, frame(prompt, ...faces)]);

  it('passes one person who turns as asked and blinks, in whatever order the frames come', () => {
    const prompts = fc.uniqueArray(fc.constantFrom<Prompt>('left', 'right', 'blink'), { minLength: 1 });
    fc.assert(
      fc.property(prompts, fc.boolean(), (asked, reversed) => {
        const frames = [front, ...asked.map((prompt) => frame(prompt, good[prompt]))];
        const judgement = judgePrompts(asked, reversed ? frames.toReversed() : frames);
        expect(judgement).toEqual({ outcome: 'passed', detail: 'followed' });
      }),
    );
  });

  it('fails whatever is done with a still picture, because neither nose nor eyes move in it', () => {
    const held = fc.record({
      yaw: fc.double({ min: -8, max: 8, noNaN: true }),
      eyesOpen: fc.double({ min: 0.6, max: 1, noNaN: true }),
      template: fc.integer({ min: -25, max: 25 }).map(direction),
    });
    fc.assert(
      fc.property(fc.constantFrom<Prompt>('left', 'right', 'blink'), held, (prompt, over) => {
        expect(judged(prompt, face({ ...over, yaw: over.yaw / 2 })).outcome).toBe('failed');
      }),
    );
  });

  it.each<[string, Prompt, SeenFace, string]>([
    ['a turn to the other side', 'left', right, 'turned_away:left'],
    ['a turn that is too small', 'right', face({ yaw: -10, template: direction(10) }), 'not_turned:right'],
    ['somebody else who turns', 'left', { ...left, template: direction(75) }, 'other_person:left'],
    ['somebody else who blinks', 'blink', { ...blink, template: direction(70) }, 'other_person:blink'],
    ['open eyes', 'blink', face({ template: direction(5) }), 'eyes_not_closed:blink'],
    ['the frontal picture again', 'left', face({ yaw: 40 }), 'same_picture'],
    [
      'a template that is no number',
      'left',
      { ...left, template: Float32Array.of(Number.NaN, 0) },
      'other_person:left',
    ],
    ['an angle that is no number', 'left', { ...left, yaw: Number.NaN }, 'not_turned:left'],
  ])('fails %s', (_name, prompt, shown, detail) => {
    expect(judged(prompt, shown)).toEqual({ outcome: 'failed', detail });
  });

  it('is unclear about what cannot be seen', () => {
    const unclear = (prompts: Prompt[], frames: PromptFaces[]) => {
      const { outcome, detail } = judgePrompts(prompts, frames);
      expect(outcome).toBe('unclear');
      return detail;
    };
    expect(unclear([], [front])).toBe('no_prompts');
    expect(unclear(['left'], [])).toBe('no_frame:front');
    expect(unclear(['left'], [front])).toBe('no_frame:left');
    expect(unclear(['left'], [front, frame('left')])).toBe('no_face:left');
    expect(unclear(['left'], [front, frame('left', left, face())])).toBe('several_faces:left');
    expect(unclear(['left'], [{ prompt: 'front', faces: [face({ yaw: 30 })] }, frame('left', left)])).toBe(
      'not_frontal:front',
    );
    const asleep: PromptFaces = { prompt: 'front', faces: [face({ eyesOpen: 0.2 })] };
    expect(unclear(['blink'], [asleep, frame('blink', blink)])).toBe('eyes_not_open:front');
  });

  it('lets one good frame of several stand, and never one prompt for another', () => {
    const early = frame('left', face({ template: direction(3) }));
    expect(judgePrompts(['left'], [front, early, frame('left', left)]).outcome).toBe('passed');
    const both = [front, frame('left', left), frame('right', left)];
    expect(judgePrompts(['left', 'right'], both)).toEqual({ outcome: 'failed', detail: 'turned_away:right' });
  });
});
