// What the pages that use a camera share: opening it, saying what stands in the way of a good picture, taking one.

const LONGEST = 3200; // pixels: more than the server keeps, so that nothing readable is lost
const SAMPLE = { width: 120, height: 90 };
const CELLS = { across: 6, down: 4 };
const EVERY = 250; // milliseconds between two looks at the picture
const CALM = 700; // milliseconds a hint stays before another replaces it

/** What can be seen in a small copy of the picture: light, glare, movement since the last look, sharpness, fill. */
function look(pixels, before) {
  const { width, height } = SAMPLE;
  const grey = new Float32Array(width * height);
  let sum = 0;
  let burnt = 0;
  for (let i = 0; i < grey.length; i++) {
    grey[i] = 0.299 * pixels[i * 4] + 0.587 * pixels[i * 4 + 1] + 0.114 * pixels[i * 4 + 2];
    sum += grey[i];
    if (grey[i] > 250) burnt++;
  }
  let moved = 0;
  if (before) for (let i = 0; i < grey.length; i++) moved += Math.abs(grey[i] - before[i]);
  let edges = 0;
  const cells = new Float32Array(CELLS.across * CELLS.down);
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const laplace = 4 * grey[i] - grey[i - 1] - grey[i + 1] - grey[i - width] - grey[i + width];
      const row = Math.floor((y * CELLS.down) / height);
      cells[row * CELLS.across + Math.floor((x * CELLS.across) / width)] += laplace * laplace;
      edges += laplace * laplace;
    }
  const n = grey.length;
  const busy = cells.filter((energy) => energy / (n / cells.length) > 12).length;
  return {
    grey,
    light: sum / n,
    glare: burnt / n,
    moved: before ? moved / n : 255,
    edges: edges / n,
    filled: busy / cells.length,
  };
}

/** The one thing to say now. A document that is too far away leaves most of its frame empty. */
function advise({ light, glare, moved, edges, filled }, face) {
  if (light < 55) return 'dark';
  if (light > 238) return 'bright'; // white paper in good light reaches 230
  if (!face && glare > 0.05 && light < 200) return 'glare'; // all of a white paper may be as bright as a reflection
  if (moved > 9) return 'move';
  if (!face && filled < 0.4) return 'closer';
  if (edges < (face ? 8 : 30)) return 'blurred';
  return 'ready';
}

/** The part of the video that lies under the frame's mask, which covers a picture fitted by `object-fit: cover`. */
function underMask(video, mask) {
  const { videoWidth: w, videoHeight: h } = video;
  const view = video.getBoundingClientRect();
  const hole = mask.getBoundingClientRect();
  const scale = Math.max(view.width / w, view.height / h);
  const [width, height] = [hole.width / scale, hole.height / scale];
  return [(w - width) / 2, (h - height) / 2, width, height];
}

/**
 * The camera of a section: `live` when it shows a picture, `seen` at every look with the advice, `left` when it closed.
 */
export function lens(section, { live, seen, left }) {
  const part = (name) => section.querySelector(`[data-camera-${name}]`);
  const panels = ['idle', 'live', 'shot', 'denied', 'missing'].map(part).filter(Boolean);
  const [video, torch] = ['video', 'torch'].map(part);
  const hint = section.querySelector('[role=status]');
  const frame = section.querySelector('.capture');
  const mask = section.querySelector('.capture-mask');
  const form = document.querySelector('form[data-camera-form]');
  const face = section.dataset.facing === 'user';
  const sample = Object.assign(document.createElement('canvas'), SAMPLE);
  const sampler = sample.getContext('2d', { willReadFrequently: true });
  let stream, timer, before;
  let said = { at: 0, what: '' };

  const show = (name) => {
    for (const one of panels) one.hidden = one !== part(name);
    const failed = name === 'denied' || name === 'missing';
    if (failed) part('idle').hidden = false;
    // Everything else on the page waits while the camera is used.
    const busy = name === 'live' || name === 'shot';
    for (const one of document.querySelectorAll('[data-camera-rest]')) one.hidden = busy;
    if (busy) section.scrollIntoView({ block: 'start' });
  };
  const say = (what, text = section.dataset[what]) => {
    said = { at: performance.now(), what };
    if (text !== undefined && hint.textContent !== text) hint.textContent = text;
  };
  const stop = () => {
    clearInterval(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    video.srcObject = null;
  };
  const leave = () => {
    stop();
    left?.();
    show('idle');
  };
  const watch = () => {
    if (!video.videoWidth) return;
    sampler.drawImage(video, ...underMask(video, mask), 0, 0, SAMPLE.width, SAMPLE.height);
    const found = look(sampler.getImageData(0, 0, SAMPLE.width, SAMPLE.height).data, before);
    before = found.grey;
    const what = advise(found, face);
    frame.classList.toggle('capture-ready', what === 'ready');
    seen(what, () => {
      if (what !== said.what && performance.now() - said.at >= CALM) say(what);
    });
  };
  const open = async () => {
    stop();
    try {
      const wanted = { facingMode: section.dataset.facing, width: { ideal: 2560 }, height: { ideal: 1920 } };
      stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    } catch (error) {
      return show(error.name === 'NotAllowedError' || error.name === 'SecurityError' ? 'denied' : 'missing');
    }
    const [track] = stream.getVideoTracks();
    track.addEventListener('ended', () => stream && leave());
    torch.hidden = !track.getCapabilities?.().torch;
    frame.classList.toggle('capture-mirror', track.getSettings?.().facingMode === 'user' || face);
    before = undefined;
    video.srcObject = stream;
    show('live');
    timer = setInterval(watch, EVERY);
    live?.();
  };
  /** A picture as the camera sees it, never mirrored. */
  const grab = (name, longest = LONGEST) =>
    new Promise((resolve) => {
      const { videoWidth, videoHeight } = video;
      if (!videoWidth) return resolve(undefined);
      const scale = Math.min(1, longest / Math.max(videoWidth, videoHeight));
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(videoWidth * scale);
      canvas.height = Math.round(videoHeight * scale);
      canvas.getContext('2d').drawImage(video, 0, 0, canvas.width, canvas.height);
      const toFile = (blob) => resolve(blob ? new File([blob], name, { type: 'image/jpeg' }) : undefined);
      canvas.toBlob(toFile, 'image/jpeg', 0.92);
    });
  /** Sends pictures with the form of the page, as if they had been chosen there. */
  const send = (files) => {
    const [first, ...further] = files;
    put(form.querySelector('input[type=file]'), first);
    for (const input of form.querySelectorAll('input[data-frame]')) input.remove();
    further.forEach((file, at) => {
      const input = Object.assign(document.createElement('input'), { type: 'file', name: `frame_${at + 1}` });
      input.hidden = true;
      input.dataset.frame = '';
      form.append(input);
      put(input, file);
    });
    stop();
    show('idle');
    form.requestSubmit(form.querySelector('button[type=submit]'));
  };

  for (const button of document.querySelectorAll('[data-camera-open],[data-camera-again]'))
    button.addEventListener('click', (event) => {
      event.preventDefault();
      open();
    });
  part('close').addEventListener('click', leave);
  torch.addEventListener('click', () => {
    const [track] = stream?.getVideoTracks() ?? [];
    const on = torch.getAttribute('aria-pressed') !== 'true';
    track?.applyConstraints({ advanced: [{ torch: on }] }).then(() => torch.setAttribute('aria-pressed', on));
  });
  window.addEventListener('pagehide', stop);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden && stream) leave();
  });
  // With the camera on the page the file picker may offer everything, the gallery included.
  if (!face) form.querySelector('input[type=file]').removeAttribute('capture');
  section.hidden = false;
  show('idle');
  return { part, frame, open, stop, show, say, grab, send };
}

function put(input, file) {
  const chosen = new DataTransfer();
  chosen.items.add(file);
  input.files = chosen.files;
  input.dispatchEvent(new window.Event('change', { bubbles: true }));
}

/** Calls `begin` with every camera section of the page, also when an answer replaced the page's content. */
export function everyCamera(begin) {
  if (!navigator.mediaDevices?.getUserMedia) return;
  const start = () => document.querySelectorAll('[data-camera]').forEach(begin);
  document.addEventListener('shiming:replaced', start);
  start();
}
