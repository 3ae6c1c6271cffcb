/** Where a portrait goes, in pixels. */
type Frame = { left: number; top: number; width: number; height: number };

/** The picture given, cut to fill the frame, or a drawn face whose proportions follow `seed`. */
export function portrait(frame: Frame, seed: string, picture?: Buffer): string {
  const { left, top, width, height } = frame;
  if (picture) {
    const data = `data:image/jpeg;base64,${picture.toString('base64')}`;
    return (
      `<image x="${left}" y="${top}" width="${width}" height="${height}" ` +
      `preserveAspectRatio="xMidYMid slice" href="${data}"/>`
    );
  }
  return (
    `<svg x="${left}" y="${top}" width="${width}" height="${height}" viewBox="-150 -170 300 375" ` +
    `preserveAspectRatio="xMidYMid slice">${face(seed)}</svg>`
  );
}

function face(seed: string): string {
  const vary = (at: number, range: number) =>
    ((seed.charCodeAt(seed.length - 1 - at) || 0) % range) - range / 2;
  const eye = 30 + vary(1, 8);
  return `<path d="M-150 205 Q-140 105 0 100 Q140 105 150 205 Z" fill="#42566b"/>
    <path d="M-34 80 L-34 130 Q0 150 34 130 L34 80 Z" fill="#d9ae8c"/>
    <ellipse rx="${78 + vary(2, 14)}" ry="102" fill="#e8c3a2"/>
    <path d="M-84 -30 Q0 -${150 + vary(3, 20)} 84 -30 Q0 -90 -84 -30" fill="#2b2320"/>
    <path d="M${-eye - 16} -28 h32 M${eye - 16} -28 h32" stroke="#2b2320" stroke-width="5"/>
    <ellipse cx="-${eye}" cy="-10" rx="12" ry="7" fill="#fff"/><circle cx="-${eye}" cy="-10" r="5"/>
    <ellipse cx="${eye}" cy="-10" rx="12" ry="7" fill="#fff"/><circle cx="${eye}" cy="-10" r="5"/>
    <path d="M0 -5 L-9 28 L9 28" fill="none" stroke="#a5785a" stroke-width="4"/>
    <path d="M-26 55 Q0 ${72 + vary(4, 10)} 26 55" fill="none" stroke="#9c4a42" stroke-width="6"/>`;
}
