// Preview, size check and progress for forms marked data-upload. Without this file the same form is sent by the browser.

function showChosen(field) {
  const input = field.querySelector('input[type=file]');
  const box = field.querySelector('[data-file-chosen]');
  if (!input || !box) return;
  const picture = box.querySelector('[data-file-preview]');
  input.addEventListener('change', () => {
    const file = input.files[0];
    box.hidden = !file;
    input.setCustomValidity('');
    if (picture.src) URL.revokeObjectURL(picture.src);
    if (!file) return;
    picture.hidden = false;
    picture.onerror = () => (picture.hidden = true); // HEIC and the like: most browsers cannot show them
    picture.src = URL.createObjectURL(file);
    box.querySelector('[data-file-name]').textContent =
      `${file.name} · ${(file.size / 1048576).toFixed(1)} MB`;
    const most = Number(input.dataset.maxBytes);
    if (most > 0 && file.size > most) input.setCustomValidity(input.dataset.tooLarge);
    if (input.validationMessage) input.reportValidity();
  });
}

function send(form) {
  const panel = form.querySelector('[data-upload-progress]');
  if (!panel) return;
  const bar = panel.querySelector('progress');
  const status = panel.querySelector('[data-upload-status]');
  const buttons = form.querySelectorAll('button');
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    if (form.dataset.sent === 'true') return;
    for (const input of form.querySelectorAll('input[type=file]')) if (!input.reportValidity()) return;
    form.dataset.sent = 'true';
    const request = new XMLHttpRequest();
    // What a button without formaction says of it is the address of the page, not that of the form.
    request.open('POST', event.submitter?.getAttribute('formaction') || form.action);
    request.upload.onprogress = ({ loaded, total }) => {
      const percent = total ? Math.round((loaded / total) * 100) : 0;
      bar.value = percent;
      status.textContent = percent < 100 ? `${status.dataset.sending} ${percent}%` : status.dataset.checking;
      // Sent, and looked at now: how long that takes is not known.
      if (percent === 100) bar.removeAttribute('value');
    };
    request.onload = () => answer(request);
    request.onerror =
      request.ontimeout =
      request.onabort =
        () => {
          delete form.dataset.sent;
          for (const button of buttons) button.disabled = false;
          bar.hidden = true;
          status.textContent = status.dataset.failed;
        };
    const body = new FormData(form, event.submitter?.name ? event.submitter : undefined);
    for (const button of buttons) button.disabled = true;
    panel.hidden = false;
    bar.hidden = false;
    bar.value = 0;
    status.textContent = `${status.dataset.sending} 0%`;
    panel.scrollIntoView({ block: 'nearest' });
    request.send(body);
  });
}

/** After a redirect the browser goes to the page it led to; any other answer replaces this page. */
function answer(request) {
  const moved = request.responseURL && request.responseURL !== location.href;
  if (request.status < 400 && moved) location.assign(request.responseURL);
  else if (request.status < 400) location.reload();
  else {
    const next = new DOMParser().parseFromString(request.responseText, 'text/html');
    document.title = next.title;
    document.querySelector('main').replaceWith(next.querySelector('main'));
    start();
    document.dispatchEvent(new window.Event('shiming:replaced'));
    window.scrollTo(0, 0);
    document.querySelector('[data-autofocus]')?.focus();
  }
}

function start() {
  for (const field of document.querySelectorAll('[data-file]')) showChosen(field);
  for (const form of document.querySelectorAll('form[data-upload]')) send(form);
}

start();
