// Small comforts of every form. Each works without this file: the buttons submit, the sentences state the wait.

/** Digits only, whatever was pasted: full-width figures, spaces and hyphens included. */
function digitsOf(text) {
  return text.normalize('NFKC').replace(/\D/g, '');
}

function submitWhenComplete(input) {
  const length = Number(input.dataset.code);
  let sent = '';
  input.addEventListener('input', (event) => {
    if (event.isComposing) return;
    const digits = digitsOf(input.value).slice(0, length);
    if (digits !== input.value) input.value = digits;
    if (digits.length < length || !input.hasAttribute('data-autosubmit') || digits === sent) return;
    sent = digits;
    input.form.requestSubmit();
  });
}

function countDown(form) {
  const button = form.querySelector('button');
  const wait = form.querySelector('[data-resend-wait]');
  const until = performance.now() + Number(form.dataset.resend) * 1000;
  if (!wait || !(Number(form.dataset.resend) > 0)) return;
  button.disabled = true;
  const timer = setInterval(tick, 500);
  tick();
  function tick() {
    const left = Math.ceil((until - performance.now()) / 1000);
    if (left > 0) {
      wait.textContent = wait.dataset.text.replace('%s', String(left));
      return;
    }
    clearInterval(timer);
    wait.hidden = true;
    button.disabled = false;
  }
}

/** One press is one request: a second submit of the same form is ignored until the page is shown again. */
function submitOnce(form) {
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.sent === 'true') {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'true';
    const button = event.submitter ?? form.querySelector('button[type=submit]');
    if (!button) return;
    button.setAttribute('aria-disabled', 'true');
    if (!button.dataset.busy) return;
    button.dataset.label = button.textContent;
    button.textContent = button.dataset.busy;
  });
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll('[aria-disabled=true]')) {
    button.removeAttribute('aria-disabled');
    if (button.dataset.label) button.textContent = button.dataset.label;
  }
}

for (const input of document.querySelectorAll('input[data-code]')) submitWhenComplete(input);
for (const form of document.querySelectorAll('form[data-resend]')) countDown(form);
for (const form of document.querySelectorAll('form[method=post]:not([data-upload])')) submitOnce(form);
document.querySelector('[data-autofocus]')?.focus();

// Coming back by the browser's button shows the page as it was left.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) for (const form of document.forms) release(form);
});
