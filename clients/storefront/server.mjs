// Serves the built page, and tells it where provider and members API are.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const TYPES = { html: "text/html", js: "text/javascript", css: "text/css", svg: "image/svg+xml", json: "application/json" };
const FILES = { "/": "index.html", "/callback": "index.html", "/main.js": "main.js", "/style.css": "style.css", "/favicon.svg": "favicon.svg" };

/**
 * @param issuer      the provider's issuer identifier
 * @param membersApi  the members API's base address
 * @param clientId    as registered at the provider
 * @param dist        the folder with the built page
 */
export function createStorefront({ issuer, membersApi, clientId = "storefront", dist = new URL("./dist/", import.meta.url) }) {
  const config = JSON.stringify({ issuer, membersApi, clientId });
  const headers = {
    "Content-Security-Policy": [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      `connect-src 'self' ${new URL(issuer).origin} ${new URL(membersApi).origin}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ].join("; "),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer", // the callback's address holds a code
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
  };

  return createServer(async (request, response) => {
    const answer = (status, type, body) => {
      response.writeHead(status, { ...headers, "Content-Type": `${TYPES[type] ?? "text/plain"}; charset=utf-8` });
      response.end(request.method === "HEAD" ? undefined : body);
    };
    const { port } = request.socket.address();
    const { pathname: path, search } = new URL(request.url, `http://localhost:${port}`);

    if (!["GET", "HEAD"].includes(request.method)) return answer(405, "txt", "Method not allowed\n");
    // The redirect URI is registered with one host name: under any other, signing in could not come back.
    if (request.headers.host === `127.0.0.1:${port}`) {
      response.writeHead(307, { ...headers, Location: `http://localhost:${port}${path}${search}` });
      return response.end();
    }
    if (request.headers.host !== `localhost:${port}`) return answer(421, "txt", "Misdirected request\n");
    if (path === "/health/live") return answer(200, "txt", "Healthy\n");
    if (path === "/config.json") return answer(200, "json", config);
    if (!Object.hasOwn(FILES, path)) return answer(404, "txt", "Not found\n");
    try {
      answer(200, FILES[path].split(".").pop(), await readFile(new URL(FILES[path], dist)));
    } catch {
      answer(503, "txt", "The page is not built yet: npm run build\n");
    }
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const portBase = Number(process.env.PORT_BASE ?? 5100);
  const port = Number(process.env.PORT ?? portBase + 3);
  const issuer = process.env.ISSUER ?? `http://localhost:${portBase}`;
  const membersApi = process.env.MEMBERS_API ?? `http://localhost:${portBase + 1}`;
  createStorefront({ issuer, membersApi }).listen(port, "127.0.0.1", () => console.log(`Storefront on http://localhost:${port}`));
}
