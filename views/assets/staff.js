// Keyboard shortcuts and the viewer of the review console; each has a button or a link that works without this.
const typing = (target) => target.closest('input:not([type=radio]), textarea, select, [contenteditable]');

const decisions = { a: 'approve', s: 'resubmit', x: 'reject' };
const reasonOf = { approve: 'f-approve_reason', resubmit: 'f-redo_company', reject: 'f-reject_reason' };

/** A picture by itself, to be enlarged and turned. The element is the one of the page: looking closer loads nothing. */
function createViewer(words) {
  const dialog = document.createElement('dialog');
  dialog.className = 'viewer';
  const stage = dialog.appendChild(document.createElement('div'));
  stage.className = 'viewer-stage';
  stage.tabIndex = 0;
  const bar = dialog.appendChild(document.createElement('div'));
  bar.className = 'viewer-bar';
  document.body.append(dialog);
  let [zoom, turns, x, y, home] = [1, 0, 0, 0];

  const picture = () => stage.querySelector('img');
  const draw = () => {
    const image = picture();
    if (image) image.style.transform = `translate(${x}px, ${y}px) rotate(${turns * 90}deg) scale(${zoom})`;
  };
  const acts = {
    out: () => void (zoom = Math.max(0.5, zoom / 1.5)),
    in: () => void (zoom = Math.min(8, zoom * 1.5)),
    turn: () => void (turns = (turns + 1) % 4),
    close: () => dialog.close(),
  };
  const keys = { '-': 'out', '+': 'in', '=': 'in', r: 'turn' };
  const steps = { arrowleft: [1, 0], arrowright: [-1, 0], arrowup: [0, 1], arrowdown: [0, -1] };
  const move = (right, down) => {
    [x, y] = [x + right, y + down];
    draw();
  };
  const act = (name) => {
    acts[name]();
    draw();
  };
  for (const name of Object.keys(acts)) {
    const button = bar.appendChild(document.createElement('button'));
    button.type = 'button';
    button.className = 'button button-secondary';
    button.textContent = words[name];
    button.addEventListener('click', () => act(name));
  }
  dialog.addEventListener('keydown', (event) => {
    const key = event.key.toLowerCase();
    event.stopPropagation();
    if (keys[key]) act(keys[key]);
    if (!steps[key]) return;
    event.preventDefault();
    move(...steps[key].map((step) => step * 80));
  });
  stage.addEventListener('pointermove', (event) => {
    if (event.buttons === 1) move(event.movementX, event.movementY);
  });
  stage.addEventListener('dragstart', (event) => event.preventDefault());
  dialog.addEventListener('close', () => {
    const image = picture();
    if (!image) return;
    image.style.transform = '';
    home.append(image);
    home.focus();
  });
  return (link) => {
    const image = link.querySelector('img');
    if (!image) return;
    home = link;
    [zoom, turns, x, y] = [1, 0, 0, 0];
    stage.append(image);
    draw();
    dialog.setAttribute('aria-label', image.alt);
    dialog.showModal();
  };
}

const evidence = document.querySelector('.evidence');
const view = evidence && createViewer(evidence.dataset);
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-view]');
  if (!link || !view || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  view(link);
});

document.addEventListener('keydown', (event) => {
  const form = document.getElementById('decide');
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && form) {
    event.preventDefault();
    form.requestSubmit(document.querySelector('[form=decide][name=then]') ?? undefined);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const key = event.key.toLowerCase();
  const button = document.querySelector(`[data-key="${key.replace(/["\\]/g, '')}"]`);
  if (button) {
    event.preventDefault();
    button.click();
    return;
  }
  const image = /^[1-9]$/.test(key) ? document.querySelector(`[data-image="${key}"]`) : null;
  if (image) {
    event.preventDefault();
    image.focus();
    image.click();
    return;
  }
  const decision = decisions[key];
  const radio = decision && form?.querySelector(`input[name=decision][value=${decision}]`);
  if (radio && !radio.disabled) {
    event.preventDefault();
    radio.checked = true;
    document.getElementById(reasonOf[decision])?.focus();
  }
});
