import { InvalidArgumentError, type Command } from 'commander';
import {
  authMethods,
  grantTypes,
  type AuthMethod,
  type Client,
  type ClientMetadata,
  type GrantType,
} from '../clients/index.ts';
import { withApp } from './with-app.ts';

type Options = {
  id?: string;
  name?: string;
  redirect?: string[];
  postLogout?: string[];
  grant?: GrantType[];
  auth?: AuthMethod;
  scope?: string;
  publicSubjects?: boolean;
  sector?: string;
  rs256?: boolean;
  native?: boolean;
  firstParty?: boolean;
  uri?: string;
  jwksUri?: string;
  introspects?: string[];
};

/** `clients add/list/update/remove/new-secret`. */
export function clientCommands(program: Command): void {
  const clients = program.command('clients').description('registers the apps that people sign in to');
  describe(clients.command('add').description('register an app; its secret is shown once').argument('<name>'))
    .option('--id <id>', 'an identifier of your choice instead of a made-up one')
    .action((name: string, options: Options) =>
      withApp(({ clients: service }) => add(service, name, options)),
    );
  describe(clients.command('update').description('change what is given, keep the rest').argument('<id>'))
    .option('--name <name>', 'shown to people')
    .action((id: string, options: Options) =>
      withApp(({ clients: service }) => update(service, id, options)),
    );
  clients
    .command('list')
    .description('every registered app')
    .action(() => withApp(async ({ clients: service }) => (await service.list()).forEach(print)));
  clients
    .command('remove')
    .description('nobody can sign in to the app any more, and its tokens stop working')
    .argument('<id>')
    .action((id: string) =>
      withApp(async ({ clients: service }) => {
        if (!(await service.remove(id))) throw new Error(`There is no app "${id}".`);
        console.log(`Removed ${id}.`);
      }),
    );
  clients
    .command('new-secret')
    .description('replace the secret of an app; the old one stops working at once')
    .argument('<id>')
    .action((id: string) =>
      withApp(async ({ clients: service }) => {
        const result = await service.newSecret(id);
        if (!result.ok) throw new Error(problem(result, id));
        console.log(`client_secret  ${result.secret}`);
      }),
    );
}

type Service = Parameters<Parameters<typeof withApp>[0]>[0]['clients'];

async function add(service: Service, name: string, options: Options): Promise<void> {
  if (!options.redirect && !options.grant?.every((grant) => grant === 'client_credentials')) {
    throw new Error('Give at least one --redirect address, or --grant client_credentials alone.');
  }
  const result = await service.add({
    ...(options.id === undefined ? {} : { id: options.id }),
    name,
    firstParty: options.firstParty ?? false,
    metadata: { redirect_uris: [], ...metadata(options) },
  });
  if (!result.ok) throw new Error(problem(result, options.id ?? name));
  print(result.client);
  if (result.secret === undefined) return;
  console.log(`client_secret  ${result.secret}`);
  console.log('Keep the secret now; it is stored as a digest and cannot be shown again.');
}

async function update(service: Service, id: string, options: Options): Promise<void> {
  const result = await service.update(id, {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.firstParty === undefined ? {} : { firstParty: options.firstParty }),
    metadata: metadata(options),
  });
  if (!result.ok) throw new Error(problem(result, id));
  print(result.client);
}

function describe(command: Command): Command {
  const several = (value: string, before: string[] = []) => [...before, value];
  const oneOf =
    <T extends string>(allowed: readonly T[]) =>
    (value: string): T => {
      const found = allowed.find((one) => one === value);
      if (!found) throw new InvalidArgumentError(`It is one of ${allowed.join(', ')}.`);
      return found;
    };
  const grant = oneOf(grantTypes);
  return command
    .option('--redirect <uri>', 'an address people are sent back to; may be repeated', several)
    .option('--post-logout <uri>', 'an address after signing out; may be repeated', several)
    .option(
      '--grant <type>',
      `${grantTypes.join(', ')}; may be repeated`,
      (value, before: GrantType[] = []) => [...before, grant(value)],
    )
    .option('--auth <method>', `how the app proves itself: ${authMethods.join(', ')}`, oneOf(authMethods))
    .option('--scope <scopes>', 'space-separated; everything else is refused')
    .option(
      '--public-subjects',
      'the same subject as for other such apps; without it no two apps can match theirs (OpenID Connect Core 8)',
    )
    .option(
      '--sector <uri>',
      'address of the list of redirect URIs, where their hosts differ (OpenID Connect Core 8.1)',
    )
    .option('--rs256', 'sign identity tokens with RS256 instead of ES256')
    .option('--native', 'a desktop or mobile app')
    .option('--first-party', 'ours: people are not asked for consent')
    .option('--uri <uri>', 'the app’s home page, shown to people')
    .option('--jwks-uri <uri>', 'the app’s keys, for private_key_jwt')
    .option('--introspects <resource>', 'a resource whose tokens it may look at; may be repeated', several);
}

function metadata(options: Options): Partial<ClientMetadata> {
  const {
    redirect,
    postLogout,
    grant,
    auth,
    scope,
    publicSubjects,
    sector,
    rs256,
    native,
    uri,
    jwksUri,
    introspects,
  } = options;
  return {
    ...(redirect && { redirect_uris: redirect }),
    ...(postLogout && { post_logout_redirect_uris: postLogout }),
    ...(grant && {
      grant_types: grant,
      response_types: grant.includes('authorization_code') ? ['code'] : [],
    }),
    ...(auth && { token_endpoint_auth_method: auth }),
    ...(scope !== undefined && { scope }),
    ...(publicSubjects && { subject_type: 'public' }),
    ...(sector !== undefined && { sector_identifier_uri: sector }),
    ...(rs256 && { id_token_signed_response_alg: 'RS256' }),
    ...(native && { application_type: 'native' }),
    ...(uri !== undefined && { client_uri: uri }),
    ...(jwksUri !== undefined && { jwks_uri: jwksUri }),
    ...(introspects && { introspects }),
  };
}

function print({ id, name, firstParty, metadata: meta }: Client): void {
  console.log(`client_id      ${id}`);
  console.log(`  name         ${name}${firstParty ? ' (first party)' : ''}`);
  console.log(`  grants       ${meta.grant_types.join(' ')}`);
  console.log(`  proves with  ${meta.token_endpoint_auth_method}`);
  if (meta.redirect_uris.length > 0) console.log(`  redirects    ${meta.redirect_uris.join(' ')}`);
  if (meta.scope !== undefined) console.log(`  scopes       ${meta.scope}`);
}

function problem({ reason, ...rest }: { reason: string }, id: string): string {
  const { detail } = rest as { detail?: string };
  switch (reason) {
    case 'exists':
      return `There is an app "${id}" already.`;
    case 'unknown':
      return `There is no app "${id}".`;
    case 'public':
      return `The app "${id}" proves itself without a secret.`;
    default:
      return `The registration is not valid: ${detail ?? reason}.`;
  }
}
