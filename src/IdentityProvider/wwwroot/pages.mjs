// Comfort for the sign-in pages. Everything works without it.

const all = (selector) => document.querySelectorAll(selector);

// A form is sent once; a page that comes back from the browser's memory may send again.
for (const form of all("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter ?? form.querySelector("button[type=submit]");
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    button?.setAttribute("data-busy", "");
  });
}
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of all("form[data-once]")) delete form.dataset.sent;
  for (const button of all("[data-busy]")) button.removeAttribute("data-busy");
});

// The keypad for whoever begins with a digit or a plus, the keyboard for everyone else.
for (const field of all("[data-identifier]")) {
  field.addEventListener("input", () => {
    field.inputMode = /^\s*\+?[\d\s()-]*$/.test(field.value) && field.value !== "" ? "tel" : "email";
  });
}

// Shows and hides a password; focus and caret stay where they were.
for (const button of all("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const { selectionStart, selectionEnd } = field;
    const show = field.type === "password";
    field.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", String(show));
    field.setSelectionRange(selectionStart, selectionEnd);
  });
  field.form.addEventListener("submit", () => { field.type = "password"; });
}

// Six digits out of whatever was typed or pasted, and off with them, once for each code.
for (const field of all("[data-code]")) {
  const digits = (text) => text.normalize("NFKC").replace(/\D/g, "");
  // A wrong code stays where it was typed, to be corrected, and is not sent again by itself; this tab keeps it until the page is back.
  const wrong = field.getAttribute("aria-invalid") ? JSON.parse(sessionStorage.getItem("codes") ?? "[]") : [];
  sessionStorage.removeItem("codes");
  const tried = new Set(wrong);
  if (wrong.length > 0) {
    field.value = wrong.at(-1);
    field.select();
  }
  field.form.addEventListener("submit", () => {
    const code = digits(field.value);
    tried.delete(code);
    tried.add(code);
    sessionStorage.setItem("codes", JSON.stringify([...tried]));
  });
  field.addEventListener("input", (event) => {
    if (event.isComposing) return;
    const code = digits(field.value);
    if (field.value !== code && (code.length >= 6 || /[^\d\s]/.test(field.value))) field.value = code.slice(0, 6);
    if (code.length === 6 && !tried.has(code)) {
      field.value = code;
      field.form.requestSubmit();
    }
  });
  field.addEventListener("focus", () => { if (field.getAttribute("aria-invalid")) field.select(); });
}

// Counts down to when a new code may be asked for, from what the server said, and then shows the button; spoken at 30, 10 and 0 seconds only.
for (const hint of all("[data-countdown]")) {
  const button = hint.closest("form").querySelector("button");
  const time = hint.querySelector("time");
  const voice = document.querySelector("[data-announce]");
  const end = performance.now() + Number(hint.dataset.countdown) * 1000;
  button.hidden = true;
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left <= 0) {
      hint.hidden = true;
      button.hidden = false;
      button.form.classList.remove("waits");
      voice.textContent = button.textContent;
      return;
    }
    if (left < 100) {
      time.textContent = left === 1 ? hint.dataset.one : hint.dataset.many.replace("1000", left);
      if (left === 30 || left === 10) voice.textContent = hint.textContent;
    }
    setTimeout(tick, end - performance.now() - (left - 1) * 1000);
  };
  tick();
}

// Asks a few times whether the mail got through; trouble is said without a reload.
for (const notice of all("[data-mail]")) {
  const waits = [3, 5, 10, 20, 40, 80];
  const ask = async () => {
    try {
      const answer = await fetch(notice.dataset.mail, { redirect: "error" });
      if (answer.ok) {
        notice.textContent = await answer.text();
        notice.hidden = notice.textContent === "";
      }
    } catch {
      // Away for a moment; the next question may get through.
    }
    if (waits.length > 0) setTimeout(ask, waits.shift() * 1000);
  };
  setTimeout(ask, waits.shift() * 1000);
}

for (const button of all("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.dataset.ready = "";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
    document.querySelector("[data-announce]").textContent = button.dataset.copied;
  });
}

// Other colours without losing what was typed.
for (const link of all("[data-theme-choice]")) {
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    const choice = link.dataset.themeChoice;
    document.querySelector("meta[name=color-scheme]").content = choice === "auto" ? "light dark" : choice;
    document.documentElement.dataset.theme = choice;
    for (const other of all("[data-theme-choice]")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    await fetch(link.href, { method: "HEAD" });
  });
}

// Goes on once every application was told of the sign-out, or the slowest has had its time: a page has loaded when its frames have.
for (const link of all("[data-after-frames]")) {
  const goOn = () => location.replace(link.href);
  if (document.readyState === "complete") goOn();
  else {
    addEventListener("load", goOn, { once: true });
    setTimeout(goOn, 3000);
  }
}
