/** Where a measure of a picture begins to be a reason to take it again; data of the policy. */
export type QualityThresholds = {
  /** Mean luminance (0–1) below which a picture is too dark. */
  readonly darkest: number;
  /** Variance of the Laplacian at 960 px below which an illegible picture is called blurred. */
  readonly sharpness: number;
  /** The same for a picture of a face, which has no fine text to lose. */
  readonly faceSharpness: number;
  /** Share of the picture's area that one blown-out spot has to cover to count as glare. */
  readonly glareArea: number;
  /** Median height of the text in pixels, of a picture of at most 960 px on the longer side, below which it is too far. */
  readonly textHeight: number;
  /** Share of the width or height within which text touches the edge. */
  readonly edge: number;
  /** Mean chroma as a share of the mean luminance, below which a card counts as a black-and-white copy. */
  readonly colour: number;
  /**
   * Likeness to a screen (0–1) from which a picture counts as one of a screen; above 1 for never. Fine lines that genuine
   * cards are printed on have something of the pixels of one, hence the margin.
   */
  readonly screen: number;
  /** Lines of text, and their mean confidence, from which a document that is not known counts as the wrong one. */
  readonly otherLines: number;
  readonly otherConfidence: number;
  /** Probability (0–1) from which a find counts as a face. */
  readonly faceScore: number;
  /** Least width in pixels of a face that a person takes of themself. */
  readonly faceWidth: number;
  /** Least width in pixels of the portrait on a card that is held up. */
  readonly cardFaceWidth: number;
  /** Width of another face as a share of the first, from which it counts as a second person. */
  readonly secondFace: number;
};

/** Measured on generated specimens; set so that good pictures pass and doubtful ones are left to the reading itself. */
export const defaultQualityThresholds: QualityThresholds = {
  darkest: 0.15,
  sharpness: 25,
  faceSharpness: 5,
  glareArea: 0.01,
  textHeight: 17,
  edge: 0.004,
  colour: 0.01,
  screen: 0.8,
  otherLines: 6,
  otherConfidence: 0.85,
  faceScore: 0.6,
  faceWidth: 90,
  cardFaceWidth: 24,
  secondFace: 0.55,
};
