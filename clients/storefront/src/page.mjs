import { pickLanguage, say } from "./texts.mjs";

const $ = (id) => document.getElementById(id);

/** What is on the page now: kept as keys and values, so that it can be said again in the other language. */
let shown = { view: "loading" };
let working = false;

export let language = pickLanguage(localStorage.getItem("language"), navigator.languages);

export const text = (key, values) => (key ? say(language, key, values) : "");

/** Speaks the chosen language from now on. */
export function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  document.title = text("title");
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = text(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", text(element.dataset.label));
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", button.dataset.language === chosen);
    button.onclick = () => (localStorage.setItem("language", button.dataset.language), speak(button.dataset.language));
  }
  render();
}

/**
 * Changes what is shown: `view` (loading, signed-out, signed-in), `person` {name, email}, `news` and `note` (keys of texts), `saved` (when),
 * `held` {user, refreshedTimes}.
 */
export function show(changes) {
  shown = { ...shown, ...changes };
  render();
}

export const person = () => shown.person;

/**
 * Shows what went wrong and what to do: keys `title` and `text` with `values`, `also` as it is, `requestId`, `action` [key, function].
 * Takes the focus unless something nearer to the trouble has it.
 */
export function showProblem(problem) {
  shown.problem = problem;
  render();
  if (problem && !problem.keepFocus) $("problem").focus();
}

/** Runs one thing at a time: while it runs, buttons do nothing, but keep the focus. */
export async function whileBusy(work, key) {
  if (working) return;
  setBusy(true, key);
  try {
    await work();
  } finally {
    setBusy(false);
  }
}

function setBusy(yes, key) {
  working = yes;
  for (const button of document.querySelectorAll("main button, #sign-out")) button.setAttribute("aria-disabled", yes);
  $("save").textContent = text(key ?? "save");
}


function render() {
  for (const view of ["loading", "signed-out", "signed-in"]) $(view).hidden = shown.view !== view;
  $("who").hidden = shown.view !== "signed-in";

  const name = shown.person?.name || shown.person?.email || "";
  $("person").textContent = name;
  $("initial").textContent = [...name.trim()][0]?.toUpperCase() ?? "";
  $("hello").textContent = name ? text("hello", { name }) : text("helloNobody");
  $("news").textContent = text(shown.news);
  $("note").textContent = text(shown.note);
  $("note").hidden = !shown.note;
  $("saved").textContent = shown.saved ? text("saved", { time: shown.saved.toLocaleTimeString(language) }) : "";
  if (shown.held) renderHeld(shown.held);
  renderProblem(shown.problem);
}

function renderHeld({ user, refreshedTimes }) {
  $("detail-subject").textContent = user.profile.sub;
  $("detail-scope").textContent = user.scope;
  $("detail-expires").textContent = new Date(user.expires_at * 1000).toLocaleTimeString(language);
  $("detail-refreshed").textContent = refreshedTimes;
}

function renderProblem(problem) {
  $("problem").hidden = !problem;
  if (!problem) return;
  $("problem-title").textContent = text(problem.title);
  $("problem-text").textContent = [text(problem.text, problem.values), problem.also].filter(Boolean).join(" ");
  $("problem-reference").textContent = problem.requestId ? text("reference", problem) : "";
  $("problem-reference").hidden = !problem.requestId;
  $("problem-action").hidden = !problem.action;
  $("problem-action").textContent = text(problem.action?.[0]);
  $("problem-action").onclick = () => (showProblem(null), problem.action[1]());
  $("problem-dismiss").onclick = () => (showProblem(null), $("main").focus());
}
