// An OAuth server that is not ours (oidc-provider), with a browser beside it, for the OAuth calls of webex-client.
//
// Prints one line of JSON when it listens, and ends when its standard input does. `control` takes
// GET /browse?url=…[&answer=no]: a person who opens the address and answers every form with yes (or no); the reply is where
// that ended.
import { createServer } from "node:http";
import { once } from "node:events";
import { Provider } from "oidc-provider";

const client = { id: "C-kestrel", secret: "s3cret-of-the-test-client" };
const redirectUri = "http://127.0.0.1:14771/callback";
const account = "admin";

async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${server.address().port}`;
}

const server = createServer();
const issuer = await listen(server);

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: client.id,
      client_secret: client.secret,
      application_type: "native",
      redirect_uris: [redirectUri],
      response_types: ["code"],
      grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
      token_endpoint_auth_method: "client_secret_basic",
    },
  ],
  scopes: ["openid", "spark-admin:people_read"],
  features: {
    devInteractions: { enabled: false },
    deviceFlow: { enabled: true },
    revocation: { enabled: true },
  },
  pkce: { required: () => true },
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  cookies: { keys: ["only for tests"] },
  findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  ttl: { AccessToken: 3600, RefreshToken: 86400, DeviceCode: 300, Session: 3600, Grant: 86400, Interaction: 600 },
});

// Signs in and consents without a page.
async function interaction(request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === "login") {
    return provider.interactionFinished(request, response, { login: { accountId: account } });
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const result = { consent: { grantId: await grant.save() } };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

const answer = provider.callback();
server.on("request", (request, response) => {
  if (request.url.startsWith("/interaction/")) {
    interaction(request, response).catch((error) => response.writeHead(500).end(String(error)));
    return;
  }
  if (request.url.startsWith("/device/auth")) {
    // Webex asks no authentication for a device code; this server would.
    const pair = Buffer.from(`${client.id}:${client.secret}`).toString("base64");
    request.headers.authorization = `Basic ${pair}`;
  }
  answer(request, response);
});

// Follows redirects and submits forms, with cookies, until nothing is left to do or the redirect leaves this server.
async function browse(address, says) {
  const cookies = new Map();
  let [url, body, refused] = [new URL(address), undefined, false];
  for (let step = 0; step < 20; step += 1) {
    const reply = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      body,
      redirect: "manual",
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
    for (const line of reply.headers.getSetCookie()) {
      const [pair] = line.split(";");
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    body = undefined;
    const location = reply.headers.get("location");
    if (location !== null) {
      url = new URL(location, url);
      if (url.origin !== issuer) return { location: url.href };
      continue;
    }
    const page = await reply.text();
    const form = /<form[^>]*action="([^"]+)"[^>]*>(.*?)<\/form>/s.exec(page);
    if (form === null || refused) return { status: reply.status, page };
    body = new URLSearchParams();
    for (const [input] of form[2].matchAll(/<input[^>]*>/g)) {
      const value = (name) => new RegExp(`${name}="([^"]*)"`).exec(input)?.[1];
      if (value("name") !== undefined) body.set(value("name"), value("value") ?? "");
    }
    if (body.has("confirm") && says === "no") {
      body.delete("confirm");
      body.set("abort", "yes");
      refused = true;
    }
    url = new URL(form[1], url);
  }
  return { status: 0, page: "more than 20 steps" };
}

const control = createServer((request, response) => {
  const asked = new URL(request.url, issuer).searchParams;
  browse(asked.get("url"), asked.get("answer"))
    .then((end) => response.end(JSON.stringify(end)))
    .catch((error) => response.writeHead(500).end(String(error)));
});

console.log(JSON.stringify({ issuer, control: await listen(control), client, redirectUri }));
process.stdin.on("end", () => process.exit(0)).resume();
