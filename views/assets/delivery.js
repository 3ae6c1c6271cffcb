// Tells the person on the code page when the message could not be sent, without a reload. Without script a reload does.
const root = document.querySelector('[data-delivery]');
const settled = new Set(['sent', 'failed', 'uncertain']);
let rounds = 0;

async function ask() {
  rounds += 1;
  try {
    const answer = await fetch(root.dataset.deliveryUrl, { headers: { accept: 'application/json' } });
    if (answer.ok) root.dataset.delivery = (await answer.json()).delivery;
  } catch {
    // The next round asks again.
  }
  for (const part of root.querySelectorAll('[data-delivery-state]')) {
    part.hidden = part.dataset.deliveryState !== root.dataset.delivery;
  }
  wait();
}

function wait() {
  if (rounds < 60 && !settled.has(root.dataset.delivery))
    setTimeout(() => void ask(), rounds < 5 ? 1500 : 5000);
}

if (root) wait();
