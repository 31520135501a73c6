// The page of a run: says when the server does not answer, so that nobody waits for old figures.
// Everything on the page can be read without this file: "Look again" asks for the newest figures.

const banner = document.getElementById("no-answer");
const SILENT = "The server does not answer: these figures may be old. The page goes on asking.";

function tell(sentence) {
  banner.textContent = sentence;
  banner.hidden = !sentence;
}

if (banner) {
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.body.addEventListener(failure, () => tell(SILENT));
  }
  document.body.addEventListener("htmx:afterSwap", () => tell(""));
}
