/* global document, location */
// A relying app without a server: oidc-client-ts in the browser. The page's data attributes configure it.
import { UserManager } from 'oidc-client-ts';

const { issuer, clientId } = document.body.dataset;
const manager = new UserManager({
  authority: issuer,
  client_id: clientId,
  redirect_uri: `${location.origin}/callback`,
  post_logout_redirect_uri: `${location.origin}/`,
  scope: 'openid profile phone roles',
  loadUserInfo: true,
  automaticSilentRenew: false,
});

const show = (user) => {
  document.querySelector('output').textContent = user
    ? JSON.stringify({ profile: user.profile, scope: user.scope, refreshable: Boolean(user.refresh_token) })
    : 'nobody';
};
const fail = (error) => {
  document.querySelector('output').textContent = `error: ${error.message}`;
};

document.querySelector('#sign-in').addEventListener('click', () => manager.signinRedirect().catch(fail));
document.querySelector('#refresh').addEventListener('click', () => manager.signinSilent().then(show, fail));
document.querySelector('#sign-out').addEventListener('click', () => manager.signoutRedirect().catch(fail));

if (location.pathname === '/callback') manager.signinRedirectCallback().then(show, fail);
else manager.getUser().then(show, fail);
