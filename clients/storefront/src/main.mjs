import { ForeignAnswer } from "./checks.mjs";
import { membersApi } from "./members.mjs";
import { language, person, show, showProblem, speak, text, whileBusy } from "./page.mjs";
import { fillForm, halfTyped, readForm, showErrors } from "./profile.mjs";
import { createSession } from "./session.mjs";
import { SessionEnded } from "./tokens.mjs";

const form = document.getElementById("profile");
const config = await fetch("/config.json").then((response) => response.json());
const session = createSession(config);
const members = membersApi({ base: config.membersApi, accessToken: session.accessToken, language: () => language });

document.getElementById("sign-in").addEventListener("click", signIn);
document.getElementById("sign-out").addEventListener("click", signOut);
form.addEventListener("submit", (event) => (event.preventDefault(), save()));
// The browser's Back button brings the page back as it was left: busy leaving.
addEventListener("pageshow", (event) => event.persisted && location.reload());

speak(language);
await start();

async function start() {
  let refusal;
  if (location.pathname === "/callback") {
    refusal = await session.finishSignIn().catch((error) => error);
    history.replaceState(null, "", "/"); // the code is spent, and has no business in the history
  }
  if (await session.user()) {
    show({ view: "signed-in", person: await session.person() });
    return load();
  }
  const left = sessionStorage.getItem("leaving");
  sessionStorage.removeItem("leaving");
  show({ view: "signed-out", news: left ? "signedOut" : null });
  if (refusal) showProblem(signInProblem(refusal));
}

function signIn() {
  return whileBusy(() => session.signIn(language).catch((error) => showProblem(signInProblem(error))));
}

function signOut() {
  return whileBusy(async () => {
    sessionStorage.setItem("leaving", "yes");
    await session.signOut(language).catch(() => {
      sessionStorage.removeItem("leaving");
      showProblem({ title: "problemProvider", text: "problemOffline", action: ["retry", signOut] });
    });
  });
}

async function load() {
  form.hidden = true;
  show({ note: "loadingProfile" });
  try {
    const profile = await members.loadProfile();
    const draft = JSON.parse(sessionStorage.getItem("draft"));
    sessionStorage.removeItem("draft");
    const { name, email } = person();
    fillForm(form, draft ?? profile ?? { name, email });
    show({ note: draft ? "draft" : profile ? null : "noProfile" });
    form.hidden = false;
    show({ held: await session.held() });
  } catch (error) {
    show({ note: null });
    await explain(error, "problemLoad", load);
  }
}

function save() {
  return whileBusy(async () => {
    showProblem(null);
    const incomplete = halfTyped(form);
    showErrors(form, Object.fromEntries(incomplete.map((field) => [field, text("badDate")])));
    if (incomplete.length > 0) return;
    show({ saved: null });
    try {
      await members.saveProfile(readForm(form));
      show({ saved: new Date(), note: null, held: await session.held() });
    } catch (error) {
      await explain(error, "problemSave", save);
    }
  }, "saving");
}

/** What went wrong with the members API, and what to do now. */
async function explain(error, title, retry) {
  const { code, status, requestId, fields } = error;
  const action = ["retry", retry];
  if (error instanceof SessionEnded) {
    // Signing in leaves this page: what was typed waits for the person to come back.
    if (!form.hidden) sessionStorage.setItem("draft", JSON.stringify(readForm(form)));
    await session.forget();
    show({ view: "signed-out" });
    return showProblem({ title: "problemEnded", text: "problemEndedText", action: ["again", signIn] });
  }
  if (status === undefined) return showProblem({ title: "problemProvider", text: "problemOffline", action });
  if (code === "UNREACHABLE") return showProblem({ title: "problemMembers", text: "problemOffline", action });
  if (Object.keys(fields).length > 0) {
    const sentences = Object.entries(fields).map(([field, sentence]) => [field, sentence || text("badField")]);
    const elsewhere = showErrors(form, Object.fromEntries(sentences)).join(" ");
    return showProblem({ title, text: "checkFields", also: elsewhere, requestId, keepFocus: !elsewhere });
  }
  const known = status === 403 ? "problemNotAllowed" : status === 429 || status >= 500 ? "problemBusy" : null;
  showProblem({ title, text: known, also: known ? null : error.message, requestId, action });
}

/** Why signing in did not work: the provider's refusal (RFC 6749 §4.1.2.1), or something nearer. */
function signInProblem(failure) {
  const action = ["again", signIn];
  const { error, error_description: also, message } = failure;
  if (error === "access_denied") return { title: "problemDenied", text: "problemDeniedText", action };
  if (error) return { title: "problemSignIn", text: "problemRefused", values: { error }, also, action };
  if (/^No (matching )?state/.test(message)) return { title: "problemStale", text: "problemStaleText", action };
  const foreign = failure instanceof ForeignAnswer || /does not match|mismatch/.test(message);
  if (foreign) return { title: "problemForeign", text: "problemForeignText", action };
  return { title: "problemProvider", text: "problemOffline", action };
}
