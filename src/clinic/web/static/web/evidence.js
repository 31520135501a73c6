// The pages of the evidence: what a reader had opened stays open when the answer changes.
// Everything on the page can be read without this file.

const answer = document.getElementById("result");
const opened = new Map();

function named(details) {
  return details.id || details.querySelector("summary")?.textContent.trim();
}

document.body.addEventListener("htmx:beforeSwap", () => {
  for (const details of answer.querySelectorAll("details")) opened.set(named(details), details.open);
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== answer) return;
  for (const details of answer.querySelectorAll("details")) {
    if (opened.get(named(details))) details.open = true;
  }
});
