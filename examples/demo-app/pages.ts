import { html, type Html } from './html.ts';
import type { SignedIn } from './session.ts';
import { say, sayClaim, sayScope, sayValue, type Lang, type Word } from './words.ts';

export type Note = { good: boolean; title: Word; hint?: Word; detail?: string };

export function signedOutPage(lang: Lang, note?: Note): string {
  const choice = (kind: string, title: Word, hint: Word, quiet: boolean) =>
    html` <section>
      <h2>${say(lang, title)}</h2>
      <p class="soft">${say(lang, hint)}</p>
      <a class="button ${quiet ? 'quiet' : ''}" href="/sign-in?as=${kind}">${say(lang, title)}</a>
    </section>`;
  return layout(
    lang,
    html` <h1>${say(lang, 'title')}</h1>
      ${note && noteBox(lang, note)}
      <p>${say(lang, 'intro')}</p>
      <div class="choices">
        ${choice('anyone', 'signIn', 'signInHint', false)}
        ${choice('newcomer', 'register', 'registerHint', true)}
        ${choice('recruiter', 'recruiter', 'recruiterHint', true)}
      </div>`,
  );
}

export function signedInPage(lang: Lang, person: SignedIn, note?: Note): string {
  return layout(
    lang,
    html` <h1>${say(lang, 'welcome')}</h1>
      ${note && noteBox(lang, note)}
      <section>
        <h2>${say(lang, 'publishTitle')}</h2>
        <p class="soft">${say(lang, 'publishHint')}</p>
        <div class="row">
          ${button('/publish', say(lang, 'publish'), false)}
          ${
            person.scopes.includes('job:publish')
              ? undefined
              : html`<a class="button quiet" href="/sign-in?as=recruiter">${say(lang, 'become')}</a>`
          }
        </div>
      </section>
      <section>
        <h2>${say(lang, 'scopes')}</h2>
        ${scopeList(lang, person.scopes)}
      </section>
      <section>
        <h2>${say(lang, 'claims')}</h2>
        <dl>
          <dt>${say(lang, 'person')}</dt>
          <dd><code>${person.subject}</code></dd>
          ${Object.entries(person.claims).map(
            ([claim, value]) =>
              html`<dt>${sayClaim(lang, claim)}</dt>
                <dd
                  data-claim="${claim}"
                  data-value="${typeof value === 'string' ? value : JSON.stringify(value)}"
                >
                  ${claimValue(lang, claim, value)}
                </dd>`,
          )}
          <dt>${say(lang, 'expires')}</dt>
          <dd>${new Date(person.expiresAt).toLocaleTimeString(lang)}</dd>
        </dl>
      </section>
      <div class="row">
        ${button('/refresh', say(lang, 'refresh'), true)} ${button('/sign-out', say(lang, 'signOut'), true)}
      </div>`,
  );
}

export function messagePage(lang: Lang, note: Note): string {
  return layout(
    lang,
    html`<h1>${say(lang, note.title)}</h1>
      <p>${note.hint && say(lang, note.hint)} ${note.detail && html`<code>${note.detail}</code>`}</p>
      <p><a class="button" href="/">${say(lang, 'home')}</a></p>`,
  );
}

function scopeList(lang: Lang, scopes: readonly string[]): Html {
  if (scopes.length === 0) return html`<p class="soft">${say(lang, 'none')}</p>`;
  return html`<ul class="scopes">
    ${scopes.map((scope) => html`<li data-scope="${scope}"><code>${scope}</code> <span>${sayScope(lang, scope)}</span></li>`)}
  </ul>`;
}

function claimValue(lang: Lang, claim: string, value: unknown): Html {
  if (typeof value === 'boolean') return html`${say(lang, value ? 'yes' : 'no')}`;
  if (claim.endsWith('_at') && typeof value === 'number')
    return html`${new Date(value * 1000).toLocaleString(lang)}`;
  if (Array.isArray(value)) return listValue(lang, value);
  if (typeof value === 'object' && value !== null)
    return html`${Object.values(value).map((member) => html`${memberValue(lang, member)}<br />`)}`;
  return memberValue(lang, value);
}

function listValue(lang: Lang, values: readonly unknown[]): Html {
  if (values.length === 0) return html`${say(lang, 'none')}`;
  return html`${values.map((value) => html`${memberValue(lang, value)}<br />`)}`;
}

/** In words where there are some for it; what the app was told word for word beside it. */
function memberValue(lang: Lang, value: unknown): Html {
  if (typeof value === 'number') return html`${value}`;
  if (typeof value !== 'string') return html`<code>${JSON.stringify(value)}</code>`;
  const words = sayValue(lang, value);
  return words === undefined ? html`${value}` : html`${words} <code>${value}</code>`;
}

function noteBox(lang: Lang, { good, title, hint, detail }: Note): Html {
  return html`<div class="note ${good ? '' : 'bad'}" role="status">
    <p><strong>${say(lang, title)}</strong> ${detail}</p>
    ${hint && html`<p>${say(lang, hint)}</p>`}
  </div>`;
}

function button(action: string, label: string, quiet: boolean): Html {
  return html`<form method="post" action="${action}">
    <button class="button ${quiet ? 'quiet' : ''}">${label}</button>
  </form>`;
}

function layout(lang: Lang, content: Html): string {
  return html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${say(lang, 'title')}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header>
          <a href="/"
            ><svg viewBox="0 0 24 24" aria-hidden="true">
              <path
                d="M9 4a2 2 0 0 0-2 2v1H4a2 2 0 0 0-2 2v9a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2V9a2 2 0 0 0-2-2h-3V6a2 2 0 0 0-2-2H9Zm0 2h6v1H9V6Zm3 6a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Z"
              /></svg
            >${say(lang, 'title')}</a
          >
          <span>${say(lang, 'tagline')}</span>
        </header>
        <main>${content}</main>
      </body>
    </html>`.text;
}
