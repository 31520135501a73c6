// The screening page: an answer that does not belong to the entries is never shown as if it did.
// Everything on the page can be done without this file.

const form = document.getElementById("screening");
const result = document.getElementById("result");
const ADDRESS = new URL(form.action).pathname;
const banner = document.getElementById("not-updated");
const peek = document.getElementById("peek");
const zone = document.getElementById("zone");
let typed = 0; // how often something was entered
let sent = 0; // what of it the request on the way knows

const SILENT = "The clinic's server does not answer. What stood here no longer belongs to your entries. They are still in the form: go on, or press Screen when the connection is back.";
const SIGNED_OUT = "Your session has ended. Your entries are still in the form. Sign in again in another tab, then come back to this one: ";

// --- Times: the zone of this machine is offered where none was named; it stands in the form.

if (zone && !zone.value) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";

function nowIn(timeZone) {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" })
      .formatToParts(new Date()).map((part) => [part.type, part.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}`;
}

for (const button of document.querySelectorAll("[data-now]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.now);
    try {
      field.value = nowIn(zone.value.trim());
    } catch {
      zone.focus(); // no zone of that name
      return;
    }
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// --- Updates

function setBusy(isBusy) {
  if (isBusy) result.setAttribute("aria-busy", "true");
  else result.removeAttribute("aria-busy");
}

function tell(sentence, link) {
  banner.textContent = sentence;
  if (link) banner.append(link);
  banner.hidden = false;
  result.hidden = true;
  if (peek) peek.hidden = true; // nor a word of it at the foot of a small screen
  setBusy(false);
}

function signedOut() {
  const link = document.createElement("a");
  link.href = "/sign-in/";
  link.target = "_blank";
  link.textContent = "sign in.";
  tell(SIGNED_OUT, link);
  addEventListener("focus", renew, { once: true });
}

async function renew() { // signing in elsewhere gave this browser another token
  const page = await fetch(ADDRESS, { cache: "no-store", redirect: "manual" }).catch(() => null);
  if (!page?.ok) return signedOut();
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("#screening [name=csrfmiddlewaretoken]");
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = fresh.value;
  form.dispatchEvent(new Event("input"));
}

function markFields() {
  for (const slot of form.querySelectorAll(".error[id$='-error']")) {
    const field = document.getElementById(slot.id.slice(0, -"-error".length));
    if (!field || field.matches("fieldset")) continue;
    if (slot.textContent.trim()) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}

function bindPrint() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}

if (form && result) {
  let isWhyOpen = false;
  form.addEventListener("input", () => { typed += 1; setBusy(true); });
  document.body.addEventListener("htmx:configRequest", () => { sent = typed; });
  document.body.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status !== 401) return;
    event.preventDefault(); // leaving for the sign-in page would lose every entry
    signedOut();
  });
  document.body.addEventListener("htmx:beforeSwap", () => {
    isWhyOpen = document.getElementById("why-ask")?.open ?? isWhyOpen;
  });
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { fragment, target } = event.detail;
    if (fragment.textContent.trim() === target.textContent.trim()) event.detail.shouldSwap = false;
  }); // the same sentence is not announced again at every letter typed
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== result) return;
    banner.hidden = true;
    result.hidden = false;
    if (peek) peek.hidden = false;
    setBusy(sent !== typed); // more was entered meanwhile: its answer is on the way
    if (isWhyOpen) document.getElementById("why-ask")?.setAttribute("open", "");
  });
  document.body.addEventListener("htmx:afterSettle", markFields);
  for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.body.addEventListener(failure, () => tell(SILENT));
  }
}
bindPrint();

// --- Pressing a button leaves this page, and with it the entries: not before somebody answers.

let isLeaving = false;

async function isAnswered() {
  try {
    const answer = await fetch(ADDRESS, { method: "HEAD", cache: "no-store", redirect: "manual" });
    if (answer.type === "opaqueredirect") signedOut();
    else if (!answer.ok) tell(SILENT);
    return answer.ok;
  } catch {
    tell(SILENT);
    return false;
  }
}

if (result) {
  for (const one of document.querySelectorAll("#screening, #pass")) {
    one.addEventListener("submit", async (event) => {
      if (isLeaving) return;
      event.preventDefault();
      const button = event.submitter;
      if (!(await isAnswered())) return banner.scrollIntoView({ block: "center" });
      isLeaving = true;
      one.requestSubmit(button);
    });
  }
  addEventListener("beforeunload", (event) => { if (typed && !isLeaving) event.preventDefault(); });
  addEventListener("pageshow", () => { isLeaving = false; });
}

// --- A question that leads to its field opens what it is folded into.

document.addEventListener("click", (event) => {
  const id = event.target.closest("#result a[href^='#']")?.hash.slice(1);
  const field = id && document.getElementById(id);
  if (!field) return;
  field.closest("details")?.setAttribute("open", "");
  (field.querySelector("input:checked") ?? field).focus({ preventScroll: true });
  field.scrollIntoView({ block: "center" });
  event.preventDefault();
});
