/** In-place fast Fourier transform of a complex signal whose length is a power of two (Cooley and Tukey, radix 2). */
function transform(real: Float64Array, imaginary: Float64Array, cosines: Float64Array): void {
  const n = real.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [real[i], real[j]] = [real[j] as number, real[i] as number];
      [imaginary[i], imaginary[j]] = [imaginary[j] as number, imaginary[i] as number];
    }
  }
  for (let size = 2; size <= n; size *= 2) {
    for (let k = 0; k < size / 2; k++) {
      const turn = k * (n / size);
      // The table has one turn; −sin is a quarter of it further.
      const cos = cosines[turn] as number;
      const sin = cosines[(turn + n / 4) % n] as number;
      for (let a = k, b = k + size / 2; a < n; a += size, b += size) {
        const re = (real[b] as number) * cos - (imaginary[b] as number) * sin;
        const im = (real[b] as number) * sin + (imaginary[b] as number) * cos;
        real[b] = (real[a] as number) - re;
        imaginary[b] = (imaginary[a] as number) - im;
        real[a] = (real[a] as number) + re;
        imaginary[a] = (imaginary[a] as number) + im;
      }
    }
  }
}

/** Cosines of one turn in `n` steps. */
const turnOf = (n: number) => Float64Array.from({ length: n }, (_, i) => Math.cos((2 * Math.PI * i) / n));

/**
 * Power of the spatial frequencies of a square patch (side a power of two), under a Hann window and without its mean.
 * Index `fy · side + fx`; frequencies above half the side are the negative ones.
 */
export function powerSpectrum(patch: Float64Array, side: number): Float64Array {
  const mean = patch.reduce((sum, value) => sum + value, 0) / patch.length;
  const cosines = turnOf(side);
  const window = cosines.map((cosine) => 0.5 - 0.5 * cosine);
  const real = patch.map(
    (value, i) => (value - mean) * (window[i % side] as number) * (window[Math.floor(i / side)] as number),
  );
  const imaginary = new Float64Array(patch.length);
  for (let y = 0; y < side; y++) {
    transform(real.subarray(y * side, (y + 1) * side), imaginary.subarray(y * side, (y + 1) * side), cosines);
  }
  const [columnReal, columnImaginary] = [new Float64Array(side), new Float64Array(side)];
  const power = new Float64Array(patch.length);
  for (let x = 0; x < side; x++) {
    for (let y = 0; y < side; y++) {
      columnReal[y] = real[y * side + x] as number;
      columnImaginary[y] = imaginary[y * side + x] as number;
    }
    transform(columnReal, columnImaginary, cosines);
    for (let y = 0; y < side; y++) {
      power[y * side + x] = (columnReal[y] as number) ** 2 + (columnImaginary[y] as number) ** 2;
    }
  }
  return power;
}
