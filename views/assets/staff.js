// Keyboard shortcuts of the review console; every one of them has a button or a link that works without this.
const typing = (target) => target.closest('input:not([type=radio]), textarea, select, [contenteditable]');

const decisions = { a: 'approve', s: 'resubmit', x: 'reject' };
const reasonOf = { approve: 'f-approve_reason', resubmit: 'f-redo_company', reject: 'f-reject_reason' };

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
