import sharp, { type Sharp } from 'sharp';

/** RGB, eight bits a channel. */
export type Raster = { readonly data: Uint8Array; readonly width: number; readonly height: number };
/** Where a pixel of the result comes from. */
export type Remap = (x: number, y: number) => readonly [x: number, y: number];

export async function raster(image: Sharp): Promise<Raster> {
  const { data, info } = await image
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

export function fromRaster({ data, width, height }: Raster): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Fetches every pixel from where `remap` says, between four neighbours; the edge goes on outside. */
export function remapped(source: Raster, remap: Remap): Raster {
  const { width, height } = source;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [fromX, fromY] = remap(x, y);
      fetchPixel(source, fromX, fromY, data, (y * width + x) * 3);
    }
  }
  return { data, width, height };
}

/** Writes what stands at (x, y), between four neighbours, to `into` from `at` on. */
export function fetchPixel(
  { data, width, height }: Raster,
  x: number,
  y: number,
  into: Uint8Array,
  at: number,
): void {
  const left = Math.min(width - 2, Math.max(0, Math.floor(x)));
  const top = Math.min(height - 2, Math.max(0, Math.floor(y)));
  const right = Math.min(1, Math.max(0, x - left));
  const below = Math.min(1, Math.max(0, y - top));
  const row = width * 3;
  for (let channel = 0; channel < 3; channel += 1) {
    const from = top * row + left * 3 + channel;
    const upper = data[from]! * (1 - right) + data[from + 3]! * right;
    const lower = data[from + row]! * (1 - right) + data[from + row + 3]! * right;
    into[at + channel] = Math.round(upper * (1 - below) + lower * below);
  }
}

/** The surroundings of (x, y), within about `reach` pixels, come from (x + dx, y + dy) instead. */
export type Pull = {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly reach: number;
};

export function pulled(pulls: readonly Pull[]): Remap {
  return (x, y) => {
    let [toX, toY] = [x, y];
    for (const pull of pulls) {
      const distance = (x - pull.x) ** 2 + (y - pull.y) ** 2;
      if (distance > 9 * pull.reach ** 2) continue;
      const weight = Math.exp(-distance / (2 * pull.reach ** 2));
      toX += pull.dx * weight;
      toY += pull.dy * weight;
    }
    return [toX, toY];
  };
}

/** A head as half an ellipsoid with a nose on it, in pixels. */
export type Head = {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly depth: number;
  readonly nose: { readonly x: number; readonly y: number; readonly height: number; readonly reach: number };
};

/** The head turned by `degrees`; positive moves the nose to the right of the picture, what is behind it stays. */
export function turnedHead(head: Head, degrees: number): Remap {
  const angle = (degrees * Math.PI) / 180;
  const moved = (x: number, y: number): number => {
    const [u, v] = [(x - head.x) / head.halfWidth, (y - head.y) / head.halfHeight];
    const radius = u * u + v * v;
    if (radius >= 1) return 0;
    const bump = Math.exp(-((x - head.nose.x) ** 2 + (y - head.nose.y) ** 2) / (2 * head.nose.reach ** 2));
    const z = head.depth * Math.sqrt(1 - radius) + head.nose.height * bump;
    const fade = Math.min(1, (1 - radius) * 2);
    return z * Math.sin(angle) - (x - head.x) * (1 - Math.cos(angle)) * fade;
  };
  return (x, y) => {
    if (angle === 0 || Math.abs(x - head.x) > 1.8 * head.halfWidth || Math.abs(y - head.y) > head.halfHeight)
      return [x, y];
    // The nearest surface hides the rest, so the search starts in front of it and walks back.
    let from = x - moved(x, y) * 0.5;
    for (let round = 0; round < 12; round += 1) from += (x - moved(from, y) - from) * 0.6;
    return [from, y];
  };
}

/** An eye in a picture, in pixels. */
export type Eye = {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
};

/** Paints closed lids: skin from below each eye over it, and a dark line of lashes. */
export function closedEyes(face: Raster, eyes: readonly Eye[]): Raster {
  const data = Uint8Array.from(face.data);
  for (const eye of eyes) {
    const [reachX, reachY] = [Math.ceil(eye.halfWidth * 1.4), Math.ceil(eye.halfHeight * 1.6)];
    for (let dy = -reachY; dy <= reachY; dy += 1) {
      for (let dx = -reachX; dx <= reachX; dx += 1) paintLid(face, eye, dx, dy, data);
    }
  }
  return { ...face, data };
}

function paintLid({ data, width }: Raster, eye: Eye, dx: number, dy: number, into: Uint8Array): void {
  const radius = (dx / (eye.halfWidth * 1.4)) ** 2 + (dy / (eye.halfHeight * 1.6)) ** 2;
  const cover = Math.min(1, Math.max(0, (1 - radius) * 3));
  const lashes = Math.abs(dy - eye.halfHeight * (0.55 - 0.5 * (dx / eye.halfWidth) ** 2));
  const shade = Math.abs(dx) < eye.halfWidth * 1.1 && lashes < 2 ? 0.35 + 0.3 * lashes : 1;
  const at = ((eye.y + dy) * width + eye.x + dx) * 3;
  const skin = (Math.round(eye.y + eye.halfHeight * 2.2 + dy * 0.2) * width + eye.x + dx) * 3;
  for (let channel = 0; channel < 3; channel += 1) {
    const lid = (data[skin + channel] ?? 0) * shade;
    into[at + channel] = Math.round(lid * cover + (data[at + channel] ?? 0) * (1 - cover));
  }
}
