// Follows a case that the machine is looking at, and counts the characters of an objection. Without this file the page
// loads itself again, and the server counts.

const FIRST = 1000; // milliseconds until the first question
const LONGEST = 20_000; // milliseconds between two, at most

function follow(page) {
  const asked = `${page.dataset.follow}`;
  const news = document.createElement('p');
  news.className = 'sr';
  news.setAttribute('role', 'status');
  document.body.append(news);
  let pause = FIRST;

  async function ask() {
    const answer = await fetch(asked, { headers: { accept: 'application/json' }, redirect: 'manual' }).catch(
      () => undefined,
    );
    // Signed out meanwhile: the page says so better than this file could.
    if (answer?.type === 'opaqueredirect') return location.reload();
    const state = answer?.ok ? (await answer.json()).state : page.dataset.state;
    if (state !== page.dataset.state) return replace();
    pause = Math.min(LONGEST, pause * 1.4);
    setTimeout(ask, pause);
  }
  async function replace() {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const main = next.querySelector('main');
    if (!answer.ok || !main) return location.reload();
    document.querySelector('main').replaceWith(main);
    news.textContent = main.querySelector('.page-header')?.textContent.trim() ?? '';
    begin();
  }
  setTimeout(ask, pause);
}

function count(area) {
  const shown = document.getElementById(area.dataset.counter);
  const most = Number(area.dataset.most);
  const tell = () => {
    const left = most - [...area.value].length;
    shown.textContent = (left < 0 ? shown.dataset.over : shown.dataset.left).replace('%s', Math.abs(left));
    shown.classList.toggle('is-over', left < 0);
  };
  area.addEventListener('input', tell);
  tell();
}

function begin() {
  const page = document.querySelector('[data-follow]');
  if (page) follow(page);
  for (const area of document.querySelectorAll('textarea[data-counter]')) count(area);
}

begin();
