// Takes the picture with the camera where there is one. Without this file, or without permission, the file input below does it.

const LONGEST = 3200; // pixels: more than the server keeps, so that nothing readable is lost
const SAMPLE = { width: 96, height: 72 };
const EVERY = 250; // milliseconds between two looks at the picture
const CALM = 700; // milliseconds a hint stays before another replaces it

/** What can be seen in a small copy of the picture: light, glare, movement since the last look, and sharpness. */
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
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const laplace = 4 * grey[i] - grey[i - 1] - grey[i + 1] - grey[i - width] - grey[i + width];
      edges += laplace * laplace;
    }
  const n = grey.length;
  return { grey, light: sum / n, glare: burnt / n, moved: before ? moved / n : 255, edges: edges / n };
}

/** The one thing to say now. */
function advise({ light, glare, moved, edges }, face) {
  if (light < 55) return 'dark';
  if (light > 215) return 'bright';
  if (!face && glare > 0.05) return 'glare';
  if (moved > 9) return 'move';
  if (edges < (face ? 8 : 30)) return 'blurred';
  return 'ready';
}

function camera(section) {
  const part = (name) => section.querySelector(`[data-camera-${name}]`);
  const [idle, live, shot, denied, missing] = ['idle', 'live', 'shot', 'denied', 'missing'].map(part);
  const [video, picture, torch] = ['video', 'picture', 'torch'].map(part);
  const hint = section.querySelector('[role=status]');
  const frame = section.querySelector('.capture');
  const form = document.querySelector('form[data-camera-form]');
  const face = section.dataset.facing === 'user';
  const sample = Object.assign(document.createElement('canvas'), SAMPLE);
  const sampler = sample.getContext('2d', { willReadFrequently: true });
  let stream, timer, before, file;
  let said = { at: 0, what: '' };

  const show = (panel) => {
    for (const one of [idle, live, shot, denied, missing]) one.hidden = one !== panel;
    if (panel === denied || panel === missing) idle.hidden = false;
    form.hidden = panel === live || panel === shot;
  };
  const stop = () => {
    clearInterval(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    video.srcObject = null;
  };
  const leave = () => {
    stop();
    show(idle);
  };
  const watch = () => {
    if (!video.videoWidth) return;
    sampler.drawImage(video, 0, 0, SAMPLE.width, SAMPLE.height);
    const seen = look(sampler.getImageData(0, 0, SAMPLE.width, SAMPLE.height).data, before);
    before = seen.grey;
    const what = advise(seen, face);
    const now = performance.now();
    frame.classList.toggle('capture-ready', what === 'ready');
    if (what === said.what || now - said.at < CALM) return;
    said = { at: now, what };
    hint.textContent = section.dataset[what];
  };
  const open = async () => {
    stop();
    try {
      const wanted = { facingMode: section.dataset.facing, width: { ideal: 2560 }, height: { ideal: 1920 } };
      stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    } catch (error) {
      show(error.name === 'NotAllowedError' || error.name === 'SecurityError' ? denied : missing);
      return;
    }
    const [track] = stream.getVideoTracks();
    track.addEventListener('ended', () => stream && leave());
    torch.hidden = !track.getCapabilities?.().torch;
    frame.classList.toggle('capture-mirror', track.getSettings?.().facingMode === 'user' || face);
    before = undefined;
    video.srcObject = stream;
    show(live);
    timer = setInterval(watch, EVERY);
    part('take').focus();
  };
  const take = () => {
    const { videoWidth, videoHeight } = video;
    if (!videoWidth) return;
    const scale = Math.min(1, LONGEST / Math.max(videoWidth, videoHeight));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(videoWidth * scale);
    canvas.height = Math.round(videoHeight * scale);
    canvas.getContext('2d').drawImage(video, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(
      (blob) => {
        if (!blob) return;
        file = new File([blob], 'camera.jpg', { type: 'image/jpeg' });
        if (picture.src) URL.revokeObjectURL(picture.src);
        picture.src = URL.createObjectURL(blob);
        stop();
        show(shot);
        part('use').focus();
      },
      'image/jpeg',
      0.92,
    );
  };
  const use = () => {
    const input = form.querySelector('input[type=file]');
    const chosen = new DataTransfer();
    chosen.items.add(file);
    input.files = chosen.files;
    input.dispatchEvent(new window.Event('change', { bubbles: true }));
    show(idle);
    form.requestSubmit(form.querySelector('button[type=submit]'));
  };

  part('open').addEventListener('click', open);
  part('take').addEventListener('click', take);
  part('retake').addEventListener('click', open);
  part('use').addEventListener('click', use);
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
  show(idle);
}

if (navigator.mediaDevices?.getUserMedia)
  for (const section of document.querySelectorAll('[data-camera]')) camera(section);
