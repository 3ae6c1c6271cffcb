import { describe, expect, it } from 'vitest';
import type { ImageKind } from '../../../src/verification/case.ts';
import type { DocumentType } from '../../../src/verification/documents/document-types.ts';
import { complaintAbout } from '../../../src/verification/reading/complaints.ts';
import { faceComplaint, type FacePicture } from '../../../src/verification/reading/face-complaints.ts';
import { readPicture } from '../../../src/verification/reading/read-picture.ts';
import { defaultQualityThresholds } from '../../../src/verification/reading/thresholds.ts';
import type { DocumentSeen, PictureQuality, SeenFace } from '../../../src/verification/recogniser.ts';
import { cardBack, cardFront, goodQuality, seenOf, type Run } from './layout.ts';

const thresholds = { ...defaultQualityThresholds, screen: 0.9 };
const about = (kind: ImageKind, expected: DocumentType | undefined, seen: DocumentSeen) =>
  complaintAbout(kind, expected, seen, readPicture(kind, seen, '2026-06-01'), thresholds);
const front = (over: Partial<PictureQuality>, runs: readonly Run[] = cardFront()) =>
  about('document_front', 'resident_id', seenOf(runs, { quality: { ...goodQuality, ...over } }));
const withoutNumber = cardFront().slice(0, -2);
const licence: Run[] = [
  [500, 100, '营业执照', 70],
  [200, 220, '统一社会信用代码91440300192317458F'],
  [200, 330, '名称样本市范例信息科技有限公司'],
];

describe('a complaint about a picture of a document', () => {
  it('is not made of good pictures', () => {
    expect(front({})).toBeUndefined();
    expect(about('document_back', 'resident_id', seenOf(cardBack))).toBeUndefined();
    expect(about('licence', undefined, seenOf(licence))).toBeUndefined();
    expect(about('document_front', undefined, seenOf(cardFront()))).toBeUndefined();
  });

  it('is not made where everything was read in spite of dark, blur, distance or glare', () => {
    const spot = { left: 300, top: 200, width: 300, height: 200 };
    expect(front({ brightness: 0.05, sharpness: 3, glare: [spot] })).toBeUndefined();
    expect(
      front(
        {},
        cardFront().map(([x, y, text]) => [x, y, text, 8]),
      ),
    ).toBeUndefined();
  });

  it.each([
    ['too_dark', { brightness: 0.05 }, withoutNumber],
    ['blurred', { sharpness: 5 }, withoutNumber],
    ['glare', { glare: [{ left: 400, top: 640, width: 300, height: 120 }] }, withoutNumber],
    ['cut_off', { height: 450 }, withoutNumber],
    ['too_far', {}, withoutNumber.map(([x, y, text]): Run => [x, y, text, 8])],
    ['screen', { screen: 0.95 }, cardFront()],
    ['photocopy', { colour: 0.002 }, cardFront()],
    ['no_document', {}, []],
    ['too_dark', { brightness: 0.05 }, []],
  ] as const)('%s', (complaint, quality, runs) => {
    expect(front(quality, runs)).toBe(complaint);
  });

  it('is made of something that lies over a field, where all else is legible', () => {
    expect(front({}, cardFront().slice(0, -1))).toBe('glare');
    expect(front({}, withoutNumber)).toBe('cut_off');
  });

  it('is made of a passport page whose zone is not on it', () => {
    const page: Run[] = [
      [500, 100, '护照 PASSPORT'],
      [500, 200, '护照号 E12345678'],
      [500, 300, '姓名 范例'],
    ];
    expect(about('document_page', undefined, seenOf(page))).toBe('cut_off');
  });

  it('is not made of glare far from the text', () => {
    const spot = { left: 5000, top: 3000, width: 900, height: 600 };
    const few = cardFront().slice(-2, -1);
    expect(front({ width: 6000, height: 4000, glare: [spot] }, few)).not.toBe('glare');
  });

  it.each([
    ['document_front', 'resident_id', cardBack, 'wrong_side'],
    ['document_back', 'resident_id', cardFront(), 'wrong_side'],
    ['document_back', undefined, cardFront(), 'wrong_side'],
    ['document_front', 'hk_macao_permit', cardFront(), 'wrong_document'],
    ['document_page', 'passport_cn', cardFront(), 'wrong_document'],
    ['document_front', 'resident_id', licence, 'wrong_document'],
    ['licence', undefined, cardFront(), 'wrong_document'],
  ] as const)('%s of %s', (kind, expected, runs, complaint) => {
    expect(about(kind, expected, seenOf(runs))).toBe(complaint);
  });

  it('is made of clear text of something else, and not of a few words', () => {
    const words = ['样本报纸第一版', '今天天气很好', '昨天下雨', '明天有风', '后天有雪', '上周没有'];
    const lines = words.map((text, i): Run => [100, 100 + 80 * i, text]);
    expect(front({}, lines)).toBe('wrong_document');
    expect(front({}, lines.slice(0, 2))).toBeUndefined();
  });

  it('is never made of a black-and-white copy of a licence', () => {
    const seen = seenOf(licence, { quality: { ...goodQuality, colour: 0 } });
    expect(about('licence', undefined, seen)).toBeUndefined();
  });

  it('is not made of a dark picture for want of colour', () => {
    expect(front({ brightness: 0.07, colour: 0.006 })).toBeUndefined();
  });

  it('takes a likeness to a screen for one only where the policy says from where on', () => {
    const about = (screen: number, threshold = defaultQualityThresholds.screen) => {
      const seen = seenOf(cardFront(), { quality: { ...goodQuality, screen } });
      const reading = readPicture('document_front', seen, '2026-06-01');
      const thresholds = { ...defaultQualityThresholds, screen: threshold };
      return complaintAbout('document_front', 'resident_id', seen, reading, thresholds);
    };
    // What photographs of specimens measured at most, and those of screens at least.
    expect([about(0.32), about(0.9)]).toEqual([undefined, 'screen']);
    expect(about(1, 1.01)).toBeUndefined();
  });

  it('is none of the text of a photo with a person', () => {
    expect(about('selfie', undefined, seenOf([]))).toBeUndefined();
    expect(about('hand_held', undefined, seenOf([]))).toBeUndefined();
  });
});

describe('a complaint about a picture of a face', () => {
  const face = (width: number, score = 0.95): SeenFace => ({
    box: { left: 0, top: 0, width, height: width },
    score,
    yaw: 0,
    pitch: 0,
    eyesOpen: 1,
    liveness: 0.9,
    template: new Float32Array(512),
    aligned: Buffer.alloc(0),
  });
  const of = (kind: FacePicture, faces: SeenFace[], quality: Partial<PictureQuality> = {}) =>
    faceComplaint(kind, { faces, quality: { ...goodQuality, ...quality } }, defaultQualityThresholds);

  it.each([
    ['selfie', [], 'no_face'],
    ['selfie', [face(300, 0.2)], 'no_face'],
    ['selfie', [face(60)], 'face_too_small'],
    ['selfie', [face(300), face(250)], 'several_faces'],
    ['selfie', [face(300), face(60)], undefined],
    ['selfie', [face(300)], undefined],
    ['document_front', [], 'no_card_face'],
    ['document_front', [face(120), face(110)], undefined],
    ['document_page', [face(120)], undefined],
    ['hand_held', [], 'no_face'],
    ['hand_held', [face(300)], 'no_card_face'],
    ['hand_held', [face(300), face(50)], undefined],
    ['hand_held', [face(300), face(12)], 'face_too_small'],
    ['hand_held', [face(300), face(280), face(50)], 'several_faces'],
  ] as const)('%s', (kind, faces, complaint) => {
    expect(of(kind, [...faces])).toBe(complaint);
  });

  it('names the dark or the blur that hides a face', () => {
    expect(of('selfie', [], { brightness: 0.05 })).toBe('too_dark');
    expect(of('hand_held', [face(300)], { sharpness: 3 })).toBe('blurred');
    expect(of('document_front', [], { sharpness: 3 })).toBe('blurred');
  });

  it('takes a face as soft as front cameras make it, where text would be lost', () => {
    expect(of('selfie', [face(300)], { sharpness: 8 })).toBeUndefined();
    expect(of('selfie', [face(300)], { sharpness: 4 })).toBe('blurred');
    expect(of('document_front', [], { sharpness: 8 })).toBe('blurred');
  });
});
