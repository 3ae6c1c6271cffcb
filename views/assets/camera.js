// Takes the picture with the camera where there is one. Without this file, or without permission, the file input does it.
import { everyCamera, lens } from './lens.js';

const GOOD = 1000; // milliseconds without a complaint before the automatic shutter begins to count
const COUNT = 1200; // milliseconds that it counts, as long as the ring of the style sheet
const PATIENCE = 2; // looks in a row that may not be good before it gives up counting
const SWITCH = 'shiming.shutter'; // remembered for the visit

function camera(section) {
  let goodSince, countingSince, poor, file;
  const { part, frame, open, stop, show, say, grab, send } = lens(section, {
    live: () => {
      rest();
      part('take').focus({ preventScroll: true });
    },
    left: () => rest(),
    seen(what, hint) {
      const now = performance.now();
      poor = what === 'ready' ? 0 : poor + 1;
      if (poor === 0) goodSince ??= now;
      if (poor > (countingSince === undefined ? 0 : PATIENCE)) rest();
      if (!automatic.checked || goodSince === undefined || now - goodSince < GOOD) return hint();
      if (countingSince === undefined) {
        countingSince = now;
        frame.classList.add('capture-counting');
        say('counting');
      } else if (now - countingSince >= COUNT) take();
    },
  });
  const [picture, automatic] = ['picture', 'auto'].map(part);

  /** Nothing is being counted. */
  function rest() {
    goodSince = countingSince = undefined;
    poor = 0;
    frame.classList.remove('capture-counting');
  }
  async function take() {
    rest();
    file = await grab('camera.jpg');
    if (!file) return;
    if (picture.src) URL.revokeObjectURL(picture.src);
    picture.src = URL.createObjectURL(file);
    stop();
    show('shot');
    part('use').focus({ preventScroll: true });
  }

  automatic.checked = sessionStorage.getItem(SWITCH) !== 'off';
  automatic.addEventListener('change', () => {
    sessionStorage.setItem(SWITCH, automatic.checked ? 'on' : 'off');
    rest();
  });
  part('take').addEventListener('click', take);
  part('retake').addEventListener('click', open);
  part('use').addEventListener('click', () => send([file]));
}

everyCamera(camera);
