// An OpenID provider for tests. Says on which port it listens, is told where Parley is, and says
// "ready"; ends with its input. Whoever signs in has the role of his name: olga acts, vic looks,
// others have none.

import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

const ROLES = { olga: ['operators'], vic: ['watchers'] };
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  console.log(port);
  const lines = createInterface({ input: process.stdin });
  lines.once('close', () => process.exit());
  lines.once('line', (parley) => {
    // Another site than Parley's 127.0.0.1, as in earnest: cookies tell the difference.
    const provider = new Provider(`http://localhost:${port}`, {
      clients: [
        {
          client_id: 'parley',
          client_secret: 'not-a-secret',
          redirect_uris: [`${parley}/operate/api/oidc/callback`],
          post_logout_redirect_uris: [`${parley}/operate/`],
        },
      ],
      claims: { openid: ['sub'], profile: ['groups'], email: ['email'] },
      conformIdTokenClaims: false, // in the ID token, not only at the userinfo endpoint
      findAccount: (_context, id) => ({
        accountId: id,
        claims: () => ({ sub: id, email: `${id}@example.org`, groups: ROLES[id] ?? [] }),
      }),
    });
    provider.use(async (context, next) => {
      await next();
      context.set('Content-Security-Policy', "style-src 'unsafe-inline'"); // no fonts from elsewhere
    });
    server.on('request', provider.callback());
    console.log('ready');
  });
});
