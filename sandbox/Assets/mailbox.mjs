// Shows new mail without reloading the page, so that what is open stays open. Without this module the page reloads itself.
const list = document.getElementById("mails");
const news = document.getElementById("news");

setInterval(refresh, 1500);
dress(document);

async function refresh() {
  if (document.hidden) return;
  let fresh;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("mails");
  } catch {
    return; // the sandbox restarts: the next turn finds it again
  }
  const arrived = [...fresh.querySelectorAll(".mail")].filter((mail) => !document.getElementById(mail.id));
  if (arrived.length === 0) return;

  list.querySelector(".empty")?.remove();
  for (const mail of arrived.reverse()) {
    mail.classList.add("arrived");
    dress(mail);
    list.prepend(mail);
  }
  const newest = list.firstElementChild.dataset.subject;
  news.textContent = arrived.length === 1 ? `New mail: ${newest}` : `${arrived.length} new mails, the newest: ${newest}`;
}

function dress(root) {
  for (const time of root.querySelectorAll("time")) {
    time.textContent = new Date(time.dateTime).toLocaleTimeString();
    time.title = new Date(time.dateTime).toLocaleString();
  }
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.parentElement.querySelector("[data-code]").textContent);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 1500);
    });
  }
}
