/** The cosine of two templates, −1 to 1; thresholds are policy. */
export function likeness(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}
