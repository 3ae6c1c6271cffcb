// The face check: looks straight, then follows the prompts of this visit, one picture each. Without this file one picture
// from the file input is sent, and a person looks at it.
import { everyCamera, lens } from './lens.js';

const STILL = 1500; // milliseconds of looking straight in good light
const FOLLOW = 2400; // milliseconds for each prompt; the style sheet's ring is as long
const LONGEST = 1920; // pixels

function faceCheck(section) {
  const prompts = section.dataset.prompts.split(' ');
  let good = 0;
  let check = 0;
  const { part, frame, show, say, grab, send } = lens(section, {
    live: () => run((check += 1)),
    left: () => end(),
    seen: (what) => {
      // Turning the head is a movement, and a face needs no sharp edges: only the light can spoil it.
      const poor = what === 'dark' || what === 'bright';
      good = poor ? 0 : good || performance.now();
      if (poor && frame.dataset.step === 'front') say(what);
      else if (frame.dataset.step === 'front') say('front');
    },
  });

  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  /** One instruction in words, with its pictogram and a ring that runs out. */
  function instruct(step, ms) {
    frame.dataset.step = step;
    for (const sign of section.querySelectorAll('[data-sign]')) sign.hidden = sign.dataset.sign !== step;
    frame.classList.remove('capture-counting');
    void frame.offsetWidth; // starts the ring again
    if (ms) frame.classList.add('capture-counting');
    say(step);
  }
  function end() {
    check += 1;
    good = 0;
    frame.classList.remove('capture-counting');
    delete frame.dataset.step;
  }

  async function run(mine) {
    const files = [];
    part('close').focus({ preventScroll: true });
    good = 0;
    instruct('front');
    while (!good || performance.now() - good < STILL) {
      await wait(100);
      if (mine !== check) return;
    }
    files.push(await grab('front.jpg', LONGEST));
    for (const prompt of prompts) {
      instruct(prompt, FOLLOW);
      await wait(FOLLOW);
      if (mine !== check) return;
      files.push(await grab(`${prompt}.jpg`, LONGEST));
      navigator.vibrate?.(80);
    }
    end();
    if (files.includes(undefined)) return show('missing');
    send(files);
  }
}

everyCamera(faceCheck);
