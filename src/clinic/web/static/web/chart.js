// The predict page: a read-out under the pointer and the arrow keys, and honest updates.
// Everything on the page can be read without this file.

const result = document.getElementById("result");
const form = document.getElementById("regimen");
const banner = document.getElementById("not-updated");
const SVG = "http://www.w3.org/2000/svg";

// --- Updates: a picture that does not belong to the entries is never shown as if it did.

function setBusy(isBusy) {
  if (isBusy) result.setAttribute("aria-busy", "true");
  else result.removeAttribute("aria-busy");
}

function tell(sentence) {
  banner.textContent = sentence;
  banner.hidden = false;
  result.hidden = true;
  setBusy(false);
}

function settle(isCurrent) {
  banner.hidden = true;
  banner.textContent = "";
  result.hidden = false;
  setBusy(!isCurrent); // more was typed meanwhile: its answer is on the way
}

function answers(address) {
  const entries = new URLSearchParams(new FormData(form)).toString();
  return new URL(address, location.href).searchParams.toString() === entries;
}

function markFields() {
  for (const slot of form.querySelectorAll(".error")) {
    const field = document.getElementById(slot.id.replace(/-error$/, ""));
    if (slot.textContent.trim()) field.closest("details")?.setAttribute("open", "");
    if (field.matches("fieldset")) continue;
    if (slot.textContent.trim()) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}

function focusFirstError() {
  const slot = [...form.querySelectorAll(".error")].find((one) => one.textContent.trim());
  if (slot) document.getElementById(slot.id.replace(/-error$/, "")).focus();
}

function abortPending() {
  for (let n = 0; n < 2; n += 1) { // the one under way, then the one that waited behind it
    form.dispatchEvent(new CustomEvent("htmx:abort", { bubbles: true, detail: {} }));
  }
}

const FAILED = "Not updated: the server did not answer. The picture was taken away, since it may not belong to the entries. Draw again when the connection is back.";
const SIGNED_OUT = "Not updated: you are signed out. Reload the page to sign in again; the entries are kept in its address.";

// Effects come after the levels and take nothing of them away when they fail.
const NO_EFFECTS = "The effects could not be fetched. The levels above stand. Draw again when the connection is back.";

function isOfEffects(event) {
  return event.target.id === "effects-part" || event.detail?.elt?.id === "effects-part";
}

function withoutEffects(event, sentence) {
  const held = document.getElementById("effects-part");
  if (!held) return;
  const told = document.createElement("p");
  told.className = "refusal";
  told.setAttribute("role", "alert");
  told.textContent = sentence;
  held.replaceChildren(told);
}

if (form && result) {
  let wasAsked = false; // by the button or the Enter key, not by typing alone
  let wasRefused = false; // and was asked for
  let areTablesOpen = false;
  form.addEventListener("submit", () => { wasAsked = true; abortPending(); }, { capture: true });
  form.addEventListener("input", () => setBusy(true));
  document.body.addEventListener("htmx:beforeRequest", (event) => { if (!isOfEffects(event)) setBusy(true); });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (isOfEffects(event)) {
      event.detail.shouldSwap = new URL(event.detail.xhr.responseURL, location.href).pathname.endsWith("/effects/");
      if (!event.detail.shouldSwap) withoutEffects(event, SIGNED_OUT);
      return;
    }
    areTablesOpen = document.getElementById("tables")?.open ?? areTablesOpen;
    const answered = new URL(event.detail.xhr.responseURL, location.href);
    if (answered.pathname === location.pathname) return;
    event.detail.shouldSwap = false;
    tell(SIGNED_OUT);
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== result) return;
    settle(answers(event.detail.xhr.responseURL));
    if (areTablesOpen) document.getElementById("tables")?.setAttribute("open", "");
    wasRefused = wasAsked && event.detail.xhr.status === 422;
    if (wasAsked && !wasRefused && result.getBoundingClientRect().top > innerHeight / 2) result.scrollIntoView();
    wasAsked = false;
  });
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { fragment, target } = event.detail;
    if (fragment.textContent.trim() === target.textContent.trim()) event.detail.shouldSwap = false;
  }); // the same sentence is not announced again at every letter typed
  document.body.addEventListener("htmx:afterSettle", () => {
    markFields();
    if (wasRefused) focusFirstError();
    wasRefused = false;
  });
  window.addEventListener("online", () => {
    if (!banner.hidden) form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout", "htmx:swapError"]) {
    document.body.addEventListener(failure, (event) => {
      if (isOfEffects(event)) withoutEffects(event, NO_EFFECTS);
      else tell(FAILED);
    });
  }
}

// --- The read-out: all curves at one time, chosen with the pointer or the arrow keys.

function numbers() {
  const held = document.getElementById("series");
  return held ? JSON.parse(held.dataset.numbers) : null; // an attribute: htmx takes scripts away
}

function shownChart() {
  return [...document.querySelectorAll(".chart")].find((chart) => chart.getClientRects().length);
}

function nearest(minutes, wanted) {
  let best = 0;
  for (let n = 1; n < minutes.length; n += 1) {
    if (Math.abs(minutes[n] - wanted) < Math.abs(minutes[best] - wanted)) best = n;
  }
  return best;
}

function geometry(chart) {
  const { left, right, top, bottom, last } = chart.dataset;
  return { left: +left, right: +right, top: +top, bottom: +bottom, last: +last };
}

function drawRule(chart, minutes) {
  const plot = geometry(chart);
  const x = plot.left + (minutes / plot.last) * (plot.right - plot.left);
  let rule = chart.querySelector(".rule");
  if (!rule) rule = chart.insertBefore(document.createElementNS(SVG, "line"), chart.querySelector(".item"));
  rule.setAttribute("class", "rule");
  for (const [name, value] of Object.entries({ x1: x, x2: x, y1: plot.top, y2: plot.bottom })) {
    rule.setAttribute(name, value.toFixed(1));
  }
}

function readOut(chart, held, n, key) {
  const output = document.getElementById("readout");
  const pieces = held.curves
    .filter((curve) => !key || curve.key === key)
    .map((curve) => `${curve.name} ${curve.levels[n]} ng/mL${curve.spans[n] ? ` (${curve.spans[n]})` : ""}`);
  const told = pieces.some((piece) => piece.endsWith(")")) ? ["in brackets: 5th to 95th percentile"] : [];
  const spans = [`At ${held.times[n]}, predicted:`, ...pieces, ...told].map((words) => {
    const span = document.createElement("span");
    span.textContent = words;
    return span;
  });
  output.replaceChildren(...spans);
  output.hidden = false;
  chart.dataset.at = n;
  drawRule(chart, held.minutes[n]);
}

function followPointer(event) {
  const chart = event.target.closest?.(".chart");
  const held = chart && numbers();
  if (!held) return;
  const plot = geometry(chart);
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(chart.getScreenCTM().inverse());
  if (at.x < plot.left || at.x > plot.right) return;
  const minutes = ((at.x - plot.left) / (plot.right - plot.left)) * plot.last;
  readOut(chart, held, nearest(held.minutes, minutes), "");
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity };

function followKeys(event) {
  const curve = event.target.closest?.(".curve");
  const held = curve && event.key in STEPS && numbers();
  if (!held) return;
  event.preventDefault();
  const chart = curve.closest(".chart");
  const from = Number(chart.dataset.at ?? 0);
  const to = Math.min(Math.max(from + STEPS[event.key], 0), held.minutes.length - 1);
  readOut(chart, held, to, curve.dataset.key);
}

// --- The tables: "t" opens them while the focus is in the result; print always holds them.

function openTables(event) {
  if (event.key !== "t" || event.ctrlKey || event.metaKey || event.altKey) return;
  const tables = document.getElementById("tables");
  if (!tables || !result.contains(document.activeElement)) return;
  tables.open = !tables.open;
  tables.querySelector("summary").focus();
}

function clearRule(event) {
  if (event.pointerType === "touch") return; // a lifted finger leaves what it chose to be read
  if (event.relatedTarget?.closest?.(".chart")) return;
  shownChart()?.querySelector(".rule")?.remove();
}

if (result) {
  result.addEventListener("pointermove", followPointer);
  result.addEventListener("pointerdown", followPointer);
  result.addEventListener("pointerout", clearRule);
  result.addEventListener("keydown", followKeys);
  document.addEventListener("keydown", openTables);
  window.addEventListener("beforeprint", () => document.getElementById("tables")?.setAttribute("open", ""));
}
