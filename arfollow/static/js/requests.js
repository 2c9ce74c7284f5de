// What becomes of a request of htmx: its place is busy until the answer is there, and an answer that never comes is told in words.
(() => {
  document.addEventListener("htmx:beforeRequest", (event) => {
    event.detail.target?.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    event.detail.target?.removeAttribute("aria-busy");
    if (event.detail.successful) document.querySelector("[data-lost]")?.remove();
  });

  // Once, however often a page that looks by itself asks again. What was to be changed may have been changed all the same.
  function tell(event) {
    const place = document.getElementById("notices");
    const reads = event.detail.requestConfig?.verb === "get";
    if (!place || (reads && place.querySelector("[data-lost]"))) return;
    place.querySelector("[data-lost]")?.remove();
    const notice = document.getElementById(reads ? "lost-reading" : "lost-writing").content.cloneNode(true);
    notice.firstElementChild.dataset.lost = "";
    place.append(notice);
    if (!reads) place.lastElementChild.scrollIntoView({ block: "nearest" });
  }

  for (const failure of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(failure, tell);

  // A failure that is not in this program's words comes from something in between, and belongs nowhere on the page.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 500 || xhr.getResponseHeader("HX-Retarget")) return;
    event.detail.shouldSwap = false;
    tell(event);
  });

  // A refusal is put at the top of the page: show it to somebody who has scrolled away.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "notices") {
      event.detail.target.lastElementChild?.scrollIntoView({ block: "nearest" });
    }
  });
})();
