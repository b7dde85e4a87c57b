/** The members API refused or could not be reached. `code` is the API's own, `fields` maps a field to what is wrong with it. */
export class ApiError extends Error {
  constructor({ status = 0, code, message, requestId, fields = {} }) {
    super(message ?? code ?? `HTTP ${status}`);
    Object.assign(this, { status, code, requestId, fields });
  }
}

/**
 * The members API, as the signed-in person.
 *
 * @param base         where it is, without a slash at the end
 * @param accessToken  see tokens.mjs
 * @param language     returns the language that texts in answers should have
 */
export function membersApi({ base, accessToken, language, fetch = globalThis.fetch }) {
  return {
    /** The stored profile, or null when there is none yet. */
    loadProfile: async () => {
      const response = await call("GET");
      return response.status === 404 || response.status === 204 ? null : await response.json();
    },
    saveProfile: async (profile) => void (await call("POST", profile)),
  };

  async function call(method, body) {
    let token = await accessToken();
    let response = await send(method, body, token);
    if (response.status === 401) {
      // The token may have been withdrawn before its time. One replay with a fresh one, not more: the next 401 is an answer.
      token = await accessToken(token);
      response = await send(method, body, token);
    }
    if (response.ok || (method === "GET" && response.status === 404)) return response;
    throw await readError(response);
  }

  async function send(method, body, token) {
    try {
      return await fetch(`${base}/api/profile`, {
        method,
        headers: {
          Authorization: `Bearer ${token}`,
          "Accept-Language": language(),
          ...(body && { "Content-Type": "application/json" }),
        },
        body: body && JSON.stringify(body),
        cache: "no-store",
      });
    } catch (cause) {
      throw new ApiError({ code: "UNREACHABLE", message: cause.message });
    }
  }
}

async function readError(response) {
  const body = await response.json().catch(() => ({}));
  return new ApiError({
    status: response.status,
    code: body.code,
    message: body.error,
    requestId: body.requestId ?? response.headers.get("X-Request-Id") ?? undefined,
    fields: readFields(body.details?.fields),
  });
}

/** `{name: "…"}`, `{name: ["…"]}`, `[{field: "name", message: "…"}]` and `["name"]` all say that the name is wrong. */
export function readFields(fields) {
  const entries = Array.isArray(fields)
    ? fields.map((entry) => (typeof entry === "string" ? [entry, ""] : [entry.field ?? entry.name, entry.message ?? entry.error]))
    : Object.entries(fields ?? {});
  return Object.fromEntries(entries.map(([name, message]) => [name, String([message].flat()[0] ?? "")]));
}
